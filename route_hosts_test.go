package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// G5, W2: a name is served when it matches a host of the route and the host of a listener.
func TestHostnameIntersection(t *testing.T) {
	for _, tc := range []struct {
		listener, route string // empty for none
		yes, no         []string
	}{
		{"", "web.example.com", []string{"web"}, []string{"x", "x.web"}},
		{"", "*.example.com", []string{"web", "x.web"}, nil},
		{"web.example.com", "", []string{"web"}, []string{"x", "x.web"}},
		{"*.example.com", "", []string{"web", "x.web"}, nil},
		{"", "", nil, []string{"web", "x"}},
		{"web.example.com", "web.example.com", []string{"web"}, []string{"x.web"}},
		{"WEB.example.com", "web.Example.com", []string{"web"}, nil},
		{"web.example.com", "other.example.com", nil, []string{"web", "other"}},
		{"*.example.com", "web.example.com", []string{"web"}, []string{"x", "x.web"}},
		{"*.example.com", "x.y.web.example.com", []string{"x.y.web"}, []string{"x.web"}},
		{"web.example.com", "*.example.com", []string{"web"}, []string{"x", "x.web"}},
		{"*.web.example.com", "web.example.com", nil, []string{"web", "x.web"}},
		{"web.example.com", "*.web.example.com", nil, []string{"web", "x.web"}},
		{"*.example.com", "*.example.com", []string{"web", "x.web"}, nil},
		{"*.example.com", "*.web.example.com", []string{"x.web", "x.y.web"}, []string{"x"}},
		{"*.web.example.com", "*.example.com", []string{"x.web", "x.y.web"}, []string{"x"}},
		{"*.web.example.com", "*.other.example.com", nil, []string{"x.web", "x.other", "web", "other"}},
		{"*.example.com", "*.ple.com", nil, []string{"web"}},
		{"*.com", "*.example.com", []string{"web", "x.web"}, nil},
		{"*.com", "web.example.com", []string{"web"}, []string{"x"}},
		{"*.net", "web.example.com", nil, []string{"web"}},
		{"ample.com", "*.com", nil, []string{"web"}},
	} {
		var hosts []string
		if tc.route != "" {
			hosts = []string{tc.route}
		}
		f := newFixture(t, "resources HTTPRoute", aListener("gw", tc.listener, "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", hosts...))
		for _, name := range tc.yes {
			f.ask(a(name+".example.com.", "192.0.2.1"))
		}
		for _, name := range tc.no {
			m, _ := f.exchange(new(dns.Msg).SetQuestion(name+".example.com.", dns.TypeA))
			if len(m.Answer) > 0 {
				t.Errorf("%s is served", name)
			}
		}
		if t.Failed() {
			t.Fatalf("listener %q, route %q", tc.listener, tc.route)
		}
	}
}

// G5: without hosts on either side nothing is served, and the root is no host.
func TestNoHosts(t *testing.T) {
	f := newFixture(t, "k8s_gateway . {\nresources HTTPRoute\n}", aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw"))
	f.ask(
		test.Case{Qname: ".", Qtype: dns.TypeA, Ns: soaOf(".")},
		test.Case{Qname: "example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf(".")},
	)
}

// G5: a route without hosts takes those of every listener it refers to, and no others.
func TestInheritedHosts(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  gatewayClassName: public
  listeners:
  - {name: one, port: 80, protocol: HTTP, hostname: one.example.com}
  - {name: two, port: 80, protocol: HTTP, hostname: "*.two.example.com"}
  - {name: all, port: 81, protocol: HTTP}
status: {addresses: [{value: 192.0.2.1}]}
`, aRoute("HTTPRoute", "web", "gw"))
	f.ask(
		a("one.example.com.", "192.0.2.1"),
		a("x.two.example.com.", "192.0.2.1"),
		nxdomain("three.example.com.", dns.TypeA),
	)
}

// G5, N5: a route whose hosts are all bad has hosts, and takes none from the listener.
func TestBadHostsInheritNothing(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aListener("gw", "web.example.com", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "bad_host.example.com", "1.2.3.4"))
	f.ask(nxdomain("web.example.com.", dns.TypeA))
}

// G5, N5: a listener whose host is bad serves nothing, rather than every name.
func TestBadListenerHost(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aListener("gw", "a.*.example.com", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "web.example.com"))
	f.ask(nxdomain("web.example.com.", dns.TypeA))
}

// G5: several hosts and several listeners: what any two of them have in common.
func TestManyHosts(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  gatewayClassName: public
  listeners:
  - {name: a, port: 80, protocol: HTTP, hostname: "*.a.example.com"}
  - {name: b, port: 80, protocol: HTTP, hostname: "b.example.com"}
status: {addresses: [{value: 192.0.2.1}]}
`, aRoute("HTTPRoute", "web", "gw", "x.a.example.com", "*.example.com", "c.example.com"))
	f.ask(
		a("x.a.example.com.", "192.0.2.1"),
		a("y.a.example.com.", "192.0.2.1"),
		a("b.example.com.", "192.0.2.1"),
		nodata("a.example.com.", dns.TypeA),
		nxdomain("c.example.com.", dns.TypeA),
		nxdomain("d.example.com.", dns.TypeA),
	)
}
