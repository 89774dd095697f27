package test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Reloads under load, with many objects, cost no question and leave nothing behind:
// no goroutine, no memory, no watch (R5).
func TestReloads(t *testing.T) {
	c := newCrowd(t)
	p := newProxy(t, crowd.Cluster)
	corefile := clusterWide(via(p.kubeconfig(t, crowd.Config().BearerToken)))
	s := c.serve(corefile)
	s.awaitResilient(recovery)
	if err := s.reload(corefile); err != nil { // the first one fills pools and caches
		t.Fatal(err)
	}
	p.awaitWatches(t, resilientWatches)
	before := usageNow()

	const reloads = 20
	st := s.stream(crowdAnswers())
	st.lap()
	start := time.Now()
	for range reloads {
		if err := s.reload(corefile); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d reloads with %d objects took %s", reloads, crowd.size, time.Since(start))
	st.lap()
	st.end()
	p.awaitWatches(t, resilientWatches)
	awaitUsage(t, before)
}

// resilientWatches are the watches that resilient needs.
var resilientWatches = []string{"dnsendpoints", "gateways", "httproutes", "ingresses", "services"}

// awaitWatches waits until exactly these resources are watched, each once.
func (p *proxy) awaitWatches(t *testing.T, want []string) {
	t.Helper()
	var got []string
	ok := func() bool { got = p.watches(); return slices.Equal(got, want) }
	for deadline := time.Now().Add(awaitTimeout); !ok(); time.Sleep(awaitInterval) {
		if time.Now().After(deadline) {
			t.Fatalf("watched %q, want %q", got, want)
		}
	}
}

// A reload with another stanza changes what it says, and no other answer; what is
// not configured any more is not watched and not measured (R5).
func TestReloadWithAnotherStanza(t *testing.T) {
	c := newCorner(t)
	c.applyResilient()
	p := newProxy(t, cluster)
	corefile := strings.Replace(via(p.kubeconfig(t, cluster.Config().BearerToken)), "startupTimeout 1s", "startupTimeout 1m", 1)
	s := c.serve(corefile)
	s.awaitResilient(awaitTimeout)
	st := s.stream(resilientAnswers)
	for range 3 {
		st.change("endpoint.$ZONE", "NXDOMAIN")
		if err := s.reload(strings.Replace(corefile, " DNSEndpoint", "\n        ttl 30", 1)); err != nil {
			t.Fatal(err)
		}
		st.awaitChanges(awaitTimeout)
		p.awaitWatches(t, resilientWatches[1:])
		if kinds := c.measured(); slices.Contains(kinds, "DNSEndpoint") || !slices.Contains(kinds, "Ingress") {
			t.Errorf("measured %q, want no DNSEndpoint any more", kinds)
		}

		st.change("endpoint.$ZONE", "192.0.2.4 192.0.2.5")
		if err := s.reload(corefile); err != nil {
			t.Fatal(err)
		}
		st.awaitChanges(awaitTimeout)
		p.awaitWatches(t, resilientWatches)
	}
	st.end()
}
