package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// Z12: a name whose load balancer is pending is negative for every type, and the wildcard that would
// otherwise answer does not.
func TestPendingName(t *testing.T) {
	f := newFixture(t, "resources Ingress Service DNSEndpoint", anIngress("*.example.com", "192.0.2.1"))
	f.ask(a("web.example.com.", "192.0.2.1"))
	for _, pending := range []string{
		anIngress("web.example.com"),
		aService("web", "web.example.com"),
		anEndpoint("web.example.com", "A", "not-an-address"),
		anIngress("web.example.com", "0.0.0.0"),
	} {
		f.apply(pending)
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeTXT, dns.TypeANY} {
			f.ask(nxdomain("web.example.com.", qtype))
		}
		f.ask(a("other.example.com.", "192.0.2.1"))
		f.remove(pending)
		f.ask(a("web.example.com.", "192.0.2.1"))
	}
}

// Z12: the same for a route whose Gateway has no address yet.
func TestPendingGateway(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute", anIngress("*.example.com", "192.0.2.1"), aGateway("gw"), aRoute("HTTPRoute", "web", "gw", "web.example.com"))
	f.ask(nxdomain("web.example.com.", dns.TypeA), a("other.example.com.", "192.0.2.1"))
	f.apply(aGateway("gw", "192.0.2.2"))
	f.ask(a("web.example.com.", "192.0.2.2"))
	f.apply(aGateway("gw"))
	f.ask(nxdomain("web.example.com.", dns.TypeA))
	f.remove(aGateway("gw"))
	f.ask(a("web.example.com.", "192.0.2.1")) // Z13: no Gateway lets the route in
}

// Z12: with names below, the answer is NODATA.
func TestPendingAboveNames(t *testing.T) {
	f := newFixture(t, "", anIngress("*.example.com", "192.0.2.1"), anIngress("web.example.com"), anIngress("x.web.example.com", "192.0.2.2"))
	f.ask(nodata("web.example.com.", dns.TypeA), nodata("web.example.com.", dns.TypeTXT))
}

// Z12: a pending wildcard holds its names back from a wildcard further up, and only those.
func TestPendingWildcard(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute", aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "all", "gw", "*.example.com"), anIngress("*.sub.example.com"))
	f.ask(
		nxdomain("x.sub.example.com.", dns.TypeA),
		nxdomain("*.sub.example.com.", dns.TypeA),
		a("x.y.sub.example.com.", "192.0.2.1"), // an Ingress's wildcard is for one label
		a("x.example.com.", "192.0.2.1"),
	)
	f.apply(anIngress("*.sub.example.com", "192.0.2.2"))
	f.ask(a("x.sub.example.com.", "192.0.2.2"))
}

// Z12, Z14: one pending object does not hide another that has an address, of the same kind or the next.
func TestPendingBesideReady(t *testing.T) {
	f := newFixture(t, "resources Ingress Service", anIngress("web.example.com"), aService("one", "web.example.com"), aService("two", "web.example.com", "192.0.2.1"))
	f.ask(a("web.example.com.", "192.0.2.1"), nodata("web.example.com.", dns.TypeAAAA))
}
