package gateway

import "testing"

// N3, RFC 4035 section 3.1.4.1: where a zone lies in another of ours, the outer one answers for the DS of the inner apex:
// there is none, whatever objects claim that name, and whatever alias leads there. All else there is the inner zone's.
func TestInnerZoneDS(t *testing.T) {
	outer := "ns: " + ownSOA
	inner := "ns: inner.example.com. 5 IN SOA dns1.kube-system.inner.example.com. hostmaster.inner.example.com. 1 14400 3600 1209600 5"
	for name, manifest := range map[string]string{
		"nothing":  ingressAt("web", "x.inner.example.com", "192.0.2.1"),
		"address":  ingressAt("web", "inner.example.com", "192.0.2.1"),
		"pending":  ingressAt("web", "inner.example.com"),
		"hostname": ingressAt("web", "inner.example.com", "lb.example.net"),
		"CNAME": endpoints("web", `
  - {dnsName: inner.example.com, recordType: CNAME, targets: [host.example.net]}`),
		"wildcard": endpoints("web", `
  - {dnsName: "*.example.com", recordType: CNAME, targets: [host.example.net]}`),
		"NS": endpoints("web", `
  - {dnsName: inner.example.com, recordType: NS, targets: [ns.example.net]}`),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "k8s_gateway inner.example.com example.com {\nresources Ingress DNSEndpoint\n}", manifest,
				ingressAt("alias", "alias.example.com", "inner.example.com"))
			f.outside()
			f.check(
				expect("alias.example.com. DS", "alias.example.com. 60 IN CNAME inner.example.com.", outer),
				expect("inner.example.com. DS", outer),
				expect("example.com. DS", outer),
				expect("inner.example.com. TXT", inner),
				expect("nowhere.inner.example.com. DS", "NXDOMAIN", inner),
			)
		})
	}
}
