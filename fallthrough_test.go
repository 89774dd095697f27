package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// Z9: without fallthrough a name that does not exist is NXDOMAIN.
func TestNoFallthrough(t *testing.T) {
	f := newFixture(t, "", anIngress("www.example.com", "192.0.2.1")).chain()
	f.ask(
		nxdomain("nowhere.example.com.", dns.TypeA),
		nxdomain("x.www.example.com.", dns.TypeA),
	)
}

// Z9: with it the next plugin is asked, and only where the answer would have been NXDOMAIN.
func TestFallthrough(t *testing.T) {
	f := newFixture(t, "fallthrough", anIngress("www.example.com", "192.0.2.1"), anIngress("a.b.example.com", "192.0.2.2"), anIngress("*.wild.example.com", "192.0.2.3")).chain()
	f.ask(
		next("nowhere.example.com.", dns.TypeA),
		next("nowhere.example.com.", dns.TypeTXT),
		next("x.y.wild.example.com.", dns.TypeA),
		a("www.example.com.", "192.0.2.1"),
		nodata("www.example.com.", dns.TypeTXT),
		nodata("b.example.com.", dns.TypeA),
		a("x.wild.example.com.", "192.0.2.3"),
		nodata("x.wild.example.com.", dns.TypeTXT),
		nodata("example.com.", dns.TypeA),
		nodata("dns1.kube-system.example.com.", dns.TypeA),
	)
}

// Z9: fallthrough may be for some zones only.
func TestFallthroughZones(t *testing.T) {
	f := newFixture(t, "fallthrough sub.example.com example.org", anIngress("www.example.com", "192.0.2.1")).chain()
	f.ask(
		next("nowhere.sub.example.com.", dns.TypeA),
		next("sub.example.com.", dns.TypeA),
		nxdomain("nowhere.example.com.", dns.TypeA),
		nxdomain("notsub.example.com.", dns.TypeA),
		test.Case{Qname: "example.com.", Qtype: dns.TypeSOA, Answer: apexSOA},
	)
}

// Z12: it applies to names that are claimed and pending, unless names exist below them.
func TestPendingFallsThrough(t *testing.T) {
	f := newFixture(t, "fallthrough", anIngress("pending.example.com"), anIngress("above.example.com"), anIngress("x.above.example.com", "192.0.2.1")).chain()
	f.ask(
		next("pending.example.com.", dns.TypeA),
		nodata("above.example.com.", dns.TypeA),
	)
}

// Z13: and to names that only excluded objects claim.
func TestExcludedFallsThrough(t *testing.T) {
	f := newFixture(t, "fallthrough\ningressClasses nginx", anIngress("www.example.com", "192.0.2.1")).chain()
	f.ask(next("www.example.com.", dns.TypeA))
}
