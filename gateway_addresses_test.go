package gateway

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// G6: addresses are those of the status with no type or type IPAddress. A custom type is ignored, and an
// address beats a host name.
func TestGatewayAddresses(t *testing.T) {
	for status, want := range map[string][]string{
		`{value: 192.0.2.1}`:                                                {"192.0.2.1"},
		`{type: IPAddress, value: 192.0.2.1}`:                               {"192.0.2.1"},
		`{value: 192.0.2.1}, {type: IPAddress, value: 192.0.2.2}`:           {"192.0.2.1", "192.0.2.2"},
		`{value: 192.0.2.1}, {value: 192.0.2.1}`:                            {"192.0.2.1"},
		`{type: example.com/address, value: 192.0.2.9}, {value: 192.0.2.1}`: {"192.0.2.1"},
		`{type: NamedAddress, value: 192.0.2.9}, {value: 192.0.2.1}`:        {"192.0.2.1"},
		`{type: Hostname, value: lb.example.net}, {value: 192.0.2.1}`:       {"192.0.2.1"},
		`{type: example.com/address, value: 192.0.2.9}`:                     nil,
		`{type: NamedAddress, value: 192.0.2.9}`:                            nil,
		`{type: Hostname, value: 192.0.2.9}`:                                nil,
		`{value: lb.example.net}`:                                           nil,
		``:                                                                  nil,
	} {
		f := newFixture(t, "resources HTTPRoute", fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  gatewayClassName: public
  listeners: [{name: http, port: 80, protocol: HTTP}]
  addresses: [{value: 192.0.2.99}, {type: Hostname, value: spec.example.net}]
status: {addresses: [%s]}
`, status), aRoute("HTTPRoute", "web", "gw", "web.example.com"))
		if want == nil {
			f.ask(nxdomain("web.example.com.", dns.TypeA))
		} else {
			f.ask(a("web.example.com.", want...))
		}
		if t.Failed() {
			t.Fatalf("addresses: [%s]", status)
		}
	}
}

// G6: IPv4 and IPv6 addresses of a Gateway.
func TestGatewayFamilies(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aGateway("gw", "2001:db8::1", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "web.example.com"))
	f.ask(
		a("web.example.com.", "192.0.2.1"),
		aaaa("web.example.com.", "2001:db8::1"),
		nodata("web.example.com.", dns.TypeTXT),
	)
}

// G6: a Gateway that is reached through several listeners, parents or routes gives its addresses once.
func TestGatewayOnce(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aGateway("gw", "192.0.2.1", "192.0.2.2"), `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default}
spec: {hostnames: [web.example.com, WEB.example.com], parentRefs: [{name: gw, sectionName: http}, {name: gw, sectionName: tls}, {name: gw}]}
`, aRoute("HTTPRoute", "other", "gw", "web.example.com"))
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"))
}

// G6: several Gateways are one union, whether one route refers to them or several do.
func TestGatewayUnion(t *testing.T) {
	both := `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default}
spec: {hostnames: [web.example.com], parentRefs: [{name: one}, {name: two}, {name: three}]}
`
	for _, routes := range []string{both, aRoute("HTTPRoute", "a", "one", "web.example.com") + aRoute("HTTPRoute", "b", "two", "web.example.com")} {
		f := newFixture(t, "resources HTTPRoute", aGateway("one", "192.0.2.1"), aGateway("two", "192.0.2.2", "192.0.2.1"), aGateway("three"), routes)
		f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"))
		f.remove(aGateway("two"))
		f.ask(a("web.example.com.", "192.0.2.1"))
		f.remove(aGateway("one"))
		f.ask(nxdomain("web.example.com.", dns.TypeA))
	}
}

// G6: only the Gateways that serve a name give it addresses.
func TestGatewayHostsStayApart(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aListener("one", "one.example.com", "192.0.2.1"), aListener("two", "two.example.com", "192.0.2.2"), `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default}
spec: {hostnames: ["*.example.com"], parentRefs: [{name: one}, {name: two}]}
`)
	f.ask(
		a("one.example.com.", "192.0.2.1"),
		a("two.example.com.", "192.0.2.2"),
		nxdomain("three.example.com.", dns.TypeA),
	)
}
