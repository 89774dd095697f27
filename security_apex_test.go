package gateway

import (
	"strings"
	"testing"
)

// SECURITY.md, "What nobody can claim": SOA and NS of the apex and the addresses of the nameservers' names are those of
// the Corefile, whatever objects of all kinds say about them, delegations and wildcards included.
func TestNobodyTakesTheNameservers(t *testing.T) {
	attack := tenant("b", ingressAt("all", "*.example.com", "198.51.100.66")+ingressAt("apex", "example.com", "198.51.100.66")+ingressAt("ns", "ns.infra.example.com", "198.51.100.66")+
		serviceAt("mine", "ns.infra.example.com,infra.example.com", "evil.example.net")+gatewayAt("mine", "*.com", "198.51.100.66")+
		gatewayAt("ns", "ns.infra.example.com", "198.51.100.66")+endpoints("mine", `
  - {dnsName: example.com, recordType: NS, targets: [evil.example.net]}
  - {dnsName: example.com, recordType: CNAME, targets: [evil.example.net]}
  - {dnsName: infra.example.com, recordType: NS, targets: [evil.example.net]}
  - {dnsName: ns.infra.example.com, recordType: NS, targets: [evil.example.net]}
  - {dnsName: ns.infra.example.com, recordType: CNAME, targets: [evil.example.net]}
  - {dnsName: ns.infra.example.com, recordType: AAAA, targets: ["2001:db8::66"]}
  - {dnsName: "*.infra.example.com", recordType: A, targets: [198.51.100.66]}`))
	const ns = "ns.infra.example.com. 60 IN A 192.0.2.53"
	const soaRR = "example.com. 60 IN SOA ns.infra.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"
	for _, kinds := range []string{"Ingress Service HTTPRoute DNSEndpoint", "DNSEndpoint HTTPRoute Service Ingress"} {
		f := newFixture(t, "apex ns.infra 192.0.2.53\nresources "+kinds, attack)
		f.outside("evil.example.net. 30 IN A 198.51.100.66")
		f.check(
			expect("example.com. SOA", soaRR),
			expect("example.com. NS", "example.com. 60 IN NS ns.infra.example.com.", "add: "+ns),
			expect("ns.infra.example.com. A", ns),
			expect("ns.infra.example.com. AAAA", "ns: "+strings.Replace(soaRR, " 60 ", " 5 ", 1)),
			expect("example.com. A", "example.com. 60 IN A 198.51.100.66"), // an address of the apex is anybody's
		)
		for _, line := range zoneText(f.zone("example.com.")) {
			name, _, _ := strings.Cut(line, "\t")
			if name == "example.com." && strings.Contains(line, "\tNS\t") && !strings.HasSuffix(line, "\tns.infra.example.com.") ||
				name == "ns.infra.example.com." && strings.Contains(line, "\tA\t") && !strings.HasSuffix(line, "\t192.0.2.53") {
				t.Errorf("transferred: %s", line)
			}
		}
	}
}
