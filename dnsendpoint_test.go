package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// D1: each endpoint stands alone: a name gets the targets of the endpoints that bear it.
func TestEndpointsStandAlone(t *testing.T) {
	manifest := `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: web, namespace: default}
spec:
  endpoints:
  - {dnsName: one.example.com, recordType: A, targets: [192.0.2.1]}
  - {dnsName: two.example.com, recordType: A, targets: [192.0.2.2]}
  - {dnsName: two.example.com, recordType: AAAA, targets: ["2001:db8::2"]}
  - {dnsName: text.example.com, recordType: TXT, targets: [text]}
  - {dnsName: outside.example.net, recordType: A, targets: [192.0.2.3]}
`
	f := newFixture(t, "resources DNSEndpoint", manifest)
	f.ask(
		a("one.example.com.", "192.0.2.1"),
		nodata("one.example.com.", dns.TypeAAAA),
		nodata("one.example.com.", dns.TypeTXT),
		a("two.example.com.", "192.0.2.2"),
		aaaa("two.example.com.", "2001:db8::2"),
		txt("text.example.com.", "text"),
		nodata("text.example.com.", dns.TypeA),
	)
	f.remove(manifest)
	f.ask(nxdomain("one.example.com.", dns.TypeA), nxdomain("text.example.com.", dns.TypeTXT))
}

// D1, D6: endpoints that share a name and type are united, whatever their set identifiers, and what is
// meant for a provider is ignored.
func TestEndpointsUnited(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", anEndpoint("web.example.com", "A", "192.0.2.3"), `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: web, namespace: default}
spec:
  endpoints:
  - {dnsName: web.example.com, recordType: A, targets: [192.0.2.1], setIdentifier: one, providerSpecific: [{name: aws/weight, value: "1"}]}
  - {dnsName: web.example.com, recordType: A, targets: [192.0.2.2], setIdentifier: two, labels: {k8s-gateway.dns/ignore: "true"}}
`)
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2", "192.0.2.3"))
}

// D2: record types are read whatever their case, and target lists may have spaces.
func TestEndpointRecordType(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint",
		anEndpoint("a.example.com", "a", " 192.0.2.1 "), anEndpoint("aaaa.example.com", "Aaaa", "2001:db8::1"), anEndpoint("txt.example.com", "txt", "text"))
	f.ask(
		a("a.example.com.", "192.0.2.1"),
		aaaa("aaaa.example.com.", "2001:db8::1"),
		txt("txt.example.com.", "text"),
	)
}

// D2, N5: an unknown type is skipped and counted, and costs no other endpoint.
func TestEndpointUnknownType(t *testing.T) {
	before := skippedCount(t, "DNSEndpoint", "type")
	f := newFixture(t, "resources DNSEndpoint", `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: web, namespace: default}
spec:
  endpoints:
  - {dnsName: web.example.com, recordType: BOGUS, targets: [192.0.2.1]}
  - {dnsName: web.example.com, recordType: "", targets: [192.0.2.1]}
  - {dnsName: web.example.com, recordType: A, targets: [192.0.2.2]}
`)
	f.ask(a("web.example.com.", "192.0.2.2"))
	if n := skippedCount(t, "DNSEndpoint", "type") - before; n != 2 {
		t.Errorf("counted %v, want 2", n)
	}
}

// D3: a bad target is dropped, and the record set lives if a good one is left.
func TestEndpointBadTarget(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint",
		anEndpoint("mixed.example.com", "A", "not-an-address", "192.0.2.1", "2001:db8::1", "", "0.0.0.0"),
		anEndpoint("mixed.example.com", "AAAA", "192.0.2.9", "2001:db8::2"),
		anEndpoint("mapped.example.com", "A", "::ffff:192.0.2.3"),
		anEndpoint("bad.example.com", "A", "not-an-address"),
		anEndpoint("empty.example.com", "A"))
	f.ask(
		a("mixed.example.com.", "192.0.2.1"),
		aaaa("mixed.example.com.", "2001:db8::2"),
		a("mapped.example.com.", "192.0.2.3"),
		nxdomain("bad.example.com.", dns.TypeA),
		nxdomain("empty.example.com.", dns.TypeA),
	)
}

// D1, N5: the schema has no required fields: nothing in an object is relied on.
func TestEndpointWithNothing(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: empty, namespace: default}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: nulls, namespace: default}
spec: {endpoints: [null, {}, {dnsName: null, targets: null}, {dnsName: x.example.com}, {recordType: A, targets: [192.0.2.1]}]}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: good, namespace: default}
spec: {endpoints: [null, {dnsName: web.example.com, recordType: A, targets: [192.0.2.1]}]}
`)
	f.ask(a("web.example.com.", "192.0.2.1"), nxdomain("x.example.com.", dns.TypeA), nodata("example.com.", dns.TypeA))
}
