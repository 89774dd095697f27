package gateway

import "testing"

// SECURITY.md, "Who can claim which name": what somebody delegates is gone for everybody below it, other kinds and other namespaces included.
func TestDelegationTakesASubtree(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint", tenant("a", ingressAt("shop", "shop.team-a.example.com", "192.0.2.1")))
	f.check(expect("shop.team-a.example.com. A", "shop.team-a.example.com. 60 IN A 192.0.2.1"))
	f.apply(tenant("b", endpoints("mine", `
  - {dnsName: team-a.example.com, recordType: NS, targets: [ns.example.net]}`)))
	f.check(expect("shop.team-a.example.com. A", "referral", "ns: team-a.example.com. 60 IN NS ns.example.net."))
}
