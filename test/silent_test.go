package test

import (
	"testing"
)

// A connection that carries nothing any more, without anybody saying so, as when a
// firewall forgets it, is noticed and replaced (R3).
func TestConnectionGoesSilent(t *testing.T) {
	noticeSilence(t)
	c := newCorner(t)
	c.applyResilient()
	p := newProxy(t, cluster)
	s := c.serve(via(p.kubeconfig(t, cluster.Config().BearerToken)))
	s.awaitResilient(awaitTimeout)
	st := s.stream(resilientAnswers)
	p.silence()
	p.mend()
	st.change("ingress.$ZONE", "198.51.100.1")
	c.apply(moved(ingressManifest))
	t.Logf("shown after %s", st.awaitChanges(retry))
	st.end()
}

// noticeSilence has clients notice a silent connection soon; they take three
// quarters of a minute by default.
func noticeSilence(t *testing.T) {
	t.Helper()
	t.Setenv("HTTP2_READ_IDLE_TIMEOUT_SECONDS", "2")
	t.Setenv("HTTP2_PING_TIMEOUT_SECONDS", "1")
}
