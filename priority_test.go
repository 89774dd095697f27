package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// Z14: the first kind in the order of `resources` that has an address answers alone.
func TestKindPriority(t *testing.T) {
	manifests := []string{
		anIngress("web.example.com", "192.0.2.1"),
		aService("web", "web.example.com", "192.0.2.2"),
		anEndpoint("web.example.com", "A", "192.0.2.3"),
		aGateway("gw", "192.0.2.4"), aRoute("HTTPRoute", "web", "gw", "web.example.com"),
		aNode("web", "192.0.2.5"),
	}
	for resources, addr := range map[string]string{
		"Ingress Service DNSEndpoint HTTPRoute Node": "192.0.2.1",
		"Service Ingress DNSEndpoint HTTPRoute Node": "192.0.2.2",
		"DNSEndpoint Service HTTPRoute Node Ingress": "192.0.2.3",
		"HTTPRoute DNSEndpoint Service Node Ingress": "192.0.2.4",
		"Node HTTPRoute DNSEndpoint Service Ingress": "192.0.2.5",
	} {
		f := newFixture(t, "resources "+resources, manifests...)
		f.ask(a("web.example.com.", addr))
		for i := len(manifests) - 1; i >= 0; i-- {
			f.remove(manifests[i])
		}
		f.ask(nxdomain("web.example.com.", dns.TypeA))
	}
}

// Z14: the next kind answers once the first has no address left.
func TestPriorityMovesOn(t *testing.T) {
	f := newFixture(t, "resources Ingress Service", anIngress("web.example.com", "192.0.2.1"), aService("web", "web.example.com", "192.0.2.2"))
	f.ask(a("web.example.com.", "192.0.2.1"))
	f.apply(anIngress("web.example.com"))
	f.ask(a("web.example.com.", "192.0.2.2"))
	f.apply(anIngress("web.example.com", "192.0.2.3"))
	f.ask(a("web.example.com.", "192.0.2.3"))
	f.remove(anIngress("web.example.com"))
	f.ask(a("web.example.com.", "192.0.2.2"))
}

// Z14: an address of either family counts: a client is not sent to two backends depending on its own.
func TestPriorityAcrossFamilies(t *testing.T) {
	f := newFixture(t, "resources Ingress Service", anIngress("web.example.com", "192.0.2.1"), aService("web", "web.example.com", "192.0.2.2", "2001:db8::2"))
	f.ask(a("web.example.com.", "192.0.2.1"), nodata("web.example.com.", dns.TypeAAAA))
}

// Z14: inside a kind all objects are united, and each address is given once.
func TestUnion(t *testing.T) {
	f := newFixture(t, "resources Service", aService("one", "web.example.com", "192.0.2.1", "192.0.2.2", "2001:db8::1"), aService("two", "web.example.com", "192.0.2.2", "192.0.2.3", "2001:db8::1"), aService("three", "web.example.com"))
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2", "192.0.2.3"), aaaa("web.example.com.", "2001:db8::1"))
	f.remove(aService("two", ""))
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"))
}

// Z14: addresses hide no other type, whichever kind comes first.
func TestTextBesideAddress(t *testing.T) {
	for _, resources := range []string{"Ingress DNSEndpoint", "DNSEndpoint Ingress"} {
		f := newFixture(t, "resources "+resources, anIngress("web.example.com", "192.0.2.1"), anEndpoint("web.example.com", "TXT", "text"),
			anIngress("*.wild.example.com", "192.0.2.2"), anEndpoint("*.wild.example.com", "TXT", "wild"))
		f.ask(
			a("web.example.com.", "192.0.2.1"),
			txt("web.example.com.", "text"),
			a("x.wild.example.com.", "192.0.2.2"),
			txt("x.wild.example.com.", "wild"),
		)
	}
}

// Z14: routes of different kinds have their places, too.
func TestRoutePriority(t *testing.T) {
	manifests := []string{
		aGateway("http", "192.0.2.1"), aRoute("HTTPRoute", "web", "http", "web.example.com"),
		aGateway("tls", "192.0.2.2"), aRoute("TLSRoute", "web", "tls", "web.example.com"),
		aGateway("grpc", "192.0.2.3"), aRoute("GRPCRoute", "web", "grpc", "web.example.com"),
	}
	newFixture(t, "resources HTTPRoute TLSRoute GRPCRoute", manifests...).ask(a("web.example.com.", "192.0.2.1"))
	newFixture(t, "resources TLSRoute GRPCRoute HTTPRoute", manifests...).ask(a("web.example.com.", "192.0.2.2"))
	newFixture(t, "resources GRPCRoute HTTPRoute TLSRoute", manifests...).ask(a("web.example.com.", "192.0.2.3"))
}
