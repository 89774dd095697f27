package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// N5, C5, N6: an address that is wrong is no hostname either, wherever one may stand: it is left out, and what
// else the object says is served.
func TestMalformedAddressIsNoHostname(t *testing.T) {
	for _, manifest := range []string{
		annotated("Ingress", namedWeb+", coredns.io/target: \"192.0.2.256\""),
		annotated("Ingress", namedWeb+", coredns.io/target: \"300.1.1.1, 192.0.2.1\""),
		ingressAt("web", "web.example.com", "192.0.2.256", "192.0.2.1"),
		endpoints("web", "\n  - {dnsName: web.example.com, recordType: CNAME, targets: [192.0.2.256]}") + "\n---\n" + anIngress("web.example.com", "192.0.2.1"),
	} {
		f := newFixture(t, "resources Ingress DNSEndpoint", manifest)
		f.ask(a("web.example.com.", "192.0.2.1"), nodata("web.example.com.", dns.TypeCNAME))
	}
}
