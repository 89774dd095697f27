package test

import (
	"os"
	"testing"

	"k8s.io/client-go/tools/clientcmd/api"
)

// A kubeconfig that is empty, cut off or away at the moment it is read again, as
// while something writes it, changes nothing and is said once; when it is whole it
// is taken (R3).
func TestKubeconfigBeingWritten(t *testing.T) {
	for how, spoil := range map[string]func(file string) error{
		"empty":   func(file string) error { return os.Truncate(file, 0) },
		"cut off": func(file string) error { return os.Truncate(file, 40) },
		"away":    os.Remove,
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.applyResilient()
			c.allow("$NAMESPACE", namespaced)
			p := newProxy(t, cluster)
			before, after := c.token(), c.token()
			kubeconfig := p.kubeconfig(t, before)
			said := newLogged(t)
			s := c.serve(via(kubeconfig))
			s.awaitResilient(awaitTimeout)
			st := s.stream(resilientAnswers)

			refused := p.trouble(bearing(before), unauthorized)
			if err := spoil(kubeconfig); err != nil {
				t.Fatal(err)
			}
			p.cutWatches()
			until(t, retry, "said", func() bool { return len(said.lines("WARNING", kubeconfig, "cannot be read")) > 0 })
			tried := refused.met.Load()
			until(t, retry, "tried again", func() bool { return refused.met.Load() > tried+int64(len(resilientWatches)) })
			st.change("ingress.$ZONE", "198.51.100.1")
			c.apply(moved(ingressManifest))
			rewriteKubeconfig(t, kubeconfig, &api.Cluster{Server: p.URL, CertificateAuthorityData: p.ca()}, &api.AuthInfo{Token: after})
			t.Logf("all is well after %s", st.awaitChanges(retry))
			st.end()
			said.noneTwice(t, kubeconfig)
			said.never(t, []string{before, after})
		})
	}
}
