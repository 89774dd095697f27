package test

import (
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// newCluster starts a cluster that the test has to itself, with the CRDs in
// some files and directories, nil standing for all.
func newCluster(t *testing.T, crds []string) *testcluster.Cluster {
	t.Helper()
	if cluster == nil {
		t.Skip("needs a real API server, left out by -short")
	}
	own, err := testcluster.Start(t.Context(), testcluster.Options{Dir: t.TempDir(), CRDs: crds})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := own.Close(); err != nil {
			t.Error(err)
		}
	})
	return own
}

// applyTo is apply for a cluster of the test's own. The corner's namespace is
// made there, too.
func (c *corner) applyTo(own *testcluster.Cluster, manifest string) {
	c.t.Helper()
	const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: $NAMESPACE}\n---\n"
	if err := own.Apply(c.t.Context(), []byte(c.expand(namespace+manifest))); err != nil {
		c.t.Fatal(err)
	}
}

// deleteFrom is delete for a cluster of the test's own.
func (c *corner) deleteFrom(own *testcluster.Cluster, manifest string) {
	c.t.Helper()
	if err := own.Delete(c.t.Context(), []byte(c.expand(manifest))); err != nil {
		c.t.Fatal(err)
	}
}

// writeKubeconfig writes a kubeconfig and returns where.
func writeKubeconfig(t *testing.T, server *api.Cluster, user *api.AuthInfo) string {
	t.Helper()
	file := t.TempDir() + "/kubeconfig"
	rewriteKubeconfig(t, file, server, user)
	return file
}

// rewriteKubeconfig writes it to a file that may be there.
func rewriteKubeconfig(t *testing.T, file string, server *api.Cluster, user *api.AuthInfo) {
	t.Helper()
	if err := testcluster.WriteKubeconfig(file, server, user); err != nil {
		t.Fatal(err)
	}
}

// awaitWithin is await for what takes as long as a client of the API server may
// wait before it tries again. It returns how long it took.
func (s *server) awaitWithin(limit time.Duration, name string, qtype uint16, want string) time.Duration {
	s.t.Helper()
	start := time.Now()
	ticker := time.NewTicker(awaitInterval)
	defer ticker.Stop()
	for {
		got := dig.Short(s.ask("udp", name, qtype))
		took := time.Since(start)
		if got == want {
			return took
		}
		if took > limit {
			s.t.Fatalf("%s %s: still %s after %s, want %s", name, dns.TypeToString[qtype], got, limit, want)
		}
		<-ticker.C
	}
}
