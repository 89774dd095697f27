package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// apexSOA is the answer to a question for the SOA of example.com with the default nameserver.
var apexSOA = []dns.RR{test.SOA("example.com. 60 IN SOA dns1.kube-system.example.com. hostmaster.example.com. 1 14400 3600 1209600 5")}

// Z3, A3: SOA and NS are there whatever the objects say and fallthrough covers.
func TestApex(t *testing.T) {
	f := newFixture(t, "fallthrough").chain()
	f.ask(
		test.Case{Qname: "example.com.", Qtype: dns.TypeSOA, Answer: apexSOA},
		test.Case{Qname: "example.com.", Qtype: dns.TypeNS, Answer: []dns.RR{test.NS("example.com. 60 IN NS dns1.kube-system.example.com.")}},
	)
}

// Z3: other types are answered at the apex as at any name, but it is never NXDOMAIN.
func TestApexOtherTypes(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint").chain()
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeTXT, dns.TypeMX, dns.TypeCNAME, dns.TypeDS, dns.TypeHTTPS, 65280} {
		f.ask(nodata("example.com.", qtype))
	}
	f.apply(anIngress("example.com"))
	f.ask(nodata("example.com.", dns.TypeA)) // claimed and pending
	f.apply(anIngress("example.com", "192.0.2.1", "2001:db8::1"))
	f.apply(anEndpoint("example.com", "TXT", "text"))
	f.ask(
		a("example.com.", "192.0.2.1"),
		aaaa("example.com.", "2001:db8::1"),
		txt("example.com.", "text"),
		nodata("example.com.", dns.TypeMX),
		test.Case{Qname: "example.com.", Qtype: dns.TypeSOA, Answer: apexSOA},
	)
}

// A4: there is no SOA and no NS but at the apex.
func TestSOABelowApex(t *testing.T) {
	f := newFixture(t, "apex ns1 192.0.2.53", anIngress("a.b.example.com", "192.0.2.1"), anIngress("*.wild.example.com", "192.0.2.1"))
	ns := soaNamed("ns1")
	for _, qtype := range []uint16{dns.TypeSOA, dns.TypeNS} {
		f.ask(
			test.Case{Qname: "a.b.example.com.", Qtype: qtype, Ns: ns},
			test.Case{Qname: "b.example.com.", Qtype: qtype, Ns: ns},
			test.Case{Qname: "x.wild.example.com.", Qtype: qtype, Ns: ns},
			test.Case{Qname: "ns1.example.com.", Qtype: qtype, Ns: ns},
			test.Case{Qname: "nowhere.example.com.", Qtype: qtype, Rcode: dns.RcodeNameError, Ns: ns},
		)
	}
}

// A3: `ttl` sets the TTL of records, and the MINIMUM for negative answers.
func TestTTLProperty(t *testing.T) {
	f := newFixture(t, "ttl 20 7\napex ns1 192.0.2.53", anIngress("www.example.com", "192.0.2.1"))
	f.ask(
		withTTL("20", dns.TypeA, "www.example.com.", []string{"192.0.2.1"}),
		withTTL("20", dns.TypeA, "ns1.example.com.", []string{"192.0.2.53"}),
		test.Case{Qname: "example.com.", Qtype: dns.TypeSOA, Answer: []dns.RR{test.SOA("example.com. 20 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 7")}},
		test.Case{Qname: "example.com.", Qtype: dns.TypeNS,
			Answer: []dns.RR{test.NS("example.com. 20 IN NS ns1.example.com.")},
			Extra:  []dns.RR{test.A("ns1.example.com. 20 IN A 192.0.2.53")}},
		test.Case{Qname: "nowhere.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError,
			Ns: []dns.RR{test.SOA("example.com. 7 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 7")}},
	)
}

// Z11: the SOA of a negative answer has the lesser of its own TTL and its MINIMUM.
func TestNegativeTTL(t *testing.T) {
	f := newFixture(t, "ttl 3 10", anIngress("www.example.com", "192.0.2.1"))
	ns := []dns.RR{test.SOA("example.com. 3 IN SOA dns1.kube-system.example.com. hostmaster.example.com. 1 14400 3600 1209600 10")}
	f.ask(
		test.Case{Qname: "nowhere.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: ns},
		test.Case{Qname: "www.example.com.", Qtype: dns.TypeTXT, Ns: ns},
		test.Case{Qname: "example.com.", Qtype: dns.TypeA, Ns: ns},
		test.Case{Qname: "dns1.kube-system.example.com.", Qtype: dns.TypeA, Ns: ns},
	)
}
