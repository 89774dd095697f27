package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// W5: a route's host may lie above the zone, and still matches the names in it, but no others.
func TestWildcardAboveZone(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "*.com", "*.net")).chain()
	f.ask(
		a("www.example.com.", "192.0.2.1"),
		a("x.y.example.com.", "192.0.2.1"),
		next("www.example.net.", dns.TypeA),
		next("www.example.org.", dns.TypeA),
		next("com.", dns.TypeA),
	)
	f.remove(aRoute("HTTPRoute", "web", "gw"))
	f.ask(nxdomain("www.example.com.", dns.TypeA))
}

// W5: the same for a listener's host, and for what the two have in common.
func TestListenerAboveZone(t *testing.T) {
	gateway := aListener("gw", "*.example.com", "192.0.2.1")
	for _, route := range []string{
		aRoute("HTTPRoute", "web", "gw"),
		aRoute("HTTPRoute", "web", "gw", "*.com"),
		aRoute("HTTPRoute", "web", "gw", "*.example.com"),
		aRoute("HTTPRoute", "web", "gw", "*.b.example.com"),
		aRoute("HTTPRoute", "web", "gw", "*.a.b.example.com"),
	} {
		f := newFixture(t, "k8s_gateway a.b.example.com {\nresources HTTPRoute\n}", gateway, route)
		f.ask(a("www.a.b.example.com.", "192.0.2.1"), a("x.y.a.b.example.com.", "192.0.2.1"))
		f.remove(route)
		f.ask(test.Case{Qname: "www.a.b.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf("a.b.example.com.")})
	}
}

// W5, W3: a DNS wildcard above the zone belongs to a zone that is not ours.
func TestDNSWildcardAboveZone(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint")
	if f.moves("example.com", func() { f.apply(anEndpoint("*.com", "A", "192.0.2.1")) }) {
		t.Error("moves the serial")
	}
	f.ask(nxdomain("www.example.com.", dns.TypeA))
}
