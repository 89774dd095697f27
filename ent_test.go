package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// Z7: a name that only has names below it is NODATA for every type. Where it falls through it does so for every type.
func TestEmptyNonTerminal(t *testing.T) {
	f := newFixture(t, "resources Ingress", anIngress("a.b.c.example.com", "192.0.2.1")).chain()
	through := newFixture(t, "fallthrough\nresources Ingress", anIngress("a.b.c.example.com", "192.0.2.1")).chain()
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeTXT, dns.TypeNS, dns.TypeANY} {
		for _, name := range []string{"b.c.example.com.", "c.example.com."} {
			f.ask(nodata(name, qtype))
			through.ask(next(name, qtype))
		}
		for _, name := range []string{"x.c.example.com.", "x.a.b.c.example.com."} {
			f.ask(nxdomain(name, qtype))
			through.ask(next(name, qtype))
		}
	}
}

// Z7: it goes away with the last name below it, and not before.
func TestEmptyNonTerminalGoesAway(t *testing.T) {
	one, two := anIngress("one.b.example.com", "192.0.2.1"), anIngress("x.two.b.example.com", "192.0.2.2")
	f := newFixture(t, "", one, two)
	f.ask(nodata("b.example.com.", dns.TypeA))
	f.remove(one)
	f.ask(
		nodata("b.example.com.", dns.TypeA),
		nodata("two.b.example.com.", dns.TypeA),
		nxdomain("one.b.example.com.", dns.TypeA),
	)
	f.remove(two)
	f.ask(
		nxdomain("b.example.com.", dns.TypeA),
		nxdomain("two.b.example.com.", dns.TypeA),
	)
}

// Z7: a wildcard is a name below, too.
func TestNonTerminalAboveWildcard(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute DNSEndpoint",
		anIngress("*.ingress.example.com", "192.0.2.1"),
		anEndpoint("*.endpoint.example.com", "TXT", "text"),
		aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "web", "gw", "*.route.example.com"))
	f.ask(
		nodata("ingress.example.com.", dns.TypeA),
		nodata("endpoint.example.com.", dns.TypeA),
		nodata("route.example.com.", dns.TypeA),
	)
	f.remove(anIngress("*.ingress.example.com"))
	f.ask(nxdomain("ingress.example.com.", dns.TypeA))
}

// Z7, Z12: what is pending makes no name above it exist.
func TestPendingMakesNoNonTerminal(t *testing.T) {
	pending := anIngress("a.b.example.com")
	f := newFixture(t, "resources Ingress", pending)
	f.ask(nxdomain("b.example.com.", dns.TypeA))
	f.apply(anIngress("a.b.example.com", "192.0.2.1"))
	f.ask(nodata("b.example.com.", dns.TypeA))
	f.apply(pending)
	f.ask(nxdomain("b.example.com.", dns.TypeA))
}

// Z7, Z13: nor does what is excluded: a filtered or labelled object, or a route no Gateway lets in.
func TestExcludedMakesNoNonTerminal(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute\ningressClasses nginx", anIngress("a.ingress.example.com", "192.0.2.1"),
		aListener("gw", "*.example.net", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "a.route.example.com"),
		aRoute("HTTPRoute", "lost", "none", "a.lost.example.com"))
	f.ask(
		nxdomain("ingress.example.com.", dns.TypeA),
		nxdomain("route.example.com.", dns.TypeA),
		nxdomain("lost.example.com.", dns.TypeA),
	)
	f.apply(aListener("gw", "*.example.com", "192.0.2.1"))
	f.ask(nodata("route.example.com.", dns.TypeA))
	f.apply(aListener("gw", "*.example.net", "192.0.2.1"))
	f.ask(nxdomain("route.example.com.", dns.TypeA))
}

// Z7: the names that nameservers need exist as well.
func TestNonTerminalAboveNameserver(t *testing.T) {
	ns := soaNamed("a.b.c")
	newFixture(t, "apex a.b.c").ask(
		test.Case{Qname: "b.c.example.com.", Qtype: dns.TypeA, Ns: ns},
		test.Case{Qname: "c.example.com.", Qtype: dns.TypeA, Ns: ns},
		test.Case{Qname: "d.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: ns},
	)
}
