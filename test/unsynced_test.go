package test

import (
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// CoreDNS starts without an API server. Until every kind is listed it does not
// say that a name does not exist, but SERVFAIL (Z2), and nobody gets a transfer;
// what the Corefile alone says is answered. It recovers by itself (R1).
func TestBeforeSync(t *testing.T) {
	c := newCorner(t)
	c.apply(ingressManifest)
	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}
	s := c.serve(`
$ZONE:0 {
    bind 127.0.0.1
    errors
    transfer {
        to *
    }
    k8s_gateway {
        explain
        kubeconfig $KUBECONFIG
        apex ns1 192.0.2.53
    }
}
`)
	name := c.expand("ingress.$ZONE")
	for _, network := range []string{"udp", "tcp"} {
		s.expect(network, name, dns.TypeA, "SERVFAIL")
		s.expect(network, c.expand("nothing.$ZONE"), dns.TypeTXT, "SERVFAIL")
		s.expect(network, c.zone, dns.TypeNS, c.expand("ns1.$ZONE."))
		s.expect(network, c.expand("ns1.$ZONE"), dns.TypeA, "192.0.2.53")
	}
	if ede := explanation(t, s.askEDNS(name)); ede == nil || ede.InfoCode != dns.ExtendedErrorCodeNotReady ||
		ede.ExtraText != "waiting for Ingress, Service" {
		t.Errorf("explained with %v, want that it waits for Ingress and Service", ede)
	}
	if rrs, err := s.axfr(c.zone); err == nil {
		t.Errorf("transferred: %v", rrs)
	}

	if err := cluster.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A client of the API server waits longer with every attempt that fails.
	for deadline := time.Now().Add(4 * awaitTimeout); time.Now().Before(deadline); time.Sleep(awaitInterval) {
		if dig.Short(s.ask("udp", name, dns.TypeTXT)) != "SERVFAIL" {
			break
		}
	}
	s.await(name, dns.TypeA, "192.0.2.1")
	s.await(c.expand("nothing.$ZONE"), dns.TypeTXT, "NXDOMAIN")
	s.mustAXFR(c.zone)
}
