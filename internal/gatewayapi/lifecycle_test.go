package gatewayapi_test

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// G4: a Gateway that is not accepted does not exist for DNS. Other conditions do not matter.
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
		f := fixture.New(t, "resources Ingress HTTPRoute", fixture.AnIngress("*.example.com", "192.0.2.99"), fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
status: {addresses: [{value: 192.0.2.1}], conditions: [%s]}
`, conditions), fixture.ARoute("HTTPRoute", "web", "gw", "web.example.com"))
		if want {
			f.Ask(fixture.A("web.example.com.", "192.0.2.1"))
		} else {
			f.Ask(fixture.A("web.example.com.", "192.0.2.99")) // Z13
		}
		if t.Failed() {
			t.Fatalf("conditions: [%s]", conditions)
		}
	}
}

// G4: `gatewayClasses` leaves out Gateways of other classes.
func TestGatewayClasses(t *testing.T) {
	for classes, want := range map[string]bool{"public": true, "private public": true, "private": false, "Public": false} {
		f := fixture.New(t, "resources HTTPRoute\ngatewayClasses "+classes, fixture.AGateway("gw", "192.0.2.1"), fixture.ARoute("HTTPRoute", "web", "gw", "web.example.com"))
		if want {
			f.Ask(fixture.A("web.example.com.", "192.0.2.1"))
		} else {
			f.Ask(fixture.NXDomain("web.example.com.", dns.TypeA))
		}
	}
}

// G4, G6, Z12, Z13: routes follow their Gateway, whichever comes first: it appears, moves, is pending,
// is refused and goes away.
func TestGatewayLifecycle(t *testing.T) {
	for _, kind := range []string{"HTTPRoute", "TLSRoute", "GRPCRoute"} {
		f := fixture.New(t, "resources "+kind+" Ingress", fixture.AnIngress("*.example.com", "192.0.2.99"), fixture.ARoute(kind, "web", "gw", "web.example.com", "*.wild.example.com"))
		wildcard := func() { t.Helper(); f.Ask(fixture.A("web.example.com.", "192.0.2.99")) }
		wildcard()

		f.Apply(fixture.AGateway("gw"))
		f.Ask(fixture.NXDomain("web.example.com.", dns.TypeA), fixture.NXDomain("x.wild.example.com.", dns.TypeA))
		f.Apply(fixture.AGateway("gw", "192.0.2.1"))
		f.Ask(fixture.A("web.example.com.", "192.0.2.1"), fixture.A("x.wild.example.com.", "192.0.2.1"))
		f.Apply(fixture.AGateway("gw", "192.0.2.2", "2001:db8::2"))
		f.Ask(fixture.A("web.example.com.", "192.0.2.2"), fixture.AAAA("web.example.com.", "2001:db8::2"), fixture.A("x.wild.example.com.", "192.0.2.2"))
		f.Apply(fixture.AGateway("gw"))
		f.Ask(fixture.NXDomain("web.example.com.", dns.TypeA))
		f.Apply(fixture.AGateway("gw", "192.0.2.3"))
		f.Ask(fixture.A("web.example.com.", "192.0.2.3"))
		f.Apply(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
status: {addresses: [{value: 192.0.2.3}], conditions: [{type: Accepted, status: "False"}]}
`)
		wildcard()
		f.Apply(fixture.AGateway("gw", "192.0.2.4"))
		f.Ask(fixture.A("web.example.com.", "192.0.2.4"))
		f.Remove(fixture.AGateway("gw"))
		wildcard()
		f.Apply(fixture.AGateway("gw", "192.0.2.5"))
		f.Ask(fixture.A("web.example.com.", "192.0.2.5"))
		f.Remove(fixture.ARoute(kind, "web", "gw"))
		wildcard()
	}
}

// G6: a Gateway gains and loses listeners for the same names: one listener is enough.
func TestListenersComeAndGo(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute", fixture.ARoute("HTTPRoute", "web", "gw", "web.example.com"))
	one, two := fixture.AListener("gw", "", "192.0.2.1"), fixture.AGateway("gw", "192.0.2.1")
	for _, gateways := range [][]string{{one, two}, {two, one}, {one, two, one, two}} {
		for _, gw := range gateways {
			f.Apply(gw)
			f.Ask(fixture.A("web.example.com.", "192.0.2.1"))
		}
		f.Remove(fixture.ARoute("HTTPRoute", "web", "gw"))
		f.Ask(fixture.NXDomain("web.example.com.", dns.TypeA))
		f.Apply(fixture.ARoute("HTTPRoute", "web", "gw", "web.example.com"))
		f.Ask(fixture.A("web.example.com.", "192.0.2.1"))
		f.Remove(one)
		f.Ask(fixture.NXDomain("web.example.com.", dns.TypeA))
	}
}

// G5: a listener that changes its host takes its routes along.
func TestListenerChanges(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute", fixture.AListener("gw", "one.example.com", "192.0.2.1"), fixture.ARoute("HTTPRoute", "web", "gw"))
	f.Ask(fixture.A("one.example.com.", "192.0.2.1"), fixture.NXDomain("two.example.com.", dns.TypeA))
	f.Apply(fixture.AListener("gw", "two.example.com", "192.0.2.2"))
	f.Ask(fixture.A("two.example.com.", "192.0.2.2"), fixture.NXDomain("one.example.com.", dns.TypeA))
}

// G1, G5: a route that changes its hosts or its parent.
func TestRouteChanges(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("one", "192.0.2.1"), fixture.AGateway("two", "192.0.2.2"), fixture.ARoute("HTTPRoute", "web", "one", "web.example.com"))
	f.Ask(fixture.A("web.example.com.", "192.0.2.1"))
	f.Apply(fixture.ARoute("HTTPRoute", "web", "two", "web.example.com", "more.example.com"))
	f.Ask(fixture.A("web.example.com.", "192.0.2.2"), fixture.A("more.example.com.", "192.0.2.2"))
	f.Apply(fixture.ARoute("HTTPRoute", "web", "two", "more.example.com"))
	f.Ask(fixture.NXDomain("web.example.com.", dns.TypeA), fixture.A("more.example.com.", "192.0.2.2"))
}
