package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// wild is one wildcard from each kind that has some.
func wild(name string, ingress, endpoint, route string) []string {
	return []string{
		anIngress(name, ingress),
		anEndpoint(name, "A", endpoint),
		aGateway(objectName(name), route), aRoute("HTTPRoute", objectName(name), objectName(name), name),
	}
}

// W4: an exact name beats every wildcard, whatever the kinds.
func TestExactBeatsWildcard(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint HTTPRoute Service", wild("*.example.com", "192.0.2.1", "192.0.2.2", "192.0.2.3")...)
	f.ask(a("web.example.com.", "192.0.2.1"))
	f.apply(aService("web", "web.example.com", "192.0.2.4"))
	f.ask(a("web.example.com.", "192.0.2.4"), nodata("web.example.com.", dns.TypeAAAA))
	f.remove(aService("web", "web.example.com"))
	f.ask(a("web.example.com.", "192.0.2.1"))
}

// W4: an exact name without an address of its own is not lent the wildcard's.
func TestExactTextBeatsWildcard(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint", anIngress("*.example.com", "192.0.2.1"), anEndpoint("web.example.com", "TXT", "text"))
	f.ask(txt("web.example.com.", "text"), nodata("web.example.com.", dns.TypeA))
}

// W4: among wildcards the longest suffix wins, before the priority of kinds.
func TestLongestWildcard(t *testing.T) {
	f := newFixture(t, "resources Ingress Service HTTPRoute",
		anIngress("*.example.com", "192.0.2.1"),
		aService("web", "*.a.example.com", "192.0.2.2"),
		aGateway("gw", "192.0.2.3"), aRoute("HTTPRoute", "web", "gw", "*.b.a.example.com"))
	f.ask(
		a("x.example.com.", "192.0.2.1"),
		a("x.a.example.com.", "192.0.2.2"),
		a("x.y.a.example.com.", "192.0.2.2"),
		a("x.b.a.example.com.", "192.0.2.3"),
		a("x.y.b.a.example.com.", "192.0.2.3"),
	)
}

// W4, Z14: kinds with the same wildcard are asked in the order of `resources`, each as far as its own
// wildcards reach.
func TestSameWildcard(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint HTTPRoute", wild("*.example.com", "192.0.2.1", "192.0.2.2", "192.0.2.3")...)
	f.apply(anEndpoint("text.example.com", "TXT", "text"))
	f.ask(
		a("x.example.com.", "192.0.2.1"),
		a("x.y.example.com.", "192.0.2.2"),
		a("x.text.example.com.", "192.0.2.3"),
	)
	f.remove(anIngress("*.example.com"))
	f.ask(a("x.example.com.", "192.0.2.2"), a("x.y.example.com.", "192.0.2.2"))
	f.remove(anEndpoint("*.example.com", "A"))
	f.ask(a("x.example.com.", "192.0.2.3"), a("x.y.example.com.", "192.0.2.3"))
}

// W3, W4, Z14: nor does a kind whose wildcard does not reach the name add its other types.
func TestSameWildcardOtherTypes(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute DNSEndpoint Ingress", anEndpoint("*.example.com", "TXT", "wild"), anIngress("www.example.com", "192.0.2.1"),
		aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "web", "gw", "*.example.com"))
	f.ask(
		txt("x.example.com.", "wild"),
		a("x.www.example.com.", "192.0.2.2"),
		nodata("x.www.example.com.", dns.TypeTXT),
	)
}

// W4: a wildcard that does not reach the name gives way to a shorter one that does.
func TestWildcardGivesWay(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute", anIngress("*.a.example.com", "192.0.2.1"), aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "web", "gw", "*.example.com"))
	f.ask(
		a("x.a.example.com.", "192.0.2.1"),
		a("x.y.a.example.com.", "192.0.2.2"),
	)
}

// W4, Z10: the wildcard decides for every type: the one with the longest suffix has no address.
func TestLongestWildcardHasText(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint", anIngress("*.example.com", "192.0.2.1"), anEndpoint("*.a.example.com", "TXT", "text"))
	f.ask(txt("x.a.example.com.", "text"), nodata("x.a.example.com.", dns.TypeA))
}
