package resolve_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// roomFixture has targets with ten addresses of each family, and names that point at them.
func roomFixture(t *testing.T) *fixture.Stanza {
	addresses := func(name string, from, n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf("192.0.%d.%d", 2+(from+i)/250, (from+i)%250), fmt.Sprintf("2001:db8::%x", from+i))
		}
		return fixture.IngressAt(name, name+".example.com", list...)
	}
	f := fixture.New(t, "apex ns1 192.0.2.53 2001:db8::53\nsecondary a.example.com\nsecondary b.example.com\nresources Ingress DNSEndpoint",
		addresses("a", 0, 10), addresses("b", 20, 10), addresses("c", 40, 1), addresses("big", 100, 2200),
		fixture.Endpoints("a", `
  - {dnsName: mail.example.com, recordType: MX, targets: [10 a.example.com, 20 b.example.com, 30 c.example.com]}
  - {dnsName: _sip._tcp.example.com, recordType: SRV, targets: [0 0 1 a.example.com, 0 0 2 b.example.com, 0 0 3 c.example.com]}
  - {dnsName: huge.example.com, recordType: MX, targets: [10 big.example.com, 20 c.example.com]}
  - {dnsName: sibling.example.com, recordType: NS, targets: [a.example.com, c.example.com, ns.example.net]}
  - {dnsName: inner.example.com, recordType: NS, targets: [a.example.com, ns.inner.example.com]}`),
		fixture.IngressAt("ns", "ns.inner.example.com", "192.0.2.200", "2001:db8::200"),
		fixture.Endpoints("many", "\n  - {dnsName: many.example.com, recordType: NS, targets: [ns.many.example.com]}"),
		addressesAt("ns.many.example.com", 40))
	return f
}

func addressesAt(host string, n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("192.0.2.%d", i+1))
	}
	return fixture.IngressAt("many", host, list...)
}

// RFC 2181 section 9, RFC 9471: additional records that do not fit are left out, by whole RRsets, and TC is not set for them; not over
// TCP either. It is for glue that a referral cannot do without.
func TestAdditionalDoesNotFit(t *testing.T) {
	f := roomFixture(t)
	for _, tc := range []struct {
		question  string
		tcp       bool
		size      uint16 // of the client's EDNS; 0 for none
		truncated bool
		extra     string // RRsets in the additional section
	}{
		{"mail.example.com. MX", false, 0, false, "a A, b A, c A, c AAAA"},
		{"mail.example.com. MX", false, 700, false, "a A, a AAAA, b A"},
		{"mail.example.com. MX", false, 1232, false, "a A, a AAAA, b A, b AAAA, c A, c AAAA"},
		{"mail.example.com. MX", true, 0, false, "a A, a AAAA, b A, b AAAA, c A, c AAAA"},
		{"_sip._tcp.example.com. SRV", false, 0, false, "a A, b A, c A, c AAAA"},
		{"_sip._tcp.example.com. SRV", false, 1232, false, "a A, a AAAA, b A, b AAAA, c A, c AAAA"},
		{"example.com. NS", false, 0, false, "a A, b A, ns1 A, ns1 AAAA"},
		{"example.com. NS", true, 0, false, "a A, a AAAA, b A, b AAAA, ns1 A, ns1 AAAA"},
		{"huge.example.com. MX", false, 0, false, "c A, c AAAA"},
		{"huge.example.com. MX", true, 0, false, "big A, c A, c AAAA"},
		{"x.sibling.example.com. A", false, 0, false, "a A, c A, c AAAA"},
		{"x.inner.example.com. A", false, 0, false, "a A, ns.inner A, ns.inner AAAA"},
		{"x.many.example.com. A", false, 0, true, ""},
		{"x.many.example.com. A", true, 0, false, "ns.many A"},
	} {
		what := fmt.Sprintf("%s, TCP %t, EDNS %d", tc.question, tc.tcp, tc.size)
		all, _ := f.Query(fixture.Expect(tc.question).Msg())
		m, octets := f.OnWire(tc.question, tc.tcp, tc.size)
		if m.Truncated != tc.truncated {
			t.Errorf("%s: TC is %t", what, m.Truncated)
		}
		if limit := max(512, int(tc.size)); !tc.tcp && octets > limit {
			t.Errorf("%s: %d octets", what, octets)
		}
		if len(m.Answer) != len(all.Answer) || len(m.Ns) != len(all.Ns) {
			t.Errorf("%s: %d and %d records of the sections before", what, len(m.Answer), len(m.Ns))
		}
		sets := map[string]int{}
		for _, rr := range m.Extra {
			if rr.Header().Rrtype != dns.TypeOPT {
				sets[strings.TrimSuffix(rr.Header().Name, ".example.com.")+" "+dns.Type(rr.Header().Rrtype).String()]++
			}
		}
		var list []string
		for set, n := range sets {
			list = append(list, set)
			host, qtype, _ := strings.Cut(set, " ")
			whole, _ := f.OnWire(host+".example.com. "+qtype, true, 0)
			if n != len(whole.Answer) && !tc.truncated && whole.Authoritative {
				t.Errorf("%s: %d of %d records of %s", what, n, len(whole.Answer), set)
			}
		}
		slices.Sort(list)
		if got := strings.Join(list, ", "); got != tc.extra && !tc.truncated {
			t.Errorf("%s: additional records are %q, want %q", what, got, tc.extra)
		}
	}
}

// RFC 6891: what comes back of the client's EDNS is counted too.
func TestAdditionalLeavesRoomForEDNS(t *testing.T) {
	for _, explain := range []string{"", "explain\n"} {
		for targets := 1; targets <= 60; targets++ {
			f := fixture.New(t, explain+"resources Ingress DNSEndpoint", addressesAt("a.example.com", targets),
				fixture.Endpoints("mail", "\n  - {dnsName: mail.example.com, recordType: MX, targets: [10 a.example.com]}"))
			req := fixture.Expect("mail.example.com. MX").Msg().SetEdns0(512, true)
			req.IsEdns0().Option = append(req.IsEdns0().Option, &dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: "24a5ac1223344556"})
			m, _ := f.Scrubbed(req, false)
			if m.Truncated || len(m.Answer) != 1 || m.IsEdns0() == nil {
				t.Fatalf("%d addresses: %s", targets, m)
			}
			if n := len(m.Extra); n != 1 && n != targets+1 || targets == 1 && n != 2 {
				t.Errorf("%d addresses: %d additional records", targets, n)
			}
		}
	}
}
