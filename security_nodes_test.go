package gateway

import "testing"

// SECURITY.md, "Actors": a kubelet writes the status of its own Node, host names included, and so claims any name where
// Nodes are among the `resources`.
func TestNodeClaimsAnyName(t *testing.T) {
	f := newFixture(t, "resources Node Ingress", aNode("bank.example.com", "198.51.100.66"), aNode("www", "198.51.100.66"), ingressAt("bank", "bank.example.com", "192.0.2.1"))
	f.check(
		expect("bank.example.com. A", "bank.example.com. 60 IN A 198.51.100.66"),
		expect("www.example.com. A", "www.example.com. 60 IN A 198.51.100.66"),
	)
	newFixture(t, "resources Ingress", ingressAt("bank", "bank.example.com", "192.0.2.1")).check(expect("bank.example.com. A", "bank.example.com. 60 IN A 192.0.2.1"))
}
