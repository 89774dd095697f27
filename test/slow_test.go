package test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// How long a name waits for an upstream that does not answer, with room for a
// busy machine, and what any other name may take meanwhile.
const (
	slowLeast, slowMost = 1 * time.Second, 4 * time.Second
	quickMedian         = 100 * time.Millisecond
	quickMost           = 1500 * time.Millisecond
)

// An upstream that never answers delays only the names that need it (R6): these
// answer within the deadline with what there is, others at once, those with
// an alias to a name that can be resolved among them.
func TestSilentUpstream(t *testing.T) {
	c := newCorner(t)
	u := newUpstream(t)
	var manifest strings.Builder
	const slow = 20
	for i := range slow {
		manifest.WriteString(known(fmt.Sprintf("slow%d.$ZONE", i), fmt.Sprintf("lb%d.silent.%s", i, elsewhere)))
	}
	manifest.WriteString(known("several.$ZONE", "a.silent."+elsewhere, "b.silent."+elsewhere))
	manifest.WriteString(known("alias.$ZONE", "lb."+elsewhere))
	c.apply(manifest.String())
	c.apply(ingressManifest)
	c.apply(recordsManifest)
	s := c.serve(strings.ReplaceAll(outside, "$UPSTREAM", u.addr))
	s.await(c.expand("mx.$ZONE"), dns.TypeA, "192.0.2.30")
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	for i := range slow {
		s.await(c.expand(fmt.Sprintf("slow%d.$ZONE", i)), dns.TypeCNAME, fmt.Sprintf("lb%d.silent.%s", i, elsewhere))
	}

	var waiting sync.WaitGroup
	wait := func(name, want string) {
		waiting.Go(func() {
			reply, took := s.timed(c.expand(name), dns.TypeA)
			if got := dig.Short(reply); got != want || took < slowLeast || took > slowMost {
				t.Errorf("%s: got %s after %s, want %s after %s to %s", name, got, took, want, slowLeast, slowMost)
			}
		})
	}
	for i := range slow {
		wait(fmt.Sprintf("slow%d.$ZONE", i), fmt.Sprintf("lb%d.silent.%s", i, elsewhere))
	}
	wait("several.$ZONE", "SERVFAIL") // C4: not NXDOMAIN, nor an empty answer
	for deadline := time.Now().Add(awaitTimeout); u.asked.Load() == 0; {
		s.ask("udp", c.expand("ingress.$ZONE"), dns.TypeA)
		if time.Now().After(deadline) {
			t.Fatal("the upstream was not asked")
		}
	}
	done := make(chan struct{})
	go func() { waiting.Wait(); close(done) }()

	var times []time.Duration
	for waits := true; waits; {
		for _, tc := range []struct {
			name string
			want string
		}{
			{"ingress.$ZONE", "192.0.2.1"},
			{"mx.$ZONE", "192.0.2.30"},
			{"nothing.$ZONE", "NXDOMAIN"},
			{"alias.$ZONE", "203.0.113.1 lb.elsewhere.test."},
		} {
			reply, took := s.timed(c.expand(tc.name), dns.TypeA)
			if got := dig.Short(reply); got != tc.want {
				t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
			}
			times = append(times, took)
		}
		select {
		case <-done:
			waits = false
		default:
		}
	}
	middle, longest := median(times)
	t.Logf("%d other questions meanwhile: median %s, longest %s", len(times), middle, longest)
	if middle > quickMedian || longest > quickMost {
		t.Errorf("other names took %s in the median and %s at most, want %s and %s", middle, longest, quickMedian, quickMost)
	}
}

// When the upstream goes away, the last good answer stands in for a new one when
// its TTL is over, and `explain` says so (C4, RFC 8767). When it is back, the next
// answer is new.
func TestUpstreamGoesAway(t *testing.T) {
	c := newCorner(t)
	u := newUpstream(t)
	c.apply(known("alias.$ZONE", "brief."+elsewhere) + known("several.$ZONE", "brief."+elsewhere, "brief.more."+elsewhere))
	s := c.serve(strings.ReplaceAll(outside, "$UPSTREAM", u.addr))
	s.await(c.expand("alias.$ZONE"), dns.TypeA, "203.0.113.1 brief.elsewhere.test.")
	s.await(c.expand("several.$ZONE"), dns.TypeA, "203.0.113.1")

	u.silent.Store(true)
	var waiting sync.WaitGroup
	for name, want := range map[string]string{
		"alias.$ZONE": "203.0.113.1 brief.elsewhere.test.", "several.$ZONE": "203.0.113.1",
	} {
		waiting.Go(func() {
			for deadline := time.Now().Add(awaitTimeout); ; {
				reply := s.askEDNS(c.expand(name))
				if got := dig.Short(reply); got != want {
					t.Errorf("%s: got %s, want %s", name, got, want)
				}
				if ede := explanation(t, reply); ede != nil {
					if ede.InfoCode != dns.ExtendedErrorCodeStaleAnswer {
						t.Errorf("%s: explained with %v, want Stale Answer", name, ede)
					}
					return
				}
				if time.Now().After(deadline) {
					t.Errorf("%s: no Stale Answer after %s", name, awaitTimeout)
					return
				}
			}
		})
	}
	waiting.Wait()

	u.host.Store(2)
	u.silent.Store(false)
	for deadline := time.Now().Add(4 * awaitTimeout); ; {
		reply := s.askEDNS(c.expand("several.$ZONE"))
		if dig.Short(reply) == "203.0.113.2" {
			if ede := explanation(t, reply); ede != nil {
				t.Errorf("explained with %q when the upstream is back", ede.ExtraText)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still %s after the upstream is back", dig.Short(reply))
		}
	}
}
