package test

import (
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// A name that a DNSEndpoint delegates, and all below it, is a referral for
// every type: without AA, the nameservers in authority, and beside them the
// addresses that the zone has (Z5). Nothing below it is answered.
func TestDelegation(t *testing.T) {
	c := newCorner(t)
	c.apply(recordsManifest)
	s := c.serve(allKinds)
	s.await(c.expand("mx.$ZONE"), dns.TypeA, "192.0.2.30")

	for _, name := range []string{"child.$ZONE", "ns.child.$ZONE", "hidden.child.$ZONE", "deep.down.child.$ZONE"} {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeNS, dns.TypeMX, dns.TypeSOA, dns.TypeANY} {
			name := c.expand(name)
			reply := s.ask("udp", name, qtype)
			if reply.Authoritative || reply.Rcode != dns.RcodeSuccess || len(reply.Answer) > 0 {
				t.Errorf("%s %s: got AA=%t, %s, want a referral", name, dns.TypeToString[qtype], reply.Authoritative, dig.Short(reply))
			}
			if got, want := dig.Short(&dns.Msg{Answer: reply.Ns}), c.expand("ns.child.$ZONE. ns.elsewhere.invalid."); got != want {
				t.Errorf("%s %s: authority has %s, want %s", name, dns.TypeToString[qtype], got, want)
			}
			if got, want := dig.Short(&dns.Msg{Answer: reply.Extra}), "192.0.2.40"; got != want {
				t.Errorf("%s %s: additional has %s, want %s", name, dns.TypeToString[qtype], got, want)
			}
		}
	}

	// The DS at the cut is the parent's to answer (RFC 4035 section 3.1.4.1).
	reply := s.ask("udp", c.expand("child.$ZONE"), dns.TypeDS)
	if !reply.Authoritative || dig.Short(reply) != "NODATA" || len(reply.Ns) != 1 || reply.Ns[0].Header().Rrtype != dns.TypeSOA {
		t.Errorf("DS at the cut: got %v, want NODATA from the zone", reply)
	}

	// MX and SRV bring the addresses of what they point at in the zone (D7).
	for name, qtype := range map[string]uint16{"mailed.$ZONE": dns.TypeMX, "$ZONE": dns.TypeMX} {
		reply := s.ask("udp", c.expand(name), qtype)
		if got := dig.Short(&dns.Msg{Answer: reply.Extra}); got != "192.0.2.30" {
			t.Errorf("%s %s: additional has %s, want 192.0.2.30", name, dns.TypeToString[qtype], got)
		}
	}
}
