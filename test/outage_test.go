package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// While the API server is away answers stay as they were; when it is back,
// changes show again.
func TestOutage(t *testing.T) {
	c := newCorner(t)
	c.apply(ingressManifest)
	s := c.serve(allKinds)
	name := c.expand("ingress.$ZONE")
	s.await(name, dns.TypeA, "192.0.2.1")

	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}
	s.expect("udp", name, dns.TypeA, "192.0.2.1")
	s.expect("tcp", c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")
	if err := cluster.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.expect("udp", name, dns.TypeA, "192.0.2.1")
	c.apply(strings.ReplaceAll(ingressManifest, "192.0.2.1", "192.0.2.8"))
	s.await(name, dns.TypeA, "192.0.2.8")
}
