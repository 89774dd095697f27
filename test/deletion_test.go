package test

import (
	"testing"

	"github.com/miekg/dns"
)

// A deleted object is NXDOMAIN, with the SOA that says for how long.
func TestDeletedObject(t *testing.T) {
	c := newCorner(t)
	c.apply(ingressManifest)
	s := c.serve(allKinds)
	name := c.expand("ingress.$ZONE")
	s.await(name, dns.TypeA, "192.0.2.1")

	c.delete(ingressManifest)
	reply := s.await(name, dns.TypeA, "NXDOMAIN")
	if len(reply.Ns) != 1 {
		t.Fatalf("authority has %d records, want the SOA", len(reply.Ns))
	}
	soa, ok := reply.Ns[0].(*dns.SOA)
	if !ok || soa.Hdr.Name != dns.Fqdn(c.zone) || soa.Hdr.Ttl != 5 {
		t.Errorf("authority has %v, want the SOA of %s with a TTL of 5", reply.Ns[0], c.zone)
	}
	s.expect("tcp", name, dns.TypeAAAA, "NXDOMAIN")
}
