package gatewayapi_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// targetsRoute is an HTTPRoute of some 75 kB: a thousand names, each with 4,096 addresses.
func targetsRoute(t testing.TB, names int) kube.Object {
	return fixture.Decode(t, fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: large, namespace: default, annotations: {coredns.io/hostname: %q, coredns.io/target: %q}}
spec: {parentRefs: [{name: gw}]}
`, strings.Join(fixture.Numbered(names, "h%d.example.com"), ","), strings.Join(fixture.Addresses(4096), ",")))[0]
}

// N7: a route with a thousand names and thousands of addresses does not hold up other routes when it changes.
func TestChangeRouteTargets(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"))
	one, two := targetsRoute(t, 1000), targetsRoute(t, 999)
	f.Feed(cache.Updated, one)
	f.Within(2*time.Second, "one host less", func() { f.Feed(cache.Updated, two) })
	f.Within(2*time.Second, "a change of its Gateway", func() { f.Apply(fixture.AGateway("gw", "192.0.2.2")) })
	if m, _ := f.Query(fixture.Expect(fixture.Host(7) + ". A").Msg()); len(m.Answer) < 2000 {
		t.Errorf("%d addresses", len(m.Answer))
	}
	f.Ask(fixture.NXDomain(fixture.Host(999)+".", 1))
}

// BenchmarkChangeRouteTargets removes a host from such a route, and adds it again.
func BenchmarkChangeRouteTargets(b *testing.B) {
	f := fixture.New(b, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"))
	list := []kube.Object{targetsRoute(b, 1000), targetsRoute(b, 999)}
	for i := 0; b.Loop(); i++ {
		f.Feed(cache.Updated, list[i%2])
	}
}

// manyParentsRoute is a route with the maximum number of names under the maximum number of Gateways.
const wideGateways = 32

func manyParentsRoute(t testing.TB) kube.Object {
	return fixture.Decode(t, fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: wide, namespace: default, annotations: {coredns.io/hostname: %q}}
spec: {parentRefs: [%s]}
`, strings.Join(fixture.Numbered(1000, "h%d.example.com"), ","), strings.Join(fixture.Numbered(wideGateways, "{name: gw%d}"), ", ")))[0]
}

// N7: the number of names of a route under its Gateways is limited. The rest is reported in the log and on the status page.
func TestLimitBindings(t *testing.T) {
	var gateways []string
	for i := range wideGateways {
		gateways = append(gateways, fixture.AGateway(fmt.Sprint("gw", i), fmt.Sprintf("192.0.2.%d", i+1)))
	}
	f := fixture.New(t, "status :0\nresources HTTPRoute", gateways...)
	f.Feed(cache.Updated, manyParentsRoute(t))
	var said []string
	for _, r := range statuspage.Rows(f.Overview().State().Claims) {
		if r.Standing == statuspage.Skipped {
			said = append(said, r.Reason)
		}
	}
	if len(said) != 1 || !strings.Contains(said[0], "more than 4096 names under its Gateways") {
		t.Errorf("the status page says %q", said)
	}
	if n := f.Served[0].Parts[0].NameCount.Load(); n != gatewayapi.MaxBindings {
		t.Errorf("%d names", n)
	}
	f.Within(2*time.Second, "a change of a Gateway", func() { f.Apply(fixture.AGateway("gw0", "192.0.2.99")) })
}

// N7: if many listeners have the same names in common with a route, the route is not matched with each of them.
func TestListenersThatOverlap(t *testing.T) {
	const labels = 60
	suffix := strings.Repeat("x.", labels) + "example.com"
	var listeners []string
	for i := range labels {
		listeners = append(listeners, fmt.Sprintf("{name: l%d, port: 80, protocol: HTTP, hostname: %q}", i, "*."+suffix[2*i:]))
	}
	f := fixture.New(t, "resources HTTPRoute", fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec: {gatewayClassName: any, listeners: [%s]}
status: {addresses: [{value: 192.0.2.1}]}
`, strings.Join(listeners, ", ")))
	route := func(n int) kube.Object {
		return fixture.Decode(t, fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default, annotations: {coredns.io/hostname: %q}}
spec: {parentRefs: [%s]}
`, strings.Join(fixture.Numbered(n, "h%d."+suffix), ","), strings.Join(fixture.Numbered(labels, "{name: gw, sectionName: l%d}"), ", ")))[0]
	}
	f.Feed(cache.Updated, route(1000))
	f.Within(2*time.Second, "one host less", func() { f.Feed(cache.Updated, route(999)) })
	f.Ask(fixture.A("h0."+suffix+".", "192.0.2.1"))
}

// N7: changes of routes do not wait for a Gateway with many routes, and the result is the same, whichever change comes first.
func TestChangesBesideAGateway(t *testing.T) {
	const n = 2000
	l := fixture.NewLive(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"), fixture.AGateway("other", "192.0.2.9"))
	var manifests strings.Builder
	for i := range n {
		manifests.WriteString(fixture.ARoute("HTTPRoute", fmt.Sprint("r", i), "gw", fixture.Host(i)) + "\n---\n")
	}
	l.Apply(manifests.String())
	gateways := [][]kube.Object{fixture.Decode(t, fixture.AGateway("gw")), fixture.Decode(t, fixture.AGateway("gw", "192.0.2.2"))}
	var routes [][2]kube.Object
	for i := range 200 {
		routes = append(routes, [2]kube.Object{
			fixture.Decode(t, fixture.ARoute("HTTPRoute", fmt.Sprint("r", i), "other", fixture.Host(i)))[0],
			fixture.Decode(t, fixture.ARoute("HTTPRoute", fmt.Sprint("r", i), "gw", fixture.Host(i)))[0],
		})
	}
	i := l.Sources.JoinOf(l.Clusters[0])
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := range 20 {
			for _, in := range i.GatewayInformers() {
				fixture.Send(t, in, cache.Updated, gateways[n%2][0])
			}
		}
	})
	in := l.Served[0].Parts[0].Informers[0]
	for round := range 4 {
		for _, r := range routes {
			fixture.Send(t, in, cache.Updated, r[round%2])
		}
	}
	wg.Wait()
	l.Background.Wait()
	for i := range n {
		l.Ask(fixture.A(fixture.Host(i)+".", "192.0.2.2"))
	}
	if n := l.Sources.JoinOf(l.Clusters[0]).LeftOfChanges(); n > 0 {
		t.Errorf("%d left of changes", n)
	}
}
