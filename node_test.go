package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

const nodes = `
apiVersion: v1
kind: Node
metadata: {name: one}
status:
  addresses:
  - {type: Hostname, address: host-one}
  - {type: InternalIP, address: 10.0.0.1}
  - {type: InternalIP, address: "2001:db8::1"}
  - {type: ExternalIP, address: 192.0.2.1}
  - {type: InternalDNS, address: internal.example.com}
---
apiVersion: v1
kind: Node
metadata: {name: two}
status:
  addresses:
  - {type: Hostname, address: two.example.com}
  - {type: Hostname, address: alias.example.com}
  - {type: InternalIP, address: 10.0.0.2}
`

// K1: a Node is its host names, relative to the zone unless they are in it already, with its internal
// addresses.
func TestNode(t *testing.T) {
	f := newFixture(t, "resources Node", nodes)
	f.ask(
		a("host-one.example.com.", "10.0.0.1"),
		aaaa("host-one.example.com.", "2001:db8::1"),
		a("two.example.com.", "10.0.0.2"),
		a("alias.example.com.", "10.0.0.2"),
		nxdomain("two.example.com.example.com.", dns.TypeA),
		nxdomain("one.example.com.", dns.TypeA),
		nxdomain("internal.example.com.", dns.TypeA),
	)
	f.remove(nodes)
	f.ask(nxdomain("host-one.example.com.", dns.TypeA), nxdomain("alias.example.com.", dns.TypeA))
}

// K1: `nodeAddressType` asks for the other addresses. A Node that has none is pending.
func TestNodeAddressType(t *testing.T) {
	for address, want := range map[string]string{"InternalIP": "10.0.0.1", "ExternalIP": "192.0.2.1"} {
		newFixture(t, "resources Node\nnodeAddressType "+address, nodes).ask(a("host-one.example.com.", want))
	}
	f := newFixture(t, "resources Node\nnodeAddressType ExternalIP", nodes)
	f.ask(
		nodata("host-one.example.com.", dns.TypeAAAA),
		nxdomain("two.example.com.", dns.TypeA),
	)
}

// K1, N3: with several zones a Node has its name in each.
func TestNodeInEveryZone(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com example.org {\nresources Node\n}", nodes)
	f.ask(
		a("host-one.example.com.", "10.0.0.1"),
		a("host-one.example.org.", "10.0.0.1"),
		a("two.example.com.", "10.0.0.2"),
		test.Case{Qname: "two.example.org.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf("example.org.")},
	)
}

// K1: Nodes that share a host name are united.
func TestNodesWithOneName(t *testing.T) {
	f := newFixture(t, "resources Node", `
apiVersion: v1
kind: Node
metadata: {name: one}
status: {addresses: [{type: Hostname, address: pool}, {type: InternalIP, address: 10.0.0.1}]}
---
apiVersion: v1
kind: Node
metadata: {name: two}
status: {addresses: [{type: Hostname, address: pool}, {type: InternalIP, address: 10.0.0.2}]}
`)
	f.ask(a("pool.example.com.", "10.0.0.1", "10.0.0.2"))
}
