package test

import (
	"testing"

	"github.com/miekg/dns"
)

// Without the transfer plugin nobody can list the zone.
func TestAXFRNeedsTheTransferPlugin(t *testing.T) {
	c := newCorner(t)
	c.apply(ingressManifest)
	s := c.serve(allKinds)
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")

	for _, network := range []string{"udp", "tcp"} {
		for _, qtype := range []uint16{dns.TypeAXFR, dns.TypeIXFR} {
			s.expect(network, c.zone, qtype, "REFUSED")
		}
	}
	if rrs, err := s.axfr(c.zone); err == nil {
		t.Errorf("transferred: %v", rrs)
	}
}

// An AXFR question over UDP is refused (RFC 5936 section 4.2), and so is one from
// an address that the transfer plugin does not list.
func TestAXFRRefused(t *testing.T) {
	c := newCorner(t)
	c.apply(ingressManifest)
	s := c.serve(ports(primary, "0", ""))
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	s.expect("udp", c.zone, dns.TypeAXFR, "REFUSED")

	other := c.serve(`
$ZONE:0 {
    bind 127.0.0.1
    errors
    transfer {
        to 192.0.2.1
    }
    k8s_gateway {
        kubeconfig $KUBECONFIG
    }
}
`)
	other.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	other.expect("tcp", c.zone, dns.TypeAXFR, "REFUSED")
}
