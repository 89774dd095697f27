package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// Z10, Z11: a name that exists is NOERROR for every type, one that does not is NXDOMAIN for every type.
func TestEveryType(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute DNSEndpoint",
		anIngress("v4.example.com", "192.0.2.1"),
		anIngress("v6.example.com", "2001:db8::1"),
		anIngress("*.wild.example.com", "192.0.2.1"),
		anEndpoint("text.example.com", "TXT", "text"),
		aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "web", "gw", "route.example.com"))
	has := map[string]uint16{
		"v4.example.com.": dns.TypeA, "v6.example.com.": dns.TypeAAAA, "x.wild.example.com.": dns.TypeA,
		"text.example.com.": dns.TypeTXT, "route.example.com.": dns.TypeA,
	}
	for qtype := range dns.TypeToString {
		switch qtype {
		case dns.TypeNone, dns.TypeANY, dns.TypeAXFR, dns.TypeIXFR, dns.TypeReserved:
			continue
		}
		for name, held := range has {
			if held != qtype {
				f.ask(nodata(name, qtype))
			}
		}
		f.ask(nxdomain("nowhere.example.com.", qtype), nxdomain("x.v4.example.com.", qtype))
		if t.Failed() {
			t.Fatalf("type %s", dns.TypeToString[qtype])
		}
	}
}

// Z10: ANY gets one RRset that the name has (RFC 8482).
func TestAny(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint\napex ns1 192.0.2.53 2001:db8::53\nsecondary ns2 2001:db8::54",
		anIngress("both.example.com", "192.0.2.1", "192.0.2.2", "2001:db8::1"),
		anEndpoint("both.example.com", "TXT", "text"),
		anIngress("v6.example.com", "2001:db8::1"),
		anEndpoint("text.example.com", "TXT", "text"),
		anIngress("*.wild.example.com", "192.0.2.3"))
	anyOf := func(tc test.Case) test.Case {
		tc.Qtype = dns.TypeANY
		return tc
	}
	negative := soaNamed("ns1")
	f.ask(
		anyOf(a("both.example.com.", "192.0.2.1", "192.0.2.2")),
		anyOf(aaaa("v6.example.com.", "2001:db8::1")),
		anyOf(txt("text.example.com.", "text")),
		anyOf(a("x.wild.example.com.", "192.0.2.3")),
		anyOf(a("ns1.example.com.", "192.0.2.53")),
		anyOf(aaaa("ns2.example.com.", "2001:db8::54")),
		test.Case{Qname: "example.com.", Qtype: dns.TypeANY, Answer: []dns.RR{test.SOA("example.com. 60 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5")}},
		test.Case{Qname: "wild.example.com.", Qtype: dns.TypeANY, Ns: negative},
		test.Case{Qname: "nowhere.example.com.", Qtype: dns.TypeANY, Rcode: dns.RcodeNameError, Ns: negative},
	)
}

// A zone transfer that the transfer plugin did not take is refused.
func TestTransferRefused(t *testing.T) {
	f := newFixture(t, "")
	for _, qtype := range []uint16{dns.TypeAXFR, dns.TypeIXFR} {
		f.ask(test.Case{Qname: "example.com.", Qtype: qtype, Rcode: dns.RcodeRefused})
	}
}
