package test

import "testing"

// While the API server is away answers stay as they were; when it is back,
// changes show again (R3). The log says so once each.
func TestOutage(t *testing.T) {
	c := newCorner(t)
	c.applyResilient()
	said := newLogged(t)
	s := c.serve(via("$KUBECONFIG"))
	s.awaitResilient(awaitTimeout)
	st := s.stream(resilientAnswers)

	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}
	until(t, retry, "said", func() bool { return len(said.lines("WARNING", cluster.Kubeconfig())) > 0 })
	st.lap()
	if err := cluster.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	st.change("ingress.$ZONE", "198.51.100.1")
	c.apply(moved(ingressManifest))
	t.Logf("shown after %s", st.awaitChanges(retry))
	st.end()
	said.once(t, "WARNING", cluster.Kubeconfig(), "does not answer")
	said.once(t, "INFO", cluster.Kubeconfig()+": https://", " lists ", ", after ") // the start
	said.once(t, "INFO", cluster.Kubeconfig(), "answers again, after ", " lists ")
	said.noneTwice(t, cluster.Kubeconfig())
	said.never(t, []string{cluster.Config().BearerToken})
}
