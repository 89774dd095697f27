package test

import (
	"maps"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// shutdownMost is how long CoreDNS may take to stop.
const shutdownMost = time.Second

// CoreDNS stops within a second, whatever its API server does, and nothing that it
// started runs on.
func TestShutdown(t *testing.T) {
	states := maps.Clone(impediments)
	states["answering"] = impediment{begin: func(*proxy) {}}
	for how, impediment := range states {
		for _, synced := range []bool{true, false} {
			t.Run(how+map[bool]string{true: " after the start", false: " at the start"}[synced], func(t *testing.T) {
				c := newCorner(t)
				c.applyResilient()
				p := newProxy(t, cluster)
				corefile := impatient(via(p.kubeconfig(t, cluster.Config().BearerToken)))
				others := goleak.IgnoreCurrent()
				if !synced {
					impediment.begin(p)
				}
				s := c.serve(corefile)
				if synced {
					s.awaitResilient(awaitTimeout)
					impediment.begin(p)
					p.cutWatches()
					if err := s.reload(corefile); err != nil { // some of what ran before still does
						t.Fatal(err)
					}
				}
				start := time.Now()
				s.shutdown()
				if took := time.Since(start); took > shutdownMost {
					t.Errorf("stopped after %s, want %s", took, shutdownMost)
				}
				p.heal()
				p.line.to(cut) // what the proxy still holds
				if err := goleak.Find(others); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// An outage that lasts, in which requests are tried again ever more seldom, does not
// delay the end either.
func TestShutdownDuringLongOutage(t *testing.T) {
	c := newCorner(t)
	c.applyResilient()
	p := newProxy(t, cluster)
	corefile := via(p.kubeconfig(t, cluster.Config().BearerToken))
	others := goleak.IgnoreCurrent()
	s := c.serve(corefile)
	s.awaitResilient(awaitTimeout)
	trouble := p.trouble(everything, unavailable)
	p.cutWatches()
	until(t, recovery, "waiting long", func() bool { return trouble.met.Load() >= int64(4*len(resilientWatches)) })
	start := time.Now()
	s.shutdown()
	if took := time.Since(start); took > shutdownMost {
		t.Errorf("stopped after %s, want %s", took, shutdownMost)
	}
	p.heal()
	p.line.to(cut)
	if err := goleak.Find(others); err != nil {
		t.Error(err)
	}
}
