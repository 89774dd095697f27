package gateway

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// begins starts a stanza in front of the API server as a start of CoreDNS does, and returns when that has waited.
func (s *fakeAPI) begins(f *fixture) {
	s.t.Helper()
	for _, c := range f.Clusters {
		conn, err := kube.OpenConnection(&rest.Config{Host: s.URL}, &c.LastHeard)
		if err != nil {
			s.t.Fatal(err)
		}
		c.Conn.Store(conn)
	}
	f.begin()
	s.t.Cleanup(func() { f.release(); s.CloseClientConnections() })
	f.start()
	f.await(time.Now())
}

// wantLines checks that each of some patterns is that of one line of the log.
func wantLines(t *testing.T, said string, patterns ...string) {
	t.Helper()
	for _, pattern := range patterns {
		if n := len(regexp.MustCompile(`(?m)`+pattern+`$`).FindAllString(said, -1)); n != 1 {
			t.Errorf("%d lines like %q, want one:\n%s", n, pattern, said)
		}
	}
}

const took = `[0-9.]+(µs|ms|s|m[0-9.]+s)`

// A start logs one line for each cluster: the API server, the kinds that are listed, the numbers of objects and names, and
// the time.
func TestStartIsLogged(t *testing.T) {
	s := newFakeAPI(t)
	s.on("ingresses", sends(jsonList("Ingress", "1", sentJSON(t, ingressAt("a", "a.example.com", "192.0.2.1"), "1"), sentJSON(t, ingressAt("b", "b.example.com", "192.0.2.1"), "1"))), nil)
	s.on("services", sends(jsonList("Service", "1", sentJSON(t, serviceAt("c", "c.example.com", "192.0.2.1"), "1"))), nil)
	said := logged(t, func() {
		s.begins(unlisted(t, "namespaces default shop\napex ns1.example.net."))
	})
	wantLines(t, said, `\[INFO\] plugin/k8s_gateway: in-cluster: `+s.URL+` lists Ingress, Service: \d+ objects, \d+ names, after `+took)
	if n := strings.Count(said, "plugin/k8s_gateway"); n != 1 {
		t.Errorf("%d lines, want one:\n%s", n, said)
	}
	s.on("services", statusAnswer(http.StatusForbidden, metav1.StatusReasonForbidden), nil)
	said = logged(t, func() {
		s.begins(unlisted(t, "startupTimeout 1s\napex ns1.example.net."))
	})
	wantLines(t, said, `in-cluster: `+s.URL+` lists Ingress: 2 objects, 2 names, after `+took, `WARNING.*Service: no permission.*`)
	s.on("ingresses", statusAnswer(http.StatusForbidden, metav1.StatusReasonForbidden), nil)
	said = logged(t, func() {
		s.begins(unlisted(t, "startupTimeout 1s\napex ns1.example.net."))
	})
	wantLines(t, said, `in-cluster: `+s.URL+` has listed no kind, after `+took)
}

// The log names the API server without its password.
func TestPasswordIsNotLogged(t *testing.T) {
	c := &kube.Cluster{}
	c.Conn.Store(&kube.Connection{Config: &rest.Config{Host: "https://me:secret@api.example.net:6443"}})
	if text := c.Summary(); strings.Contains(text, "secret") || !strings.Contains(text, "api.example.net:6443") {
		t.Error(text)
	}
}

// What came back is logged with what there is: a kind that may be listed again, a kind that could not be listed for a
// while, and an API server that answers again.
func TestReturnIsLogged(t *testing.T) {
	s := newFakeAPI(t)
	s.on("ingresses", statusAnswer(http.StatusForbidden, metav1.StatusReasonForbidden), nil)
	f := unlisted(t, "resources Ingress\nstartupTimeout 1s\napex ns1.example.net.")
	i, c := f.informers()[0], f.Clusters[0]
	said := logged(t, func() {
		s.begins(f)
		s.on("ingresses", sends(jsonList("Ingress", "1", sentJSON(t, ingressAt("a", "a.example.com", "192.0.2.1"), "1"))), nil)
		for deadline := time.Now().Add(30 * time.Second); i.Returned.Load() || !i.Listed.Load(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("not listed")
			}
		}
		problem := errors.New("connection refused")
		i.Since.Store(time.Now().Add(-time.Minute).UnixNano())
		i.Problem.Store(kube.Failing)
		i.LogProblem(c, problem.Error(), 0)
		i.Succeeded(c)
		c.LastHeard.Store(0)
		c.Unanswered(problem)
		c.Answered()
	})
	wantLines(t, said, `INFO.* in-cluster: Ingress: has been listed: 1 object`, `INFO.* in-cluster: Ingress: is listed again, after 1m[0-9.]+s: 1 object known`,
		`INFO.* in-cluster: the API server answers again, after `+took+`: `+s.URL+` lists Ingress: 1 object, 1 name`)
}
