package gateway

import "testing"

// C3, Z5: an alias that leads to a delegated name is ours, and what is behind it is referred (RFC 1034
// section 4.3.2).
func TestAliasToDelegation(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", delegated, endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, targets: [x.sub.example.com]}
  - {dnsName: cut.example.com, recordType: CNAME, targets: [sub.example.com]}`))
	u := f.outside()
	f.check(
		expect("web.example.com. A", "web.example.com. 60 IN CNAME x.sub.example.com.", subNS, subNS2, subGlue),
		expect("cut.example.com. TXT", "cut.example.com. 60 IN CNAME sub.example.com.", subNS, subNS2, subGlue),
		expect("web.example.com. CNAME", "web.example.com. 60 IN CNAME x.sub.example.com."),
	)
	if len(u.asked) > 0 {
		t.Errorf("asked %v", u.asked)
	}
}

// C4, Z5: the addresses of a delegated name are not known here. A name that is flattened to it must not be
// said to have none, which resolvers would remember.
func TestFlattenToDelegation(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint Ingress", delegated,
		ingressAt("apex", "example.com", "x.sub.example.com"),
		ingressAt("web", "web.example.com", "x.sub.example.com", "y.sub.example.com"))
	f.outside().fail(true)
	f.check(expect("example.com. A", "SERVFAIL"), expect("web.example.com. A", "SERVFAIL"))
}

// D7: a mail server below a delegation has the addresses that the zone knows as glue, or none.
func TestAdditionalBelowDelegation(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", delegated, endpoints("web", `
  - {dnsName: web.example.com, recordType: MX, targets: [10 ns1.sub.example.com, 20 mail.sub.example.com]}`))
	f.check(expect("web.example.com. MX", "web.example.com. 60 IN MX 10 ns1.sub.example.com.",
		"web.example.com. 60 IN MX 20 mail.sub.example.com.", subGlue))
}
