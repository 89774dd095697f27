package gateway

import "testing"

// C4: an alias outside that leads to a name of ours that is delegated is followed as upstream does.
func TestUpstreamAliasToDelegated(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint", ingressAt("web", "web.example.com", "lb.example.net"), ingressAt("apex", "example.com", "lb.example.net"),
		endpoints("cut", "\n  - {dnsName: sub.example.com, recordType: NS, targets: [ns.example.org]}"))
	f.outside("lb.example.net. 30 IN CNAME x.sub.example.com.", "x.sub.example.com. 30 IN A 192.0.2.7")
	f.check(
		expect("example.com. A", "example.com. 30 IN A 192.0.2.7"),
		expect("web.example.com. A", "web.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN CNAME x.sub.example.com.", "x.sub.example.com. 30 IN A 192.0.2.7"),
	)
}

// C4, Z2: an alias whose own target cannot be looked up has no addresses to take for now, which does not mean that
// there are none.
func TestFlattenUnknown(t *testing.T) {
	f := newFixture(t, "resources Ingress", ingressAt("apex", "example.com", "b.example.com"), ingressAt("b", "b.example.com", "x.example.net"))
	f.outside().fail(true)
	f.check(expect("example.com. A", "SERVFAIL"), expect("b.example.com. A", "b.example.com. 60 IN CNAME x.example.net."))
}
