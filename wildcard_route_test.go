package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// W2: a wildcard of the Gateway API is for one or more labels, and never for the name it stands on.
func TestRouteWildcard(t *testing.T) {
	for _, kind := range []string{"HTTPRoute", "TLSRoute", "GRPCRoute"} {
		f := newFixture(t, "resources "+kind, aGateway("gw", "192.0.2.1"), aRoute(kind, "web", "gw", "*.web.example.com"))
		f.ask(
			a("x.web.example.com.", "192.0.2.1"),
			a("x.y.z.web.example.com.", "192.0.2.1"),
			nodata("x.y.web.example.com.", dns.TypeAAAA),
			nodata("web.example.com.", dns.TypeA),
			nxdomain("x.example.com.", dns.TypeA),
			nxdomain("xweb.example.com.", dns.TypeA),
		)
	}
}

// W2: a listener's wildcard is no different.
func TestListenerWildcard(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aListener("gw", "*.web.example.com", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw"))
	f.ask(
		a("x.web.example.com.", "192.0.2.1"),
		a("x.y.web.example.com.", "192.0.2.1"),
		nodata("web.example.com.", dns.TypeA),
	)
}

// W2: names and empty non-terminals in between do not block it, because they do not block routing.
func TestRouteWildcardIsNotBlocked(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute Ingress DNSEndpoint", aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "*.example.com"),
		anIngress("www.example.com", "192.0.2.2"),
		anIngress("a.b.example.com", "192.0.2.2"),
		anIngress("pending.example.com"),
		anEndpoint("text.example.com", "TXT", "text"))
	f.ask(
		a("x.www.example.com.", "192.0.2.1"),
		a("x.y.www.example.com.", "192.0.2.1"),
		a("x.b.example.com.", "192.0.2.1"),
		a("x.a.b.example.com.", "192.0.2.1"),
		a("x.pending.example.com.", "192.0.2.1"),
		a("x.text.example.com.", "192.0.2.1"),
		nodata("b.example.com.", dns.TypeA), // the non-terminal itself is no name in between
	)
}

// W2: nor does the apex of a zone in between.
func TestRouteWildcardOverInnerZone(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com sub.example.com {\nresources HTTPRoute\n}", aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "*.example.com"))
	f.ask(a("x.sub.example.com.", "192.0.2.1"), a("x.y.sub.example.com.", "192.0.2.1"))
}
