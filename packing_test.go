package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// N5: a text that no record can hold is left out, and the one beside it is served.
func TestTextTooLong(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", anEndpoint("web.example.com", "TXT", strings.Repeat("x", 70000), "good"))
	f.ask(txt("web.example.com.", "good"))
}

// N5: a record set as large as a message may be packs.
func TestLargeRecordSet(t *testing.T) {
	var addrs []string
	for i := range 1000 {
		addrs = append(addrs, fmt.Sprintf("192.0.%d.%d", 2+i/250, 1+i%250))
	}
	newFixture(t, "", anIngress("web.example.com", addrs...)).ask(a("web.example.com.", addrs...))
}

// N5: names that leave no room for the labels a zone needs do not make its replies unpackable.
func TestLongestNameInReply(t *testing.T) {
	long := strings.Repeat(strings.Repeat("x", 59)+".", 4) + "example.com" // 251 octets
	f := newFixture(t, "resources Ingress HTTPRoute", anIngress(long, "192.0.2.1"), aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "web", "gw", "*."+long[60:]))
	f.ask(
		a(long+".", "192.0.2.1"),
		nodata(long+".", dns.TypeTXT),
		test.Case{Qname: "y." + long[60:] + ".", Qtype: dns.TypeA, Answer: a("y."+long[60:]+".", "192.0.2.2").Answer},
	)
}
