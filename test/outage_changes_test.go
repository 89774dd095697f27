package test

import "testing"

// What changes while the API server cannot be reached does not show before it can
// be, and then all of it does: also what was deleted, of which a client that has to
// list everything anew is not told (R3).
func TestChangesDuringOutage(t *testing.T) {
	for how, effect := range map[string]effect{"watches go on": late(0), "watches expired": onWatch(expired)} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.applyResilient()
			p := newProxy(t, cluster)
			s := c.serve(via(p.kubeconfig(t, cluster.Config().BearerToken)))
			s.awaitResilient(awaitTimeout)
			st := s.stream(resilientAnswers)

			p.cut()
			p.trouble(everything, effect)
			c.delete(ingressManifest)
			c.delete(gatewayManifest)
			c.delete(dnsEndpointManifest)
			c.apply(moved(serviceManifest))
			st.lap()
			for name, want := range gone {
				st.change(name, want)
			}
			p.mend()
			t.Logf("shown after %s", st.awaitChanges(retry))
			st.end()
		})
	}
}

// gone is what these changes lead to.
var gone = answers{
	"ingress.$ZONE":       "NXDOMAIN",
	"http.$ZONE":          "NXDOMAIN",
	"endpoint.$ZONE":      "NXDOMAIN",
	"db.$NAMESPACE.$ZONE": "198.51.100.2",
}
