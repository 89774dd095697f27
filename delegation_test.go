package gateway

import "testing"

const (
	subNS   = "ns: sub.example.com. 300 IN NS ns1.sub.example.com."
	subNS2  = "ns: sub.example.com. 300 IN NS ns.example.net."
	subGlue = "add: ns1.sub.example.com. 60 IN A 192.0.2.53"
)

var delegated = endpoints("sub", `
  - {dnsName: sub.example.com, recordType: NS, recordTTL: 300, targets: [ns1.sub.example.com, ns.example.net.]}
  - {dnsName: ns1.sub.example.com, recordType: A, targets: [192.0.2.53]}
  - {dnsName: occluded.sub.example.com, recordType: TXT, targets: [text]}
  - {dnsName: sub.example.com, recordType: TXT, targets: [text]}
  - {dnsName: sub.example.com, recordType: A, targets: [192.0.2.1]}`)

// Z5: at and below a delegation there is a referral, whatever the type, and whatever the zone has there:
// AA=0, NS in authority, glue in additional.
func TestReferral(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint Ingress", delegated,
		ingressAt("web", "web.sub.example.com", "192.0.2.2"), ingressAt("wild", "*.sub.example.com", "192.0.2.3"))
	for _, name := range []string{
		"sub.example.com.", "web.sub.example.com.", "occluded.sub.example.com.", "ns1.sub.example.com.",
		"nowhere.sub.example.com.", "a.b.c.sub.example.com.", "*.sub.example.com.",
	} {
		for _, qtype := range []string{"A", "AAAA", "NS", "TXT", "SOA", "MX", "ANY", "CNAME", "SRV", "HTTPS"} {
			f.check(expect(name+" "+qtype, "referral", subNS, subNS2, subGlue))
		}
	}
	f.check(
		expect("a.sub.example.com. DS", "referral", subNS, subNS2, subGlue),
		expect("SUB.Example.com. A", "referral", subNS, subNS2, subGlue),
		expect("notsub.example.com. A", "NXDOMAIN", "soa"),
		expect("xsub.example.com. A", "NXDOMAIN", "soa"),
	)
	f.remove(delegated)
	f.check(
		expect("web.sub.example.com. A", "web.sub.example.com. 60 IN A 192.0.2.2"),
		expect("sub.example.com. NS", "soa"),
		expect("nowhere.sub.example.com. TXT", "soa"),
		expect("ns1.sub.example.com. A", "ns1.sub.example.com. 60 IN A 192.0.2.3"),
	)
}

// Z5, RFC 4035 section 3.1.4.1: DS at the cut is the parent's, who has none.
func TestReferralDS(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", delegated)
	f.check(expect("sub.example.com. DS", "soa"), expect("x.sub.example.com. DS", "referral", subNS, subNS2, subGlue))
}

