package gateway

import (
	"strings"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// What the tables of cases are made of.

// soa is the SOA in negative answers of zone example.com.
var soa = soaOf("example.com.")

// soaOf is the SOA in negative answers of a zone where no property says otherwise.
func soaOf(zone string) []dns.RR {
	return []dns.RR{test.SOA(zone + " 5 IN SOA " + below("dns1.kube-system", zone) + " " + below("hostmaster", zone) + " 1 14400 3600 1209600 5")}
}

// soaNamed is the SOA in negative answers of zone example.com where the nameserver has another name.
func soaNamed(nameserver string) []dns.RR {
	return []dns.RR{test.SOA("example.com. 5 IN SOA " + nameserver + ".example.com. hostmaster.example.com. 1 14400 3600 1209600 5")}
}

func below(label, zone string) string { return dns.Fqdn(label + "." + strings.TrimPrefix(zone, ".")) }

// nxdomain and nodata are the two negative answers in zone example.com.
func nxdomain(qname string, qtype uint16) test.Case {
	return test.Case{Qname: qname, Qtype: qtype, Rcode: dns.RcodeNameError, Ns: soa}
}

func nodata(qname string, qtype uint16) test.Case {
	return test.Case{Qname: qname, Qtype: qtype, Ns: soa}
}

// servfail is the reply that the server makes when nothing is known.
func servfail(qname string, qtype uint16) test.Case {
	return test.Case{Qname: qname, Qtype: qtype, Rcode: dns.RcodeServerFailure}
}

// fromNext is the code that the stub for the next plugin returns, and no one else does.
const fromNext = dns.RcodeNotZone

// next is a question that goes to the next plugin. The fixture has one after chain.
func next(qname string, qtype uint16) test.Case {
	return test.Case{Qname: qname, Qtype: qtype, Rcode: fromNext}
}

// chain puts a stub behind the Gateway.
func (f *fixture) chain() *fixture {
	f.Next = test.NextHandler(fromNext, nil)
	return f
}

func a(qname string, addrs ...string) test.Case { return withTTL("60", dns.TypeA, qname, addrs) }

func aaaa(qname string, addrs ...string) test.Case { return withTTL("60", dns.TypeAAAA, qname, addrs) }

// txt takes texts as they stand in a zone file.
func txt(qname string, texts ...string) test.Case { return withTTL("60", dns.TypeTXT, qname, texts) }

func withTTL(ttl string, qtype uint16, qname string, data []string) test.Case {
	tc := test.Case{Qname: qname, Qtype: qtype}
	for _, d := range data {
		rr, err := dns.NewRR(qname + " " + ttl + " IN " + dns.TypeToString[qtype] + " " + d)
		if err != nil {
			panic(err)
		}
		tc.Answer = append(tc.Answer, rr)
	}
	return tc
}

// webCNAME and apexSOAText are answers as zone file text.
const (
	webCNAME    = "web.example.com. 60 IN CNAME lb.example.net."
	apexSOAText = "example.com. 60 IN SOA dns1.kube-system.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"
)
