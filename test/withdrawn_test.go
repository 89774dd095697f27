package test

import (
	"testing"
)

// A kind that may not be read any more keeps its answers, and is said once; the
// others go on. When it may be read again it follows the cluster again (R2, R3).
func TestPermissionWithdrawn(t *testing.T) {
	t.Parallel()
	c := newCorner(t)
	c.applyResilient()
	c.allow("$NAMESPACE", namespaced)
	p := newProxy(t, cluster)
	said := newLogged(t)
	s := c.serve(via(p.kubeconfig(t, c.token())))
	s.awaitResilient(awaitTimeout)
	st := s.stream(resilientAnswers)

	c.allow("$NAMESPACE", without("ingresses.networking.k8s.io"))
	p.cutWatches() // what is open stays so
	warned := c.expand(`in the namespace "$NAMESPACE"`)
	until(t, retry, "said", func() bool { return len(said.lines("WARNING", warned)) > 0 })
	st.change("db.$NAMESPACE.$ZONE", "198.51.100.2")
	c.apply(moved(serviceManifest))
	st.awaitChanges(retry)
	if !s.ready() {
		t.Error("not ready any more")
	}

	st.change("ingress.$ZONE", "198.51.100.1")
	c.apply(moved(ingressManifest))
	st.lap()
	c.allow("$NAMESPACE", namespaced)
	t.Logf("shown after %s", st.awaitChanges(pickup))
	st.end()
	said.once(t, "WARNING", warned)
}
