package gateway

import "testing"

// D3: a CNAME beside other data at its name loses, whatever kind that comes from. No name may have a
// CNAME for one question, and other data for another (RFC 1034 section 3.6.2).
func TestCNAMEBesideOtherData(t *testing.T) {
	cname := `
  - {dnsName: web.example.com, recordType: CNAME, targets: [host.example.net]}`
	for _, tc := range []struct {
		name, manifest string
		question       string
		answer         []string
	}{
		{"TXT", endpoints("b", `
  - {dnsName: web.example.com, recordType: TXT, targets: [text]}`), "web.example.com. TXT", []string{"web.example.com. 60 IN TXT text"}},
		{"MX", endpoints("b", `
  - {dnsName: web.example.com, recordType: MX, targets: [0 .]}`), "web.example.com. MX", []string{"web.example.com. 60 IN MX 0 ."}},
		{"CAA", endpoints("b", `
  - {dnsName: web.example.com, recordType: CAA, targets: ['0 issue ";"']}`), "web.example.com. CAA", []string{`web.example.com. 60 IN CAA 0 issue ";"`}},
		{"A", endpoints("b", `
  - {dnsName: web.example.com, recordType: A, targets: [192.0.2.1]}`), "web.example.com. A", []string{"web.example.com. 60 IN A 192.0.2.1"}},
		{"AAAA", endpoints("b", `
  - {dnsName: web.example.com, recordType: AAAA, targets: ["2001:db8::1"]}`), "web.example.com. AAAA", []string{"web.example.com. 60 IN AAAA 2001:db8::1"}},
		{"Ingress", ingressAt("web", "web.example.com", "192.0.2.1"), "web.example.com. A", []string{"web.example.com. 60 IN A 192.0.2.1"}},
		{"Gateway", gatewayAt("web", "web.example.com", "192.0.2.1"), "web.example.com. A", []string{"web.example.com. 60 IN A 192.0.2.1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, resources := range []string{"DNSEndpoint Ingress HTTPRoute", "HTTPRoute Ingress DNSEndpoint"} {
				f := newFixture(t, "resources "+resources, endpoints("a", cname), tc.manifest)
				f.outside("host.example.net. 30 IN A 192.0.2.9", "host.example.net. 30 IN TXT other")
				f.check(expect(tc.question, tc.answer...), expect("web.example.com. CNAME", "soa"), expect("web.example.com. HINFO", "soa"))
				f.remove(tc.manifest)
				f.check(expect("web.example.com. CNAME", "web.example.com. 60 IN CNAME host.example.net."))
			}
		})
	}
}

// D3, A2: nameservers' names have addresses of their own, and so no alias beside them.
func TestCNAMEBesideNameserver(t *testing.T) {
	for _, tc := range []struct{ name, manifest string }{
		{"DNSEndpoint", endpoints("a", `
  - {dnsName: ns1.example.com, recordType: CNAME, targets: [host.example.net]}`)},
		{"Ingress", ingressAt("web", "ns1.example.com", "host.example.net")},
		{"Service", serviceAt("web", "ns1.example.com", "host.example.net")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t, "apex ns1 192.0.2.53\nresources "+tc.name, tc.manifest)
			f.outside("host.example.net. 30 IN A 192.0.2.9", "host.example.net. 30 IN TXT text")
			soa := "ns: example.com. 5 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"
			f.check(
				expect("ns1.example.com. A", "ns1.example.com. 60 IN A 192.0.2.53"),
				expect("ns1.example.com. AAAA", soa),
				expect("ns1.example.com. ANY", "ns1.example.com. 60 IN A 192.0.2.53"),
				expect("ns1.example.com. CNAME", soa),
				expect("ns1.example.com. TXT", soa),
			)
		})
	}
}

// D3: several CNAME targets: the first in order counts.
func TestSeveralCNAMETargets(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, targets: [z.example.net, a.example.net, 192.0.2.1]}
  - {dnsName: bad.example.com, recordType: CNAME, targets: ["*.example.net", m.example.net, a.example.net]}`))
	f.outside("z.example.net. 30 IN A 192.0.2.9")
	f.check(
		expect("web.example.com. A", "web.example.com. 60 IN CNAME z.example.net.", "z.example.net. 30 IN A 192.0.2.9"),
		expect("web.example.com. CNAME", "web.example.com. 60 IN CNAME z.example.net."),
		expect("bad.example.com. CNAME", "bad.example.com. 60 IN CNAME m.example.net."),
	)
}

// D3, Z15: endpoints of one object that agree on the CNAME have one, with the least TTL; the TTL of one that does not count
// does not either.
func TestCNAMEInSeveralEndpoints(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, recordTTL: 30, targets: [a.example.net]}
  - {dnsName: web.example.com, recordType: CNAME, recordTTL: 10, targets: [a.example.net]}
  - {dnsName: web.example.com, recordType: CNAME, recordTTL: 1, targets: [b.example.net]}`))
	f.check(expect("web.example.com. CNAME", "web.example.com. 10 IN CNAME a.example.net."))
}

// D3, Z15: objects with different CNAME targets for one name: one of them, with its own TTL, always the same.
func TestCNAMEInSeveralObjects(t *testing.T) {
	want := ""
	for i := range 20 {
		manifests := []string{
			endpoints("a", "\n  - {dnsName: web.example.com, recordType: CNAME, recordTTL: 300, targets: [a.example.net]}"),
			endpoints("b", "\n  - {dnsName: web.example.com, recordType: CNAME, recordTTL: 20, targets: [b.example.net]}"),
			endpoints("c", "\n  - {dnsName: web.example.com, recordType: CNAME, recordTTL: 100, targets: [c.example.net]}"),
		}
		f := newFixture(t, "resources DNSEndpoint", manifests[i%3], manifests[(i+1)%3], manifests[(i+2)%3])
		got := f.answers("web.example.com. CNAME")
		if len(got) != 1 || want != "" && got[0] != want {
			t.Fatalf("got %q, want one record and the same as before: %q", got, want)
		}
		want = got[0]
	}
	if want != "web.example.com.\t300\tIN\tCNAME\ta.example.net." {
		t.Errorf("the CNAME of one object has the TTL of another: %s", want)
	}
}
