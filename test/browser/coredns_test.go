//go:build browser

package browser

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// manifest is one Ingress that answers, one without an address, one of another class, and a route that no Gateway
// takes.
const manifest = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: default}
spec: {ingressClassName: public, rules: [{host: web.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: pending, namespace: default}
spec: {ingressClassName: public, rules: [{host: pending.example.com}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: inside, namespace: default}
spec: {ingressClassName: inside, rules: [{host: inside.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.2}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: lost, namespace: default}
spec: {parentRefs: [{name: nowhere}], hostnames: [lost.example.com]}
---
`

// many are more names than a page holds.
func many() string {
	var hosts []string
	for i := range 250 {
		hosts = append(hosts, fmt.Sprintf("{host: host-%03d.example.com}", i))
	}
	return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: many, namespace: default}
spec: {ingressClassName: public, rules: [` + strings.Join(hosts, ", ") + `]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.3}]}}
`
}

// coredns runs CoreDNS on a real API server with the manifest, and returns the origin of its status page.
func coredns(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cluster, err := testcluster.Start(ctx, testcluster.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := cluster.Apply(ctx, []byte(manifest+many())); err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	corefile := filepath.Join(t.TempDir(), "Corefile")
	text := fmt.Sprintf(".:0 {\n bind 127.0.0.1\n k8s_gateway example.com {\n  resources Ingress HTTPRoute\n  apex ns1 192.0.2.53\n  ingressClasses public\n  kubeconfig %q\n  status %s\n }\n}\n",
		cluster.Kubeconfig(), address)
	if err := os.WriteFile(corefile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.Command("../../coredns", "-conf", corefile)
	server.Stdout, server.Stderr = os.Stderr, os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	for origin := "http://" + address; ; {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if reply, err := http.DefaultClient.Do(request); err == nil {
			reply.Body.Close()
			return origin
		} else if ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Somebody looks at the page of a CoreDNS that serves a cluster: searches, turns pages, reads why a name does not
// answer.
func TestPageOfCoreDNS(t *testing.T) {
	p := open(t, coredns(t))
	for name, want := range map[string]string{
		"web.example.com":     "Ingress default/web answers.",
		"pending.example.com": "Ingress default/pending has no address yet.",
		"inside.example.com":  `its class "inside" is not in ingressClasses.`,
		"lost.example.com":    "HTTPRoute default/lost: Gateway default/nowhere is not there",
	} {
		p.search(name)
		if got := p.text(".answer"); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		p.screenshot("coredns-" + strings.TrimSuffix(name, ".example.com"))
	}
	p.follow("form", "Clear")
	p.follow("nav", "Next")
	if rows := p.rows(); len(rows) != 100 {
		t.Errorf("%d rows on the second page", len(rows))
	}
	p.follow("nav", "does not answer")
	if rows := p.rows(); len(rows) != 3 {
		t.Errorf("rows that do not answer: %+v", rows)
	}
	p.screenshot("coredns-unanswered")
}
