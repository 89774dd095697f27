package gatewayapi_test

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/measure"
)

// sharedHost serves one host that n HTTPRoutes share.
func sharedHost(b testing.TB, n int) *fixture.Stanza {
	f := fixture.New(b, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"))
	for i := range n {
		f.Apply(fixture.ARoute("HTTPRoute", fmt.Sprint("web", i), "gw", "web.example.com"))
	}
	return f
}

// BenchmarkSharedHost asks for a host that many routes share: its cost must not grow with them.
func BenchmarkSharedHost(b *testing.B) {
	for _, n := range []int{1, 50, 500} {
		f := sharedHost(b, n)
		b.Run(fmt.Sprintf("routes=%d", n), func(b *testing.B) {
			fixture.ServeBench(b, f, 1, new(dns.Msg).SetQuestion("web.example.com.", dns.TypeA))
		})
	}
}

// sharedThroughSets serves one host that n routes share: of two kinds, through a Gateway and ListenerSets, of
// several namespaces.
func sharedThroughSets(b testing.TB, n int) *fixture.Live {
	l := fixture.NewFresh(b, "resources HTTPRoute GRPCRoute",
		fixture.Edge("{name: http, port: 80, protocol: HTTP, "+fixture.TeamWeb+"}", fixture.SetsTeamWeb), fixture.ANamespace("infra", "team: web"))
	for i := range 10 {
		ns := fmt.Sprint("shop", i)
		l.Apply(fixture.ANamespace(ns, "team: web"), fixture.ASet(ns+"/set", fixture.FromAll("http", "*.example.com")))
	}
	for i := range n {
		ns := fmt.Sprint("shop", i%10)
		refs := fixture.ToGateway + ", {kind: ListenerSet, name: set}, {kind: ListenerSet, name: set, namespace: " + ns + ", sectionName: http}"
		l.Apply(fixture.ARouteTo([]string{"HTTPRoute", "GRPCRoute"}[i%2], fmt.Sprintf("%s/web%d", ns, i), refs, "web.example.com"))
	}
	return l
}

// BenchmarkSharedThroughSets asks for one that they share in every way there is.
func BenchmarkSharedThroughSets(b *testing.B) {
	for _, n := range []int{1, 50, 500} {
		l := sharedThroughSets(b, n)
		b.Run(fmt.Sprintf("routes=%d", n), func(b *testing.B) {
			fixture.ServeBench(b, l, 1, new(dns.Msg).SetQuestion("web.example.com.", dns.TypeA))
		})
	}
}

// The work of a question does not grow with the routes that share a host: it allocates as much for 500 as for
// two, one of each kind.
func TestSharedHostAllocations(t *testing.T) {
	if measure.RaceDetector {
		t.Skip("the race detector allocates")
	}
	allocations := func(l *fixture.Live) float64 {
		req, w := new(dns.Msg).SetQuestion("web.example.com.", dns.TypeA), &fixture.Discard{}
		return testing.AllocsPerRun(100, func() { _, _ = l.ServeDNS(t.Context(), w, req) })
	}
	few, many := allocations(sharedThroughSets(t, 2)), allocations(sharedThroughSets(t, 500))
	if many > few {
		t.Errorf("%v allocations for 500 routes, %v for two", many, few)
	}
}
