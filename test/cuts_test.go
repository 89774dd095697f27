package test

import (
	"fmt"
	"strings"
	"testing"
)

// Connections that break again and again cost no answer, and what changes meanwhile
// shows soon after (R3).
func TestConnectionsBreak(t *testing.T) {
	for how, breaks := range map[string]func(*proxy){
		"connections": func(p *proxy) { p.cut(); p.mend() },
		"watches":     (*proxy).cutWatches,
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.applyResilient()
			p := newProxy(t, cluster)
			s := c.serve(via(p.kubeconfig(t, cluster.Config().BearerToken)))
			s.awaitResilient(awaitTimeout)
			st := s.stream(resilientAnswers)
			for i := range 5 {
				breaks(p)
				address := fmt.Sprintf("198.51.100.%d", i)
				st.change("ingress.$ZONE", address)
				c.apply(strings.ReplaceAll(ingressManifest, "192.0.2.1", address))
				t.Logf("shown after %s", st.awaitChanges(retry))
			}
			st.end()
		})
	}
}
