package gateway

import "testing"

// C3, Z9: a target in our zone that falls through is looked up like one that is not ours. What the next
// plugin says is not remembered, since a name of ours may appear at any time.
func TestTargetFallsThrough(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint\nfallthrough", endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, targets: [other.example.com]}
  - {dnsName: text.example.com, recordType: CNAME, targets: [nothing.example.com]}
  - {dnsName: nothing.example.com, recordType: TXT, targets: [text]}`)).behind()
	u := f.outside("other.example.com. 300 IN A 192.0.2.9")
	cname := "web.example.com. 60 IN CNAME other.example.com."
	f.check(
		expect("web.example.com. A", cname, "other.example.com. 300 IN A 192.0.2.9"),
		expect("text.example.com. A", "text.example.com. 60 IN CNAME nothing.example.com.", "soa"), // NODATA does not fall through
		expect("other.example.com. A", "NEXT"),
	)
	u.set("other.example.com. 300 IN A 192.0.2.10")
	f.check(expect("web.example.com. A", cname, "other.example.com. 300 IN A 192.0.2.10"))
	f.apply(endpoints("other", `
  - {dnsName: other.example.com, recordType: A, targets: [192.0.2.1]}`))
	f.check(expect("web.example.com. A", cname, "other.example.com. 60 IN A 192.0.2.1"))
	if n := u.count("other.example.com. A"); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

// Z9, C3: only the name asked for can fall through. An alias is an answer, whatever is behind it.
func TestAliasDoesNotFallThrough(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint\nfallthrough other.example.com", endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, targets: [missing.example.com]}
  - {dnsName: x.other.example.com, recordType: CNAME, targets: [missing.example.com]}`)).behind()
	f.outside()
	f.check(
		expect("web.example.com. A", "web.example.com. 60 IN CNAME missing.example.com.", "NXDOMAIN", "soa"),
		expect("x.other.example.com. A", "x.other.example.com. 60 IN CNAME missing.example.com.", "NXDOMAIN", "soa"),
		expect("y.other.example.com. A", "NEXT"),
	)
}

// C3, Z9: a target that only has names below it, and the apex, are looked up by the same rule: outside, unless an object
// answers for them.
func TestTargetAboveNamesFallsThrough(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint\nfallthrough", endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, targets: [b.example.com]}
  - {dnsName: apex.example.com, recordType: CNAME, targets: [example.com]}
  - {dnsName: a.b.example.com, recordType: A, targets: [192.0.2.1]}`)).behind()
	f.outside("b.example.com. 300 IN A 192.0.2.9", "example.com. 300 IN A 192.0.2.10")
	f.check(
		expect("web.example.com. A", "web.example.com. 60 IN CNAME b.example.com.", "b.example.com. 300 IN A 192.0.2.9"),
		expect("apex.example.com. A", "apex.example.com. 60 IN CNAME example.com.", "example.com. 300 IN A 192.0.2.10"),
	)
}

// C4, Z9: a name whose targets cannot be resolved is SERVFAIL. It exists, so that no other plugin may deny it,
// least of all at the apex (Z3).
func TestUnresolvedDoesNotFallThrough(t *testing.T) {
	f := newFixture(t, "resources Ingress\nfallthrough",
		ingressAt("web", "web.example.com", "a.example.net", "b.example.net"), ingressAt("apex", "example.com", "a.example.net")).behind()
	f.outside().fail(true)
	f.check(
		expect("web.example.com. A", "SERVFAIL"),
		expect("web.example.com. TXT", "soa"),
		expect("example.com. A", "SERVFAIL"),
		expect("example.com. TXT", "soa"),
	)
}
