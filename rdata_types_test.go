package gateway

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// D2: every type, with names written with and without a trailing dot, and in any case.
func TestRecordTypes(t *testing.T) {
	for _, tc := range []struct{ rrtype, target, want string }{
		{"A", "192.0.2.1", "A 192.0.2.1"},
		{"AAAA", "2001:DB8::1", "AAAA 2001:db8::1"},
		{"CNAME", "Host.Example.NET", "CNAME host.example.net."},
		{"CNAME", "host.example.net.", "CNAME host.example.net."},
		{"TXT", "some text", `TXT "some text"`},
		{"MX", "10 mail.example.net", "MX 10 mail.example.net."},
		{"MX", "10 mail.example.net.", "MX 10 mail.example.net."},
		{"MX", " 0\tMAIL.Example.net ", "MX 0 mail.example.net."},
		{"MX", "65535 mail", "MX 65535 mail."},
		{"MX", "0 .", "MX 0 ."},
		{"MX", "10 mäil.example.net", "MX 10 xn--mil-qla.example.net."},
		{"SRV", "10 5 5060 sip.example.net", "SRV 10 5 5060 sip.example.net."},
		{"SRV", "10 5 5060 SIP.example.net.", "SRV 10 5 5060 sip.example.net."},
		{"SRV", "0 0 0 .", "SRV 0 0 0 ."},
		{"PTR", "host.example.net", "PTR host.example.net."},
		{"PTR", "host.example.net.", "PTR host.example.net."},
		{"NAPTR", `100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .`, `NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .`},
		{"NAPTR", `100 10 "u" "E2U+sip" "!^(.*)$!sip:\\1@example.com!" .`, `NAPTR 100 10 "u" "E2U+sip" "!^(.*)$!sip:\\1@example.com!" .`},
		{"NAPTR", `100 50 "s" "SIP+D2U" "" _sip._udp.example.net`, `NAPTR 100 50 "s" "SIP+D2U" "" _sip._udp.example.net.`},
		{"CAA", `0 issue "letsencrypt.org"`, `CAA 0 issue "letsencrypt.org"`},
		{"CAA", `0 issue ";"`, `CAA 0 issue ";"`},
		{"CAA", `128 iodef "mailto:security@example.com"`, `CAA 128 iodef "mailto:security@example.com"`},
		{"mx", "10 mail.example.net", "MX 10 mail.example.net."},
	} {
		f := newFixture(t, "resources DNSEndpoint", oneEndpoint(t, "web.example.com", tc.rrtype, tc.target))
		rr := mustRR("web.example.com. 60 IN " + tc.want)
		f.check(expect("web.example.com. "+dns.Type(rr.Header().Rrtype).String(), rr.String()))
	}
}

// D3, N5: a bad target costs itself only: the record set lives if a good one is left. Without one the name is
// claimed, and does not exist (Z12).
func TestBadTargets(t *testing.T) {
	good := map[string]struct{ target, want string }{
		"CNAME": {"host.example.net", "CNAME host.example.net."},
		"MX":    {"10 mail.example.net", "MX 10 mail.example.net."},
		"SRV":   {"1 2 3 host.example.net", "SRV 1 2 3 host.example.net."},
		"PTR":   {"host.example.net", "PTR host.example.net."},
		"NAPTR": {`1 2 "" "" "" .`, `NAPTR 1 2 "" "" "" .`},
		"CAA":   {`0 issue "ca.example.net"`, `CAA 0 issue "ca.example.net"`},
	}
	for _, tc := range []struct {
		rrtype string
		bad    []string
	}{
		{"CNAME", []string{"", ".", "192.0.2.1", "2001:db8::1", "*.example.net", "bad..example.net", "a b", "x\n.example.net", "-a.example.net"}},
		{"MX", []string{
			"", ".", "mail.example.net", "10", "70000 mail.example.net", "-1 mail.example.net", "ten mail.example.net",
			"10 192.0.2.1", "10 *.example.net", "10 bad..example.net", "10 a.example.net 20 b.example.net",
			"10 a.example.net\n$INCLUDE /etc/passwd", "10 a.example.net\r\nx 60 IN A 192.0.2.1", "; comment", "10 a\\.example.net",
		}},
		{"SRV", []string{"", "1 2 host.example.net", "1 2 70000 host.example.net", "1 2 3 192.0.2.1", "1 2 3 *.example.net", "1 2 3"}},
		{"PTR", []string{"", ".", "192.0.2.1", "*.example.net", "two names", "a..b"}},
		{"NAPTR", []string{"", "1 2 u", `1 2 "u" "x" "y`, `1 2 "" "" "" *.example.net`, `70000 2 "" "" "" .`}},
		{"CAA", []string{
			"", "0", "0 issue", `300 issue "x"`, `issue "x"`,
			`0 bad-tag "x"`, `0 "" "x"`, `0 "a b" "x"`, // RFC 8659 section 4.1: letters and digits, or a secondary refuses the zone
		}},
	} {
		for _, bad := range tc.bad {
			f := newFixture(t, "resources DNSEndpoint",
				oneEndpoint(t, "web.example.com", tc.rrtype, bad, good[tc.rrtype].target), oneEndpoint(t, "bad.example.com", tc.rrtype, bad))
			f.outside()
			want := "web.example.com. 60 IN " + good[tc.rrtype].want
			if got := f.answers("web.example.com. " + tc.rrtype); len(got) != 1 || got[0] != mustRR(want).String() {
				t.Errorf("%s %q: got %q, want %s", tc.rrtype, bad, got, want)
			}
			f.check(expect("bad.example.com. "+tc.rrtype, "NXDOMAIN", "soa"), expect("bad.example.com. A", "NXDOMAIN", "soa"))
		}
	}
}

