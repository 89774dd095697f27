package gateway

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// G4: a Gateway that is not accepted is not there. Other conditions play no part.
func TestGatewayAccepted(t *testing.T) {
	for conditions, want := range map[string]bool{
		``:                                    true,
		`{type: Accepted, status: "True"}`:    true,
		`{type: Accepted, status: Unknown}`:   true,
		`{type: Accepted, status: "False"}`:   false,
		`{type: Programmed, status: "False"}`: true,
		`{type: Accepted, status: "True"}, {type: Programmed, status: "False"}`: true,
		`{type: Programmed, status: "True"}, {type: Accepted, status: "False"}`: false,
	} {
		f := newFixture(t, "resources Ingress HTTPRoute", anIngress("*.example.com", "192.0.2.99"), fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
status: {addresses: [{value: 192.0.2.1}], conditions: [%s]}
`, conditions), aRoute("HTTPRoute", "web", "gw", "web.example.com"))
		if want {
			f.ask(a("web.example.com.", "192.0.2.1"))
		} else {
			f.ask(a("web.example.com.", "192.0.2.99")) // Z13
		}
		if t.Failed() {
			t.Fatalf("conditions: [%s]", conditions)
		}
	}
}

// G4: `gatewayClasses` leaves out Gateways of other classes.
func TestGatewayClasses(t *testing.T) {
	for classes, want := range map[string]bool{"public": true, "private public": true, "private": false, "Public": false} {
		f := newFixture(t, "resources HTTPRoute\ngatewayClasses "+classes, aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "web.example.com"))
		if want {
			f.ask(a("web.example.com.", "192.0.2.1"))
		} else {
			f.ask(nxdomain("web.example.com.", dns.TypeA))
		}
	}
}

// G4, G6, Z12, Z13: routes follow their Gateway, whichever comes first: it appears, moves, is pending,
// is refused and goes away.
func TestGatewayLifecycle(t *testing.T) {
	for _, kind := range []string{"HTTPRoute", "TLSRoute", "GRPCRoute"} {
		f := newFixture(t, "resources "+kind+" Ingress", anIngress("*.example.com", "192.0.2.99"), aRoute(kind, "web", "gw", "web.example.com", "*.wild.example.com"))
		wildcard := func() { t.Helper(); f.ask(a("web.example.com.", "192.0.2.99")) }
		wildcard()

		f.apply(aGateway("gw"))
		f.ask(nxdomain("web.example.com.", dns.TypeA), nxdomain("x.wild.example.com.", dns.TypeA))
		f.apply(aGateway("gw", "192.0.2.1"))
		f.ask(a("web.example.com.", "192.0.2.1"), a("x.wild.example.com.", "192.0.2.1"))
		f.apply(aGateway("gw", "192.0.2.2", "2001:db8::2"))
		f.ask(a("web.example.com.", "192.0.2.2"), aaaa("web.example.com.", "2001:db8::2"), a("x.wild.example.com.", "192.0.2.2"))
		f.apply(aGateway("gw"))
		f.ask(nxdomain("web.example.com.", dns.TypeA))
		f.apply(aGateway("gw", "192.0.2.3"))
		f.ask(a("web.example.com.", "192.0.2.3"))
		f.apply(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
status: {addresses: [{value: 192.0.2.3}], conditions: [{type: Accepted, status: "False"}]}
`)
		wildcard()
		f.apply(aGateway("gw", "192.0.2.4"))
		f.ask(a("web.example.com.", "192.0.2.4"))
		f.remove(aGateway("gw"))
		wildcard()
		f.apply(aGateway("gw", "192.0.2.5"))
		f.ask(a("web.example.com.", "192.0.2.5"))
		f.remove(aRoute(kind, "web", "gw"))
		wildcard()
	}
}

// G6: a Gateway gains and loses listeners for the same names: one stays enough.
func TestListenersComeAndGo(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aRoute("HTTPRoute", "web", "gw", "web.example.com"))
	one, two := aListener("gw", "", "192.0.2.1"), aGateway("gw", "192.0.2.1")
	for _, gateways := range [][]string{{one, two}, {two, one}, {one, two, one, two}} {
		for _, gw := range gateways {
			f.apply(gw)
			f.ask(a("web.example.com.", "192.0.2.1"))
		}
		f.remove(aRoute("HTTPRoute", "web", "gw"))
		f.ask(nxdomain("web.example.com.", dns.TypeA))
		f.apply(aRoute("HTTPRoute", "web", "gw", "web.example.com"))
		f.ask(a("web.example.com.", "192.0.2.1"))
		f.remove(one)
		f.ask(nxdomain("web.example.com.", dns.TypeA))
	}
}

// G5: a listener that changes its host takes its routes along.
func TestListenerChanges(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aListener("gw", "one.example.com", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw"))
	f.ask(a("one.example.com.", "192.0.2.1"), nxdomain("two.example.com.", dns.TypeA))
	f.apply(aListener("gw", "two.example.com", "192.0.2.2"))
	f.ask(a("two.example.com.", "192.0.2.2"), nxdomain("one.example.com.", dns.TypeA))
}

// G1, G5: a route that changes its hosts or its parent.
func TestRouteChanges(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aGateway("one", "192.0.2.1"), aGateway("two", "192.0.2.2"), aRoute("HTTPRoute", "web", "one", "web.example.com"))
	f.ask(a("web.example.com.", "192.0.2.1"))
	f.apply(aRoute("HTTPRoute", "web", "two", "web.example.com", "more.example.com"))
	f.ask(a("web.example.com.", "192.0.2.2"), a("more.example.com.", "192.0.2.2"))
	f.apply(aRoute("HTTPRoute", "web", "two", "more.example.com"))
	f.ask(nxdomain("web.example.com.", dns.TypeA), a("more.example.com.", "192.0.2.2"))
}
