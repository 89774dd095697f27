package gateway

import (
	"testing"

	"github.com/coredns/caddy"
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

// Z9: with it the next plugin is asked for every name that no object answers for, and for no other.
func TestFallthrough(t *testing.T) {
	f := newFixture(t, "fallthrough", anIngress("www.example.com", "192.0.2.1"), anIngress("a.b.example.com", "192.0.2.2"), anIngress("*.wild.example.com", "192.0.2.3")).chain()
	f.ask(
		next("nowhere.example.com.", dns.TypeA),
		next("nowhere.example.com.", dns.TypeTXT),
		next("x.y.wild.example.com.", dns.TypeA),
		a("www.example.com.", "192.0.2.1"),
		nodata("www.example.com.", dns.TypeTXT),
		next("b.example.com.", dns.TypeA),
		a("x.wild.example.com.", "192.0.2.3"),
		nodata("x.wild.example.com.", dns.TypeTXT),
		next("wild.example.com.", dns.TypeA),
		next("example.com.", dns.TypeA),
		nodata("dns1.kube-system.example.com.", dns.TypeA),
		nodata("dns1.kube-system.example.com.", dns.TypeTXT),
		next("kube-system.example.com.", dns.TypeA),
	)
}

// Z3, Z9: at the apex every type but SOA and NS falls through, so that the mail of a public domain arrives.
func TestApexFallsThrough(t *testing.T) {
	f := newFixture(t, "fallthrough\nresources Ingress DNSEndpoint", anIngress("www.example.com", "192.0.2.1")).chain()
	own := []test.Case{
		{Qname: "example.com.", Qtype: dns.TypeSOA, Answer: apexSOA},
		{Qname: "example.com.", Qtype: dns.TypeANY, Answer: apexSOA},
		{Qname: "example.com.", Qtype: dns.TypeNS, Answer: []dns.RR{test.NS("example.com. 60 IN NS dns1.kube-system.example.com.")}},
	}
	f.ask(own...)
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeMX, dns.TypeTXT, dns.TypeHTTPS, dns.TypeCAA, dns.TypeDS} {
		f.ask(next("example.com.", qtype))
	}
	// An object that answers for the apex does so for every type.
	f.apply(anIngress("example.com", "192.0.2.2"))
	f.ask(own...)
	f.ask(a("example.com.", "192.0.2.2"), nodata("example.com.", dns.TypeMX), nodata("example.com.", dns.TypeAAAA), nodata("example.com.", dns.TypeHTTPS))
	f.remove(anIngress("example.com", "192.0.2.2"))
	f.apply(anIngress("example.com")) // Z12: pending
	f.ask(next("example.com.", dns.TypeA), next("example.com.", dns.TypeMX))
	f.ask(own...)
}

// Z9: with zone "." one name of a route does not take the names above it from a whole network.
func TestRootZoneFallsThrough(t *testing.T) {
	f := newFixture(t, "k8s_gateway . {\nfallthrough\nresources HTTPRoute\n}", aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "plex.example.net")).chain()
	f.ask(
		a("plex.example.net.", "192.0.2.1"),
		test.Case{Qname: "plex.example.net.", Qtype: dns.TypeAAAA, Ns: soaOf(".")},
		next("example.net.", dns.TypeA),
		next("example.net.", dns.TypeMX),
		next("net.", dns.TypeNS),
		next("com.", dns.TypeSOA),
		next("www.example.com.", dns.TypeA),
		next(".", dns.TypeA),
		next(".", dns.TypeDNSKEY),
		test.Case{Qname: ".", Qtype: dns.TypeNS, Answer: []dns.RR{test.NS(". 60 IN NS dns1.kube-system.")}},
	)
}

// Z9: a name that an object answers for falls through for no type, whatever the kind of the object.
func TestAnsweredNameDoesNotFallThrough(t *testing.T) {
	f := newFixture(t, "fallthrough\nresources Ingress HTTPRoute DNSEndpoint", anIngress("v6.example.com", "2001:db8::1"), anEndpoint("text.example.com", "TXT", "text"),
		aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "web", "gw", "*.route.example.com")).chain()
	f.ask(
		nodata("v6.example.com.", dns.TypeA),
		nodata("v6.example.com.", dns.TypeHTTPS),
		nodata("text.example.com.", dns.TypeA),
		nodata("text.example.com.", dns.TypeMX),
		nodata("x.route.example.com.", dns.TypeAAAA),
		nodata("x.route.example.com.", dns.TypeHTTPS),
		next("route.example.com.", dns.TypeHTTPS),
	)
}

