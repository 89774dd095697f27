package gateway_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/reuseport"
	"github.com/coredns/coredns/plugin/pkg/transport"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	gateway "github.com/k8s-gateway/k8s_gateway/v2"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// A port that another process shares by SO_REUSEPORT is named in the log, and a free one is not.
func TestSharedPort(t *testing.T) {
	for network, kind := range map[string]string{"udp": transport.DNS, "tcp": transport.TLS} {
		address := ""
		var taken interface{ Close() error }
		if network == "udp" {
			socket, err := reuseport.ListenPacket(network, "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			address, taken = socket.LocalAddr().String(), socket
		} else {
			socket, err := reuseport.Listen(network, "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			address, taken = socket.Addr().String(), socket
		}
		host, port, _ := net.SplitHostPort(address)
		config := &dnsserver.Config{ListenHosts: []string{host}, Port: port, Transport: kind}
		i := gateway.NewInstance(t.Context(), config)
		got := fixture.Logged(t, func() { i.WarnOfShared() })
		want := "another process listens on " + network + " " + address + ": it gets a part of the questions, which this one never sees: stop it, or use another port"
		if strings.Count(got, want) != 1 {
			t.Errorf("logged %q, want once %q", got, want)
		}
		taken.Close()
		if got := fixture.Logged(t, func() { i.WarnOfShared() }); got != "" {
			t.Errorf("a free port: %q", got)
		}
		config.Port = "0"
		if got := fixture.Logged(t, func() { i.WarnOfShared() }); got != "" {
			t.Errorf("any port: %q", got)
		}
	}
}

// The log names a namespace that no cluster has, according to the API servers. It does not name one that may not be read, or that one of
// the clusters has.
func TestMissingNamespace(t *testing.T) {
	api := func(found string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			name := strings.TrimPrefix(r.URL.Path, "/api/v1/namespaces/")
			w.Header().Set("Content-Type", "application/json")
			switch {
			case name == "hidden":
				w.WriteHeader(http.StatusForbidden)
				_, _ = w.Write([]byte(`{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,"details":{"name":"hidden","kind":"namespaces"}}`))
			case name != found:
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(`{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404,"details":{"name":"` + name + `","kind":"namespaces"}}`))
			default:
				_, _ = w.Write([]byte(`{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"` + name + `"}}`))
			}
		}))
		t.Cleanup(server.Close)
		return writeFile(t, strings.Replace(kubeconfig, "https://192.0.2.1:6443", server.URL, 1))
	}
	f := fixture.New(t, "kubeconfig "+api("here")+"\nkubeconfig "+api("there")+"\nnamespaces here there hidden gone\nresources Ingress\napex ns1 192.0.2.53")
	f.Begin()
	defer f.End()
	for _, c := range f.Clusters {
		if err := c.Connect(); err != nil {
			t.Fatal(err)
		}
	}
	got := fixture.Logged(t, f.WarnOfNamespaces)
	if want := `property namespaces: there is no namespace "gone", nothing is served from it until there is`; strings.Count(got, "namespace") != strings.Count(want, "namespace") || !strings.Contains(got, want) {
		t.Errorf("logged %q, want %q", got, want)
	}
}

// R1, R3: if nothing has been listed, the log does not say that the present data is kept.
func TestUnansweredMessage(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources Ingress\nkubeconfig /etc/kubeconfig")
	c := f.Clusters[0]
	for _, want := range []string{"nothing has been listed yet", "what is known stays"} {
		got := fixture.Logged(t, func() { c.Unanswered(errors.New("connection refused")) })
		if !strings.Contains(got, "the API server does not answer, trying again, "+want+": connection refused") {
			t.Errorf("logged %q, want %q", got, want)
		}
		f.Informers()[0].Listed.Store(true)
		c.Trouble.Store(kube.NoTrouble)
	}
}

// A1: what is not listed yet is not reported as missing.
func TestNameserverProblemUnlisted(t *testing.T) {
	for _, apex := range []string{"dns1.kube-system", "dns"} {
		f := fixture.NewUnlisted(t, "resources Ingress\napex "+apex)
		f.Begin()
		defer f.End()
		if said := fixture.Logged(t, f.ReportNameservers); strings.Contains(said, "nameserver") {
			t.Errorf("apex %s: logged %q", apex, said)
		}
		later := fixture.Logged(t, func() {
			for _, i := range f.Informers() {
				i.Settle()
			}
			f.Background.Wait()
		})
		if strings.Count(later, "no address is known") != 1 {
			t.Errorf("apex %s: logged %q once everything was listed", apex, later)
		}
	}
}

