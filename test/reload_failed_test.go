package test

import (
	"strings"
	"testing"
)

// A reload that fails because another plugin does not start leaves nothing behind,
// and the Corefile before it goes on (R5).
func TestReloadFails(t *testing.T) {
	for _, away := range []bool{false, true} {
		t.Run(map[bool]string{false: "API server there", true: "API server away"}[away], func(t *testing.T) {
			c := newCorner(t)
			c.applyResilient()
			p := newProxy(t, cluster)
			corefile := impatient(via(p.kubeconfig(t, cluster.Config().BearerToken)))
			s := c.serve(corefile)
			s.awaitResilient(awaitTimeout)
			p.awaitWatches(t, resilientWatches)
			before := usageNow()
			st := s.stream(resilientAnswers)
			if away {
				p.cut()
			}
			for range 3 {
				if err := s.reload(strings.Replace(corefile, "probe", "probe fail", 1)); err == nil {
					t.Fatal("reloaded, though a plugin does not start")
				}
				st.lap()
			}
			p.mend()
			st.change("ingress.$ZONE", "198.51.100.1")
			c.apply(moved(ingressManifest))
			st.awaitChanges(retry)
			p.awaitWatches(t, resilientWatches)
			if err := s.reload(corefile); err != nil {
				t.Error(err)
			}
			st.lap()
			st.end()
			p.awaitWatches(t, resilientWatches)
			awaitUsage(t, before)
		})
	}
}
