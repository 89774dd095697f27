package gateway

import "testing"

// SECURITY.md, "Who can claim which name": in a reverse zone, too, anybody claims any address.
func TestTenantsClaimReverseNames(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com 2.0.192.in-addr.arpa {\nresources Service Ingress DNSEndpoint\n}",
		tenant("a", serviceAt("mail", "mail.example.com", "192.0.2.25")), tenant("b", `
apiVersion: v1
kind: Service
metadata: {name: mine, namespace: b, annotations: {coredns.io/hostname: mine.example.com}}
spec: {type: LoadBalancer, externalIPs: [192.0.2.25]}
---`+endpoints("mine", "\n  - {dnsName: 26.2.0.192.in-addr.arpa, recordType: PTR, targets: [bank.example.net]}")))
	f.check(
		expect("25.2.0.192.in-addr.arpa. PTR", "25.2.0.192.in-addr.arpa. 60 IN PTR mail.example.com.", "25.2.0.192.in-addr.arpa. 60 IN PTR mine.example.com."),
		expect("26.2.0.192.in-addr.arpa. PTR", "26.2.0.192.in-addr.arpa. 60 IN PTR bank.example.net."),
	)
}