// Z5: of nested delegations the highest counts, and a nameserver below is glue all the same.
func TestReferralNested(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", delegated, endpoints("deep", `
  - {dnsName: deep.sub.example.com, recordType: NS, targets: [ns.deep.sub.example.com]}
  - {dnsName: ns.deep.sub.example.com, recordType: A, targets: [192.0.2.54]}`))
	for _, name := range []string{"deep.sub.example.com.", "x.deep.sub.example.com.", "ns.deep.sub.example.com.", "sub.example.com."} {
		f.check(expect(name+" A", "referral", subNS, subNS2, subGlue), expect(name+" NS", "referral", subNS, subNS2, subGlue))
	}
	f.check(expect("deep.sub.example.com. DS", "referral", subNS, subNS2, subGlue))
	f.remove(delegated)
	deep := []string{"referral", "ns: deep.sub.example.com. 60 IN NS ns.deep.sub.example.com.", "add: ns.deep.sub.example.com. 60 IN A 192.0.2.54"}
	f.check(
		expect("x.deep.sub.example.com. A", deep...),
		expect("deep.sub.example.com. NS", deep...),
		expect("deep.sub.example.com. DS", "soa"),
		expect("sub.example.com. A", "soa"), // a non-terminal now
	)
}

// Z5: NS records at a wildcard or at the apex are ignored, and cost nothing else.
func TestReferralIgnored(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com inner.example.com {\nresources DNSEndpoint\n}", endpoints("web", `
  - {dnsName: "*.wild.example.com", recordType: NS, targets: [ns.example.net]}
  - {dnsName: "*.wild.example.com", recordType: A, targets: [192.0.2.1]}
  - {dnsName: example.com, recordType: NS, targets: [ns.example.net]}
  - {dnsName: example.com, recordType: A, targets: [192.0.2.2]}
  - {dnsName: inner.example.com, recordType: NS, targets: [ns.example.net]}
  - {dnsName: x.inner.example.com, recordType: A, targets: [192.0.2.3]}
  - {dnsName: bad.example.com, recordType: NS, targets: [192.0.2.4, "."]}
  - {dnsName: bad.example.com, recordType: A, targets: [192.0.2.5]}`))
	f.check(
		expect("x.wild.example.com. A", "x.wild.example.com. 60 IN A 192.0.2.1"),
		expect("x.wild.example.com. NS", "soa"),
		expect("*.wild.example.com. NS", "soa"),
		expect("example.com. A", "example.com. 60 IN A 192.0.2.2"),
		expect("example.com. NS", "example.com. 60 IN NS dns1.kube-system.example.com."),
		expect("x.inner.example.com. A", "x.inner.example.com. 60 IN A 192.0.2.3"),
		expect("inner.example.com. NS", "inner.example.com. 60 IN NS dns1.kube-system.inner.example.com."),
		expect("bad.example.com. A", "bad.example.com. 60 IN A 192.0.2.5"),
	)
}

// Z5, D7: glue is whatever addresses the zone has for the nameservers, wherever they come from.
func TestReferralGlue(t *testing.T) {
	f := newFixture(t, "apex ns1 192.0.2.53\nresources DNSEndpoint Ingress Service", endpoints("sub", `
  - {dnsName: sub.example.com, recordType: NS, targets: [ns.sub.example.com, NS1.example.com, svc.example.com, missing.example.com, alias.example.com]}
  - {dnsName: alias.example.com, recordType: CNAME, targets: [host.example.net]}`),
		ingressAt("ns", "ns.sub.example.com", "192.0.2.1", "2001:db8::1"), serviceAt("svc", "svc.example.com", "192.0.2.2"))
	u := f.outside("host.example.net. 30 IN A 192.0.2.9")
	f.check(expect("x.sub.example.com. A", "referral",
		"ns: sub.example.com. 60 IN NS ns.sub.example.com.", "ns: sub.example.com. 60 IN NS ns1.example.com.",
		"ns: sub.example.com. 60 IN NS svc.example.com.", "ns: sub.example.com. 60 IN NS missing.example.com.",
		"ns: sub.example.com. 60 IN NS alias.example.com.",
		"add: ns.sub.example.com. 60 IN A 192.0.2.1", "add: ns.sub.example.com. 60 IN AAAA 2001:db8::1",
		"add: ns1.example.com. 60 IN A 192.0.2.53", "add: svc.example.com. 60 IN A 192.0.2.2"))
	if len(u.asked) > 0 {
		t.Errorf("asked %v for glue", u.asked)
	}
}

// Z5: several objects delegate together; the last that goes takes the delegation with it.
func TestReferralUnited(t *testing.T) {
	one := endpoints("one", "\n  - {dnsName: sub.example.com, recordType: NS, recordTTL: 300, targets: [a.example.net]}")
	two := endpoints("two", "\n  - {dnsName: sub.example.com, recordType: NS, recordTTL: 20, targets: [b.example.net, A.example.net.]}")
	f := newFixture(t, "resources DNSEndpoint", one, two)
	f.check(expect("x.sub.example.com. A", "referral", "ns: sub.example.com. 20 IN NS a.example.net.", "ns: sub.example.com. 20 IN NS b.example.net."))
	f.remove(two)
	f.check(expect("x.sub.example.com. A", "referral", "ns: sub.example.com. 300 IN NS a.example.net."))
	f.remove(one)
	f.check(expect("x.sub.example.com. A", "NXDOMAIN", "soa"))
}

// Z4, Z5: the nameservers' names come before delegations, so that ours can always be found.
func TestReferralAboveNameserver(t *testing.T) {
	f := newFixture(t, "apex ns1.sub 192.0.2.53\nresources DNSEndpoint", endpoints("sub", `
  - {dnsName: sub.example.com, recordType: NS, targets: [ns.example.net]}`))
	f.check(
		expect("ns1.sub.example.com. A", "ns1.sub.example.com. 60 IN A 192.0.2.53"),
		expect("x.sub.example.com. A", "referral", "ns: sub.example.com. 60 IN NS ns.example.net."),
	)
}

// Z9: a delegated name exists elsewhere, so that it does not fall through.
func TestReferralDoesNotFallThrough(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint\nfallthrough", delegated).behind()
	f.check(
		expect("x.sub.example.com. A", "referral", subNS, subNS2, subGlue),
		expect("sub.example.com. DS", "soa"),
		expect("other.example.com. A", "NEXT"),
	)
}
