package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// Reloads while the API server is away cost no answer where the stanza is what it
// was, however often; when the API server is back, answers follow it again and
// nothing is left of what ran before (R3, R5).
func TestReloadDuringOutage(t *testing.T) {
	noticeSilence(t)
	for _, how := range []string{"refusing", "silent", "hanging", "unavailable", "unauthorized"} {
		impediment := impediments[how]
		t.Run(how, func(t *testing.T) {
			c := newCorner(t)
			c.applyResilient()
			p := newProxy(t, cluster)
			corefile := impatient(via(p.kubeconfig(t, cluster.Config().BearerToken)))
			s := c.serve(corefile)
			s.awaitResilient(awaitTimeout)
			p.awaitWatches(t, resilientWatches)
			before := usageNow()
			st := s.stream(resilientAnswers)

			impediment.begin(p)
			p.cutWatches()
			for range 2 {
				if err := s.reload(corefile); err != nil {
					t.Fatal(err)
				}
				if !s.ready() {
					t.Error("not ready, while everything is answered")
				}
			}
			st.lap()
			st.change("ingress.$ZONE", "198.51.100.1")
			c.apply(moved(ingressManifest))
			impediment.end(p)
			t.Logf("shown after %s", st.awaitChanges(recovery))
			st.end()
			p.awaitWatches(t, resilientWatches)
			awaitUsage(t, before)
		})
	}
}

// A reload with another stanza while the API server is away cannot know what that
// one would answer. It does not say that a name does not exist, and recovers (R1, Z2).
func TestReloadWithAnotherStanzaDuringOutage(t *testing.T) {
	c := newCorner(t)
	c.applyResilient()
	p := newProxy(t, cluster)
	corefile := via(p.kubeconfig(t, cluster.Config().BearerToken))
	s := c.serve(corefile)
	s.awaitResilient(awaitTimeout)
	p.cut()
	if err := s.reload(strings.Replace(corefile, "resources", "ttl 30\n        resources", 1)); err != nil {
		t.Fatal(err)
	}
	for name := range resilientAnswers {
		s.expect("udp", c.expand(name), dns.TypeA, "SERVFAIL")
	}
	p.mend()
	s.awaitWithin(recovery, c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")
	for name, want := range resilientAnswers {
		s.await(c.expand(name), dns.TypeA, want)
	}
	p.awaitWatches(t, resilientWatches)
}
