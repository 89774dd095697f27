package inprocess

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// SECURITY.md, "What tenants and clients can use up": however much there is at a name, a reply is no larger than the client takes,
// and one of 512 octets where it does not say. What is cut says so.
func TestHugeAnswersAreCut(t *testing.T) {
	var addrs, exchangers, servers []string
	for i := range 5000 {
		addrs = append(addrs, fmt.Sprintf("10.0.%d.%d", i>>8, i&255))
		exchangers = append(exchangers, fmt.Sprintf("%q", fmt.Sprintf("10 mx%d.example.net", i)))
		servers = append(servers, fmt.Sprintf("ns%d.example.net", i))
	}
	f := fixture.New(t, "resources Ingress DNSEndpoint", fixture.IngressAt("many", "many.example.com", addrs...), fixture.Endpoints("many", fmt.Sprintf(`
  - {dnsName: many.example.com, recordType: TXT, targets: [%q]}
  - {dnsName: many.example.com, recordType: MX, targets: [%s]}
  - {dnsName: sub.example.com, recordType: NS, targets: [%s]}`, strings.Repeat("x", 60000), strings.Join(exchangers, ","), strings.Join(servers, ","))))
	for _, question := range []string{"many.example.com. A", "many.example.com. TXT", "many.example.com. MX", "many.example.com. ANY", "x.sub.example.com. A"} {
		for _, tc := range []struct {
			tcp  bool
			size uint16
			most int
		}{{false, 0, 512}, {false, 100, 512}, {false, 1232, 1232}, {false, 65535, 65535}, {true, 0, 65535}, {true, 512, 65535}} {
			m, n := f.OnWire(question, tc.tcp, tc.size)
			whole := tc.most == 65535 // what an RRset has is bounded, so that all of it fits
			if n > tc.most || m.Truncated == whole || m.Rcode != dns.RcodeSuccess {
				t.Errorf("%s, %+v: %d octets, TC %t, %s", question, tc, n, m.Truncated, dns.RcodeToString[m.Rcode])
			}
		}
	}
}

// A question for ANY gets one kind of records, so that it is no larger than one for them (RFC 8482).
func TestAnyIsNoLarger(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint", fixture.Endpoints("x", `
  - {dnsName: web.example.com, recordType: A, targets: [192.0.2.1]}
  - {dnsName: web.example.com, recordType: TXT, targets: [`+strings.Repeat("x", 1000)+`]}
  - {dnsName: web.example.com, recordType: MX, targets: ["10 mail.example.com"]}`))
	f.Check(fixture.Expect("web.example.com. ANY", "web.example.com. 60 IN A 192.0.2.1"))
}

// A record that no reply has room for is left out, and its neighbours are served.
func TestRecordTooLarge(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint", fixture.Endpoints("x", `
  - {dnsName: web.example.com, recordType: TXT, targets: [`+strings.Repeat("x", 65000)+`, text]}`))
	f.Check(fixture.Expect("web.example.com. TXT", `web.example.com. 60 IN TXT "text"`))
}

// Names that objects claim in great numbers cost a question for another name nothing.
func TestManyNamesCostOthersNothing(t *testing.T) {
	f := fixture.New(t, "resources Ingress DNSEndpoint", fixture.IngressAt("web", "web.example.com", "192.0.2.1"))
	cost := func(question string) float64 {
		req := fixture.Expect(question).Msg()
		return testing.AllocsPerRun(100, func() { f.Query(req) })
	}
	before, absent := cost("web.example.com. A"), cost("nowhere.example.com. A")
	for n := range 10 {
		var list strings.Builder
		for i := range 1000 {
			fmt.Fprintf(&list, "\n  - {dnsName: n%d.example.com, recordType: A, targets: [192.0.2.2]}", n*1000+i)
		}
		f.Apply(fixture.Endpoints(fmt.Sprintf("many%d", n), list.String()))
	}
	if after := cost("web.example.com. A"); after > before {
		t.Errorf("%v allocations beside 10,000 names, %v before", after, before)
	}
	if after := cost("nowhere.example.com. A"); after > absent {
		t.Errorf("%v allocations for a name that is not there beside 10,000 names, %v before", after, absent)
	}
}