// Z5, Z9: nothing at or below a delegation falls through, also while not every kind is listed.
func TestDelegatedDoesNotFallThrough(t *testing.T) {
	f := unlisted(t, "fallthrough\nresources Ingress DNSEndpoint").chain()
	f.apply(anEndpoint("sub.example.com", "NS", "ns.example.net"))
	f.ask(servfail("x.sub.example.com.", dns.TypeA), servfail("sub.example.com.", dns.TypeDS), next("x.example.com.", dns.TypeA))
	for _, i := range f.informers() {
		i.Settle()
	}
	f.check(
		expect("x.y.sub.example.com. MX", "referral", "ns: sub.example.com. 60 IN NS ns.example.net."),
		expect("sub.example.com. A", "referral", "ns: sub.example.com. 60 IN NS ns.example.net."),
		expect("sub.example.com. DS", "soa"),
	)
}

// Z2, Z9: while a kind is not listed, what a name that an object answers for has not is not known, and no other plugin's
// to say. A nameserver's name is ours as well.
func TestUncertainTypeDoesNotFallThrough(t *testing.T) {
	f := unlisted(t, "fallthrough\nresources Ingress DNSEndpoint").chain()
	f.apply(anIngress("web.example.com", "192.0.2.1"))
	f.list("Ingress")
	f.ask(
		a("web.example.com.", "192.0.2.1"),
		servfail("web.example.com.", dns.TypeAAAA),
		servfail("web.example.com.", dns.TypeMX),
		servfail("dns1.kube-system.example.com.", dns.TypeA),
		servfail("dns1.kube-system.example.com.", dns.TypeTXT),
		next("example.com.", dns.TypeMX),
		next("kube-system.example.com.", dns.TypeA),
		next("nowhere.example.com.", dns.TypeA),
	)
}

// Z9: a question falls through to a plugin or to a stanza that has the zone, not to nobody.
func TestFallsThroughToSomebody(t *testing.T) {
	gateways, err := parse(caddy.NewTestController("dns", "k8s_gateway example.com {\nfallthrough\n}\nk8s_gateway example.org"))
	if err != nil {
		t.Fatal(err)
	}
	gateways[0].Next = gateways[1]
	for _, g := range gateways {
		for _, i := range (&fixture{g, t}).informers() {
			i.Settle()
		}
	}
	(&fixture{gateways[0], t}).ask(nxdomain("nowhere.example.com.", dns.TypeA))
}

// Z9: fallthrough may be for some zones only.
func TestFallthroughZones(t *testing.T) {
	f := newFixture(t, "fallthrough sub.example.com example.org", anIngress("www.example.com", "192.0.2.1")).chain()
	f.ask(
		next("nowhere.sub.example.com.", dns.TypeA),
		next("sub.example.com.", dns.TypeA),
		nxdomain("nowhere.example.com.", dns.TypeA),
		nxdomain("notsub.example.com.", dns.TypeA),
		nodata("example.com.", dns.TypeA),
		test.Case{Qname: "example.com.", Qtype: dns.TypeSOA, Answer: apexSOA},
	)
}

// Z12: it applies to names that are claimed and pending, also where names exist below them.
func TestPendingFallsThrough(t *testing.T) {
	f := newFixture(t, "fallthrough", anIngress("pending.example.com"), anIngress("above.example.com"), anIngress("x.above.example.com", "192.0.2.1")).chain()
	f.ask(
		next("pending.example.com.", dns.TypeA),
		next("above.example.com.", dns.TypeA),
	)
}

// Z13: and to names that only excluded objects claim.
func TestExcludedFallsThrough(t *testing.T) {
	f := newFixture(t, "fallthrough\ningressClasses nginx", anIngress("www.example.com", "192.0.2.1")).chain()
	f.ask(next("www.example.com.", dns.TypeA))
}
