package test

import (
	"testing"
	"time"

	"github.com/miekg/dns"
)

// One kind that cannot be listed, in whatever way, keeps none of the others from
// answering, and the server is ready without it. Until it is known no name is
// denied; when it can be listed it answers by itself (R2, R4, Z2).
func TestStartWithoutOneKind(t *testing.T) {
	for how, effect := range map[string]effect{
		"hanging": never, "failing": broken, "unavailable": unavailable, "throttled": tooMany, "late": late(3 * time.Second),
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.applyResilient()
			p := newProxy(t, cluster)
			trouble := p.trouble(of("dnsendpoints"), effect)
			s := c.serve(via(p.kubeconfig(t, cluster.Config().BearerToken)))
			known := answers{"ingress.$ZONE": "192.0.2.1", "http.$ZONE": "192.0.2.3", "db.$NAMESPACE.$ZONE": "192.0.2.2"}
			for name, want := range known {
				s.await(c.expand(name), dns.TypeA, want)
			}
			st := s.stream(known)
			if how != "late" {
				s.expect("udp", c.expand("endpoint.$ZONE"), dns.TypeA, "SERVFAIL")
				s.expect("udp", c.expand("nothing.$ZONE"), dns.TypeA, "SERVFAIL")
				s.awaitReady(awaitTimeout)
				st.change("db.$NAMESPACE.$ZONE", "198.51.100.2")
				c.apply(moved(serviceManifest))
				st.awaitChanges(awaitTimeout)
				p.heal()
			}
			t.Logf("all is known after %s", s.awaitWithin(retry, c.expand("endpoint.$ZONE"), dns.TypeA, "192.0.2.4 192.0.2.5"))
			s.await(c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")
			s.awaitReady(awaitTimeout)
			st.end()
			if trouble.met.Load() == 0 {
				t.Error("no trouble met")
			}
		})
	}
}