// D2: types that cannot be served are skipped, those that would make a mess of the zone among them.
func TestUnknownTypes(t *testing.T) {
	for _, rrtype := range []string{"SOA", "DNAME", "ANY", "AXFR", "OPT", "DS", "RRSIG", "NSEC", "HTTPS", "SVCB", "TYPE1", "TYPE15", "A AAAA", "BOGUS"} {
		f := newFixture(t, "resources DNSEndpoint",
			oneEndpoint(t, "web.example.com", rrtype, "10 mail.example.net", "192.0.2.1", "x.example.net",
				"ns.example.net. h.example.net. 1 2 3 4 5", "1 . alpn=h2"),
			oneEndpoint(t, "example.com", rrtype, "ns.example.net. h.example.net. 1 2 3 4 5"))
		f.check(
			expect("web.example.com. A", "NXDOMAIN", "soa"),
			expect("web.example.com. SOA", "NXDOMAIN", "soa"),
			expect("web.example.com. MX", "NXDOMAIN", "soa"),
			expect("example.com. SOA", apexSOAText),
		)
	}
}

// D4: recordTTL is the TTL, where it is one (RFC 2181 section 8).
func TestRecordTTL(t *testing.T) {
	for _, tc := range []struct {
		ttl  int64
		want string
	}{{-1, "60"}, {0, "60"}, {1, "1"}, {120, "120"}, {2147483647, "2147483647"}, {2147483648, "2147483647"}, {9223372036854775807, "2147483647"}} {
		f := newFixture(t, "resources DNSEndpoint", endpoints("web", fmt.Sprintf(`
  - {dnsName: web.example.com, recordType: MX, recordTTL: %[1]d, targets: [10 mail.example.net]}
  - {dnsName: alias.example.com, recordType: CNAME, recordTTL: %[1]d, targets: [host.example.net]}
  - {dnsName: addr.example.com, recordType: A, recordTTL: %[1]d, targets: [192.0.2.1]}`, tc.ttl)))
		f.check(
			expect("web.example.com. MX", "web.example.com. "+tc.want+" IN MX 10 mail.example.net."),
			expect("alias.example.com. CNAME", "alias.example.com. "+tc.want+" IN CNAME host.example.net."),
			expect("addr.example.com. A", "addr.example.com. "+tc.want+" IN A 192.0.2.1"),
		)
	}
}

// D6, Z15: endpoints with one name and type are united: each record once, with the least TTL of all.
func TestRecordSetUnited(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", endpoints("a", `
  - {dnsName: web.example.com, recordType: MX, recordTTL: 300, targets: [10 b.example.net, 20 A.example.net., 10 b.example.net.]}
  - {dnsName: web.example.com, recordType: TXT, recordTTL: 30, targets: [one, '"one"', two]}`),
		endpoints("b", `
  - {dnsName: web.example.com, recordType: MX, recordTTL: 200, setIdentifier: x, targets: [20 a.example.net, 30 c.example.net]}`))
	f.check(
		expect("web.example.com. MX",
			"web.example.com. 200 IN MX 10 b.example.net.", "web.example.com. 200 IN MX 20 a.example.net.", "web.example.com. 200 IN MX 30 c.example.net."),
		expect("web.example.com. TXT", "web.example.com. 30 IN TXT one", "web.example.com. 30 IN TXT two"),
	)
}

// RFC 2181 section 5: an endpoint that says a thing twice is served once.
func TestRecordOnce(t *testing.T) {
	for _, tc := range []struct {
		rrtype, one, again, want string
	}{
		{"MX", "10 mail.example.net", "10 MAIL.example.net.", "MX 10 mail.example.net."},
		{"TXT", "text", `"text"`, "TXT text"},
		{"SRV", "1 2 3 host.example.net", "1  2 3 host.example.net.", "SRV 1 2 3 host.example.net."},
		{"PTR", "host.example.net", "host.example.net.", "PTR host.example.net."},
		{"CAA", `0 issue "ca.example.net"`, `0 issue ca.example.net`, `CAA 0 issue "ca.example.net"`},
		{"A", "192.0.2.1", "::ffff:192.0.2.1", "A 192.0.2.1"},
	} {
		f := newFixture(t, "resources DNSEndpoint", oneEndpoint(t, "web.example.com", tc.rrtype, tc.one, tc.again))
		f.check(expect("web.example.com. "+tc.rrtype, "web.example.com. 60 IN "+tc.want))
	}
}

// oneEndpoint is a DNSEndpoint with one name. Its targets may be any string.
func oneEndpoint(t testing.TB, name, rrtype string, targets ...string) string {
	list, err := json.Marshal([]any{map[string]any{"dnsName": name, "recordType": rrtype, "targets": targets}})
	if err != nil {
		t.Fatal(err)
	}
	return endpoints(fmt.Sprintf("o%x", name), " "+string(list))
}
