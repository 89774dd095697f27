package gateway

import (
	"slices"
	"testing"

	"github.com/miekg/dns"
)

// Z15, D4: an RRset has one TTL, the least of those of its parts; other RRsets at the name keep theirs.
func TestLeastTTL(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: one, namespace: default}
spec:
  endpoints:
  - {dnsName: web.example.com, recordType: A, recordTTL: 300, targets: [192.0.2.1]}
  - {dnsName: web.example.com, recordType: AAAA, recordTTL: 200, targets: ["2001:db8::1"]}
  - {dnsName: web.example.com, recordType: TXT, recordTTL: 500, targets: [one]}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: two, namespace: default}
spec:
  endpoints:
  - {dnsName: web.example.com, recordType: A, recordTTL: 30, targets: [192.0.2.2]}
  - {dnsName: web.example.com, recordType: TXT, recordTTL: 400, targets: [two]}
  - {dnsName: web.example.com, recordType: TXT, recordTTL: 450, targets: [two]}
`)
	f.ask(
		withTTL("30", dns.TypeA, "web.example.com.", []string{"192.0.2.1", "192.0.2.2"}),
		withTTL("200", dns.TypeAAAA, "web.example.com.", []string{"2001:db8::1"}),
		withTTL("400", dns.TypeTXT, "web.example.com.", []string{"one", "two"}),
	)
}

// Z15: an object without records of the type has no say in its TTL.
func TestTTLOfOtherType(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: one, namespace: default}
spec:
  endpoints:
  - {dnsName: web.example.com, recordType: A, recordTTL: 300, targets: [192.0.2.1]}
  - {dnsName: web.example.com, recordType: AAAA, recordTTL: 10, targets: ["2001:db8::1"]}
  - {dnsName: web.example.com, recordType: A, recordTTL: 20, targets: [not-an-address]}
`)
	f.ask(withTTL("300", dns.TypeA, "web.example.com.", []string{"192.0.2.1"}))
}

// D4: a TTL that is not positive means the default, and 2^31-1 is the most there is.
func TestEndpointTTL(t *testing.T) {
	f := newFixture(t, "ttl 77\nresources DNSEndpoint", `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: ttl, namespace: default}
spec:
  endpoints:
  - {dnsName: absent.example.com, recordType: A, targets: [192.0.2.1]}
  - {dnsName: zero.example.com, recordType: A, recordTTL: 0, targets: [192.0.2.1]}
  - {dnsName: negative.example.com, recordType: A, recordTTL: -1, targets: [192.0.2.1]}
  - {dnsName: one.example.com, recordType: A, recordTTL: 1, targets: [192.0.2.1]}
  - {dnsName: day.example.com, recordType: A, recordTTL: 86400, targets: [192.0.2.1]}
  - {dnsName: most.example.com, recordType: A, recordTTL: 2147483647, targets: [192.0.2.1]}
  - {dnsName: more.example.com, recordType: A, recordTTL: 4294967297, targets: [192.0.2.1]}
`)
	for name, ttl := range map[string]string{
		"absent": "77", "zero": "77", "negative": "77", "one": "1", "day": "86400", "most": "2147483647", "more": "2147483647",
	} {
		f.ask(withTTL(ttl, dns.TypeA, name+".example.com.", []string{"192.0.2.1"}))
	}
}

// Z15: records come in the same order every time, however their objects arrived: addresses by number.
func TestRecordOrder(t *testing.T) {
	manifests := []string{
		aService("one", "web.example.com", "192.0.2.10", "192.0.2.2", "2001:db8::10"),
		aService("two", "web.example.com", "10.0.0.1", "2001:db8::2"),
		aService("three", "web.example.com", "192.0.2.100"),
		anEndpoint("web.example.com", "TXT", "c", "b"),
		anEndpoint("WEB.example.com.", "TXT", "a", "d"),
	}
	want := map[uint16][]string{
		dns.TypeA:    {"10.0.0.1", "192.0.2.2", "192.0.2.10", "192.0.2.100"},
		dns.TypeAAAA: {"2001:db8::2", "2001:db8::10"},
		dns.TypeTXT:  {`"a"`, `"b"`, `"c"`, `"d"`},
	}
	manifests[4] = `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: other, namespace: default}
spec: {endpoints: [{dnsName: web.example.com, recordType: TXT, targets: [d, a]}]}
`
	for range 2 {
		f := newFixture(t, "resources Service DNSEndpoint", manifests...)
		for qtype, want := range want {
			m, _ := f.exchange(new(dns.Msg).SetQuestion("web.example.com.", qtype))
			var got []string
			for _, rr := range m.Answer {
				got = append(got, rr.String()[len(rr.Header().String()):])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", dns.TypeToString[qtype], got, want)
			}
		}
		slices.Reverse(manifests)
	}
}

// Z14, RFC 2181 section 5: an RRset holds no record twice.
func TestNoRecordTwice(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", anEndpoint("web.example.com", "A", "192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1"), anEndpoint("text.example.com", "TXT", "text", "text", `"text"`))
	f.ask(a("web.example.com.", "192.0.2.1"))
	f.ask(txt("text.example.com.", "text"))
}

// Z15: a reply shares nothing with what is stored: plugins behind this one append to it and sort it.
func TestReplyIsNotShared(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint", anIngress("web.example.com", "192.0.2.1", "192.0.2.2"), anEndpoint("web.example.com", "TXT", "one", "two"))
	for _, tc := range []struct {
		qtype uint16
		ruin  func(dns.RR)
	}{
		{dns.TypeA, func(rr dns.RR) { rr.Header().Ttl = 1; copy(rr.(*dns.A).A, []byte{9, 9, 9, 9}) }},
		{dns.TypeTXT, func(rr dns.RR) { rr.Header().Name = "ruined."; rr.(*dns.TXT).Txt = append(rr.(*dns.TXT).Txt, "more") }},
	} {
		m, _ := f.exchange(new(dns.Msg).SetQuestion("web.example.com.", tc.qtype))
		for _, rr := range m.Answer {
			tc.ruin(rr)
		}
		slices.Reverse(m.Answer)
		_ = append(m.Answer[:1], m.Answer...)
	}
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"), txt("web.example.com.", "one", "two"))
}