// A1: a nameserver without a known address is reported once in the log, and on the status page as long as it has none.
func TestNameserverProblems(t *testing.T) {
	inZone := fixture.IngressAt("dns", "dns.example.com", "192.0.2.53")
	for _, tc := range []struct{ stanza, manifest, name, problem string }{
		{"", "", "dns1.kube-system.example.com.", "no address is known: there is no Service kube-system/dns1"},
		{"", strings.Replace(fixture.NameserverService, "status:", "nothing:", 1), "dns1.kube-system.example.com.", "no address is known: Service kube-system/dns1 has no address"},
		{"", fixture.NameserverService, "", ""},
		{"apex dns.infra", fixture.DnsService("endpoints"), "dns.infra.example.com.", "no address is known: Service infra/dns has no ready endpoint"},
		{"apex dns", "", "dns.example.com.", "no address is known: the Corefile gives none, one label stands for no Service, and no object here has one for this name"},
		{"apex dns", inZone, "", ""},
		{"apex dns 192.0.2.53", "", "", ""},
		{"apex dns.example.com", "", "dns.example.com.", "no address is known: the Corefile gives none, and no object here has one for this name"},
		{"apex dns.example.com.", inZone, "", ""},
		{"apex dns.example.com.", fixture.IngressAt("dns", "dns.example.com", "lb.example.net"), "dns.example.com.", "no address is known: it is an alias, which a nameserver's name must not be (RFC 2181 section 10.3)"},
		{"apex example.com", "", "example.com.", "no address is known: the Corefile gives none, and no object here has one for this name"},
		{"apex ns.example.net.", "", "", ""},
		{"apex ns.example.net. 192.0.2.53", "", "ns.example.net.", "its addresses are not answered here, because it lies in none of the zones"},
	} {
		l := fixture.NewLive(t, tc.stanza+"\nresources Ingress\nstatus :0", tc.manifest)
		said := fixture.Logged(t, l.ReportNameservers)
		want := ""
		if tc.problem != "" {
			want = "nameserver " + tc.name + ": " + tc.problem
		}
		if strings.Count(said, "nameserver ") != strings.Count(want, "nameserver ") || !strings.Contains(said, want) {
			t.Errorf("%s: logged %q, want %q", tc.stanza, said, want)
		}
		var rows []string
		for _, r := range statuspage.Rows(l.Overview().State().Claims) {
			if r.Standing == statuspage.Pending && r.Kind == "Corefile" {
				rows = append(rows, r.Name+" "+r.Reason)
			}
		}
		if got := strings.Join(rows, "\n"); tc.problem == "" && got != "" || tc.problem != "" && got != tc.name+" nameserver: "+tc.problem {
			t.Errorf("%s: on the status page %q, want %q", tc.stanza, got, tc.problem)
		}
		if tc.problem != "" && l.Zones.Match(strings.TrimSuffix(tc.name, ".")) != nil {
			text := strings.Join(l.Overview().Explain(tc.name).Reasons, " ")
			if !strings.Contains(text, tc.problem[1:]+".") {
				t.Errorf("%s: explained as %q", tc.stanza, text)
			}
		}
	}
}

// begins starts a stanza with an API server, as a start of CoreDNS does, and returns when the wait is over.
func begins(s *fixture.API, f *fixture.Stanza) {
	s.T.Helper()
	for _, c := range f.Clusters {
		conn, err := kube.OpenConnection(&rest.Config{Host: s.URL}, &c.LastHeard)
		if err != nil {
			s.T.Fatal(err)
		}
		c.Conn.Store(conn)
	}
	f.Begin()
	s.T.Cleanup(func() { f.Release(); s.CloseClientConnections() })
	f.Start()
	f.Await(time.Now())
}

// wantLines checks that each pattern matches a line of the log.
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
	s := fixture.NewAPI(t)
	s.On("ingresses", fixture.Sends(fixture.JsonList("Ingress", "1", fixture.SentJSON(t, fixture.IngressAt("a", "a.example.com", "192.0.2.1"), "1"), fixture.SentJSON(t, fixture.IngressAt("b", "b.example.com", "192.0.2.1"), "1"))), nil)
	s.On("services", fixture.Sends(fixture.JsonList("Service", "1", fixture.SentJSON(t, fixture.ServiceAt("c", "c.example.com", "192.0.2.1"), "1"))), nil)
	said := fixture.Logged(t, func() {
		begins(s, fixture.NewUnlisted(t, "namespaces default shop\napex ns1.example.net."))
	})
	wantLines(t, said, `\[INFO\] plugin/k8s_gateway: in-cluster: `+s.URL+` lists Ingress, Service: \d+ objects, \d+ names, after `+took)
	if n := strings.Count(said, "plugin/k8s_gateway"); n != 1 {
		t.Errorf("%d lines, want one:\n%s", n, said)
	}
	s.On("services", fixture.StatusAnswer(http.StatusForbidden, metav1.StatusReasonForbidden), nil)
	said = fixture.Logged(t, func() {
		begins(s, fixture.NewUnlisted(t, "startupTimeout 1s\napex ns1.example.net."))
	})
	wantLines(t, said, `in-cluster: `+s.URL+` lists Ingress: 2 objects, 2 names, after `+took, `WARNING.*Service: no permission.*`)
	s.On("ingresses", fixture.StatusAnswer(http.StatusForbidden, metav1.StatusReasonForbidden), nil)
	said = fixture.Logged(t, func() {
		begins(s, fixture.NewUnlisted(t, "startupTimeout 1s\napex ns1.example.net."))
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

// A recovery is logged with the number of objects: of a kind that may be listed again, of a kind that could not be listed for a while, and
// of an API server that answers again.
func TestReturnIsLogged(t *testing.T) {
	s := fixture.NewAPI(t)
	s.On("ingresses", fixture.StatusAnswer(http.StatusForbidden, metav1.StatusReasonForbidden), nil)
	f := fixture.NewUnlisted(t, "resources Ingress\nstartupTimeout 1s\napex ns1.example.net.")
	i, c := f.Informers()[0], f.Clusters[0]
	said := fixture.Logged(t, func() {
		begins(s, f)
		s.On("ingresses", fixture.Sends(fixture.JsonList("Ingress", "1", fixture.SentJSON(t, fixture.IngressAt("a", "a.example.com", "192.0.2.1"), "1"))), nil)
		for deadline := time.Now().Add(30 * time.Second); i.Returned.Load() || !i.Listed.Load(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("not listed")
			}
		}
		problem := errors.New("connection refused")
		i.RefusedSince.Store(time.Now().Add(-time.Minute).UnixNano())
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
