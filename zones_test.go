package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// N3, Z11: every zone of a stanza is served, each with its own SOA.
func TestSeveralZones(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com example.org", anIngress("www.example.com", "192.0.2.1"), anIngress("www.example.org", "192.0.2.2"),
		aService("web", "", "192.0.2.3")).chain()
	f.ask(
		a("www.example.com.", "192.0.2.1"),
		a("www.example.org.", "192.0.2.2"),
		a("web.default.example.com.", "192.0.2.3"),
		a("web.default.example.org.", "192.0.2.3"),
		nxdomain("nowhere.example.com.", dns.TypeA),
		test.Case{Qname: "nowhere.example.org.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf("example.org.")},
		test.Case{Qname: "www.example.org.", Qtype: dns.TypeTXT, Ns: soaOf("example.org.")},
		next("www.example.net.", dns.TypeA),
	)
}

// N3: with overlapping zones a name belongs to the longest that matches, in whatever order they are given.
func TestOverlappingZones(t *testing.T) {
	for _, stanza := range []string{"k8s_gateway example.com sub.example.com", "k8s_gateway sub.example.com example.com"} {
		f := newFixture(t, stanza, anIngress("www.sub.example.com", "192.0.2.1"), aService("web", "", "192.0.2.2"))
		inner := soaOf("sub.example.com.")
		f.ask(
			a("www.sub.example.com.", "192.0.2.1"),
			a("web.default.example.com.", "192.0.2.2"),
			a("web.default.sub.example.com.", "192.0.2.2"),
			test.Case{Qname: "nowhere.sub.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: inner},
			test.Case{Qname: "www.sub.example.com.", Qtype: dns.TypeTXT, Ns: inner},
			test.Case{Qname: "sub.example.com.", Qtype: dns.TypeA, Ns: inner},
			nxdomain("subexample.com.example.com.", dns.TypeA),
		)
	}
}

// N3, W3: a zone below another is not covered by the DNS wildcards of the one above.
func TestWildcardStopsAtInnerZone(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com sub.example.com {\nresources DNSEndpoint\n}", anEndpoint("*.example.com", "A", "192.0.2.1"))
	f.ask(
		a("www.example.com.", "192.0.2.1"),
		test.Case{Qname: "www.sub.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf("sub.example.com.")},
	)
}

// N3: a zone given twice is one zone, and a Service gets one name in it.
func TestRepeatedZone(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com Example.COM.", aService("web", "", "192.0.2.1"))
	f.ask(a("web.default.example.com.", "192.0.2.1"))
	if n := len(f.zones.all); n != 1 {
		t.Errorf("%d zones", n)
	}
}

// N3: the root is a zone like any other.
func TestRootZone(t *testing.T) {
	root := soaOf(".")
	f := newFixture(t, "k8s_gateway . {\nresources Ingress Service HTTPRoute\n}",
		anIngress("www.example.com", "192.0.2.1"), anIngress("com", "192.0.2.2"), aService("web", "", "192.0.2.3"),
		aGateway("gw", "192.0.2.4"), aRoute("HTTPRoute", "web", "gw", "*.example.net"))
	f.ask(
		a("www.example.com.", "192.0.2.1"),
		a("com.", "192.0.2.2"),
		a("web.default.", "192.0.2.3"),
		a("a.b.example.net.", "192.0.2.4"),
		test.Case{Qname: "example.com.", Qtype: dns.TypeA, Ns: root},
		test.Case{Qname: "org.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: root},
		test.Case{Qname: ".", Qtype: dns.TypeA, Ns: root},
		test.Case{Qname: ".", Qtype: dns.TypeSOA, Answer: []dns.RR{test.SOA(". 60 IN SOA dns1.kube-system. hostmaster. 1 14400 3600 1209600 5")}},
		test.Case{Qname: ".", Qtype: dns.TypeNS, Answer: []dns.RR{test.NS(". 60 IN NS dns1.kube-system.")}},
		test.Case{Qname: "dns1.kube-system.", Qtype: dns.TypeA, Ns: root},
	)
}

// N1, N3: the name of a zone has a canonical form like any other.
func TestInternationalZone(t *testing.T) {
	f := newFixture(t, "k8s_gateway bücher.example", anIngress("www.xn--bcher-kva.example", "192.0.2.1")).chain()
	f.ask(a("www.xn--bcher-kva.example.", "192.0.2.1"))
}
