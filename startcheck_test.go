package gateway

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/reuseport"
	"github.com/coredns/coredns/plugin/pkg/transport"

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
		blocks := []*block{{config: &dnsserver.Config{ListenHosts: []string{host}, Port: port, Transport: kind}}}
		blocks = append(blocks, blocks[0])
		got := logged(t, func() { warnOfSharedPorts(blocks) })
		want := "another process listens on " + network + " " + address + ": it gets a part of the questions, which this one never sees: stop it, or use another port"
		if strings.Count(got, want) != 1 {
			t.Errorf("logged %q, want once %q", got, want)
		}
		taken.Close()
		if got := logged(t, func() { warnOfSharedPorts(blocks) }); got != "" {
			t.Errorf("a free port: %q", got)
		}
		blocks[0].config.Port = "0"
		if got := logged(t, func() { warnOfSharedPorts(blocks) }); got != "" {
			t.Errorf("any port: %q", got)
		}
	}
}

// A namespace that no cluster has is named in the log, where the API server says so. One that may not be read, and one that
// another cluster has, are not.
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
	f := newFixture(t, "kubeconfig "+api("here")+"\nkubeconfig "+api("there")+"\nnamespaces here there hidden gone\nresources Ingress\napex ns1 192.0.2.53")
	f.ctx = context.Background()
	for _, c := range f.Clusters {
		if err := c.Connect(); err != nil {
			t.Fatal(err)
		}
	}
	got := logged(t, f.warnOfNamespaces)
	if want := `property namespaces: there is no namespace "gone", nothing is served from it until there is`; strings.Count(got, "namespace") != strings.Count(want, "namespace") || !strings.Contains(got, want) {
		t.Errorf("logged %q, want %q", got, want)
	}
}

// R1, R3: the log does not say that what is known stays where nothing has been listed.
func TestUnansweredMessage(t *testing.T) {
	f := unlisted(t, "resources Ingress\nkubeconfig /etc/kubeconfig")
	c := f.Clusters[0]
	for _, want := range []string{"nothing has been listed yet", "what is known stays"} {
		got := logged(t, func() { c.Unanswered(errors.New("connection refused")) })
		if !strings.Contains(got, "the API server does not answer, trying again, "+want+": connection refused") {
			t.Errorf("logged %q, want %q", got, want)
		}
		f.informers()[0].Listed.Store(true)
		c.Trouble.Store(kube.NoTrouble)
	}
}

// A1: what is not listed yet is not said to be missing.
func TestNameserverProblemUnlisted(t *testing.T) {
	for _, apex := range []string{"dns1.kube-system", "dns"} {
		f := unlisted(t, "resources Ingress\napex "+apex)
		f.begin()
		defer f.end()
		if said := logged(t, f.reportNameservers); strings.Contains(said, "nameserver") {
			t.Errorf("apex %s: logged %q", apex, said)
		}
		later := logged(t, func() {
			for _, i := range f.informers() {
				i.Settle()
			}
			f.Background.Wait()
		})
		if strings.Count(later, "no address is known") != 1 {
			t.Errorf("apex %s: logged %q once everything was listed", apex, later)
		}
	}
}

// A1: a nameserver of which no address is known is said once in the log, and on the status page for as long as that is so.
func TestNameserverProblems(t *testing.T) {
	inZone := ingressAt("dns", "dns.example.com", "192.0.2.53")
	for _, tc := range []struct{ stanza, manifest, name, problem string }{
		{"", "", "dns1.kube-system.example.com.", "no address is known: there is no Service kube-system/dns1"},
		{"", strings.Replace(nameserverService, "status:", "nothing:", 1), "dns1.kube-system.example.com.", "no address is known: Service kube-system/dns1 has no address"},
		{"", nameserverService, "", ""},
		{"apex dns.infra", dnsService("endpoints"), "dns.infra.example.com.", "no address is known: Service infra/dns has no ready endpoint"},
		{"apex dns", "", "dns.example.com.", "no address is known: the Corefile gives none, one label stands for no Service, and no object here has one for this name"},
		{"apex dns", inZone, "", ""},
		{"apex dns 192.0.2.53", "", "", ""},
		{"apex dns.example.com", "", "dns.example.com.", "no address is known: the Corefile gives none, and no object here has one for this name"},
		{"apex dns.example.com.", inZone, "", ""},
		{"apex dns.example.com.", ingressAt("dns", "dns.example.com", "lb.example.net"), "dns.example.com.", "no address is known: it is an alias, which a nameserver's name must not be (RFC 2181 section 10.3)"},
		{"apex example.com", "", "example.com.", "no address is known: the Corefile gives none, and no object here has one for this name"},
		{"apex ns.example.net.", "", "", ""},
		{"apex ns.example.net. 192.0.2.53", "", "ns.example.net.", "its addresses are not answered here, because it lies in none of the zones"},
	} {
		l := newLive(t, tc.stanza+"\nresources Ingress\nstatus :0", tc.manifest)
		said := logged(t, l.reportNameservers)
		want := ""
		if tc.problem != "" {
			want = "nameserver " + tc.name + ": " + tc.problem
		}
		if strings.Count(said, "nameserver ") != strings.Count(want, "nameserver ") || !strings.Contains(said, want) {
			t.Errorf("%s: logged %q, want %q", tc.stanza, said, want)
		}
		var rows []string
		for _, r := range statuspage.Rows((Overview{l.Gateway}).State().Claims) {
			if r.Standing == statuspage.Pending && r.Kind == "Corefile" {
				rows = append(rows, r.Name+" "+r.Reason)
			}
		}
		if got := strings.Join(rows, "\n"); tc.problem == "" && got != "" || tc.problem != "" && got != tc.name+" nameserver: "+tc.problem {
			t.Errorf("%s: on the status page %q, want %q", tc.stanza, got, tc.problem)
		}
		if tc.problem != "" && l.Zones.Match(strings.TrimSuffix(tc.name, ".")) != nil {
			text := strings.Join(Overview{l.Gateway}.Explain(tc.name).Reasons, " ")
			if !strings.Contains(text, tc.problem[1:]+".") {
				t.Errorf("%s: explained as %q", tc.stanza, text)
			}
		}
	}
}
