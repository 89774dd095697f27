package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// N4: case does not matter, and an answer bears the name as the client wrote it.
func TestQueryCase(t *testing.T) {
	f := newFixture(t, "apex ns1 192.0.2.53\nresources Ingress DNSEndpoint", anIngress("WWW.Example.com", "192.0.2.1"), anIngress("*.example.com", "192.0.2.2"), anEndpoint("Text.example.COM", "TXT", "MiXed"))
	f.ask(
		a("www.example.com.", "192.0.2.1"),
		a("wWw.eXAMPLE.coM.", "192.0.2.1"),
		a("aNY.eXAMPLE.coM.", "192.0.2.2"),
		txt("tEXT.Example.com.", "MiXed"),
		a("NS1.Example.com.", "192.0.2.53"),
		test.Case{Qname: "eXAMPLE.coM.", Qtype: dns.TypeSOA, Answer: []dns.RR{test.SOA("eXAMPLE.coM. 60 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5")}},
		test.Case{Qname: "eXAMPLE.coM.", Qtype: dns.TypeNS,
			Answer: []dns.RR{test.NS("eXAMPLE.coM. 60 IN NS ns1.example.com.")},
			Extra:  []dns.RR{test.A("ns1.example.com. 60 IN A 192.0.2.53")}},
	)
}

// N4, Z9: so do the zones of fallthrough.
func TestFallthroughCase(t *testing.T) {
	f := newFixture(t, "fallthrough Sub.Example.com").chain()
	f.ask(next("NOWHERE.sUB.example.com.", dns.TypeA))
}
