package gateway

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coredns/caddy"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

const kubeconfig = `
apiVersion: v1
kind: Config
clusters: [{name: one, cluster: {server: "https://192.0.2.1:6443"}}, {name: two, cluster: {server: "https://192.0.2.2:6443"}}]
contexts: [{name: one, context: {cluster: one}}, {name: two, context: {cluster: two}}]
current-context: one
`

func writeFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// R1: a good kubeconfig is read without asking the API server, which may be away.
func TestKubeconfig(t *testing.T) {
	for context, host := range map[string]string{"": "https://192.0.2.1:6443", "one": "https://192.0.2.1:6443", "two": "https://192.0.2.2:6443"} {
		c := &kube.Cluster{Kubeconfig: writeFile(t, kubeconfig), Context: context}
		if err := c.Connect(); err != nil {
			t.Error(err)
		} else if c.Conn.Load().Config.Host != host {
			t.Errorf("context %q: %s, want %s", context, c.Conn.Load().Config.Host, host)
		}
	}
}

// R1: a bad kubeconfig is a startup error, which says what was read and what is wrong with it.
func TestBadKubeconfig(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	for _, tc := range []struct {
		file, context string
		want          []string
	}{
		{missing, "", []string{missing, "no such file"}},
		{writeFile(t, "{"), "", []string{"config"}},
		{writeFile(t, "apiVersion: v1\nkind: Secret\n"), "", []string{"config"}},
		{writeFile(t, ""), "", []string{"config"}},
		{writeFile(t, kubeconfig), "three", []string{"config", `"three"`}},
		{writeFile(t, strings.Replace(kubeconfig, "cluster: one", "cluster: none", 1)), "", []string{"config"}},
		{writeFile(t, strings.Replace(kubeconfig, `"https://192.0.2.1:6443"`, `"https://192.0.2.1:6443", certificate-authority: /nowhere/ca.crt`, 1)), "", []string{"config", "/nowhere/ca.crt"}},
	} {
		err := (&kube.Cluster{Kubeconfig: tc.file, Context: tc.context}).Connect()
		if err == nil {
			t.Errorf("%s: no error", tc.file)
			continue
		}
		for _, want := range append(tc.want, "kubeconfig", tc.file) {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error %q does not say %q", err, want)
			}
		}
	}
}

// R1: setup fails as parsing and connecting do, and says which plugin it was.
func TestSetupErrors(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	for stanza, want := range map[string]string{
		"k8s_gateway example.com {\nttl x\n}":                                  "property ttl",
		"k8s_gateway example.com {\nkubeconfig " + t.TempDir() + "/missing\n}": "kubeconfig",
		"k8s_gateway example.com":                                              "not running in a cluster",
	} {
		err := setup(caddy.NewTestController("dns", stanza))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plugin/k8s_gateway: ") {
			t.Errorf("%q: got %v", stanza, err)
		}
	}
}
