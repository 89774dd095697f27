package zone_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// N7: a host more in an Ingress with thousands of hosts and addresses costs what it says, and not one comparison of all
// addresses for each host.
func TestChangeManyHosts(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	list := fixture.TwoVersions()
	f.Feed(cache.Updated, list[0])
	f.Within(2*time.Second, "one host more", func() { f.Feed(cache.Updated, list[1]) })
	f.Ask(fixture.NXDomain(fixture.Host(15_001)+".", 1))
	if m, _ := f.Query(fixture.Expect(fixture.Host(15_000) + ". A").Msg()); len(m.Answer) < 2000 {
		t.Errorf("%d addresses at the new host", len(m.Answer))
	}
}

// N7: hosts that an Ingress says twice share their addresses.
func TestHostsTwice(t *testing.T) {
	ing := fixture.LargeIngress("twice", 7_500, 4096)
	ing.Spec.Rules = append(ing.Spec.Rules, ing.Spec.Rules...)
	f := fixture.New(t, "resources Ingress")
	if n := fixture.Allocated(func() { f.Feed(cache.Updated, ing) }); n > fixture.Allowance {
		t.Errorf("hosts that are said twice allocate %d MB", n>>20)
	}
}

// N7: names that both a Service and one of its endpoints have do not hold all addresses of the Service each.
func TestNamesOfServiceAndEndpoints(t *testing.T) {
	const n = 3_000
	l := fixture.NewFresh(t, "resources Service", fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default, annotations: {coredns.io/hostname: "example.com,%s", k8s-gateway.dns/resolve-endpoints: "true"}}
spec: {type: ClusterIP}
`, strings.Join(fixture.Numbered(n, "e%d.example.com"), ",")))
	var list []string
	for i, addr := range fixture.Addresses(n) {
		list = append(list, fmt.Sprintf("{hostname: e%d, addresses: [%s]}", i, addr))
	}
	slice := fixture.Decode(t, fmt.Sprintf(`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web, namespace: default, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [%s]
`, strings.Join(list, ", ")))[0]
	if n := fixture.Allocated(func() { l.Update(0, slice) }); n > 2*fixture.Allowance {
		t.Errorf("%d endpoints allocate %d MB", n, n>>20)
	}
	if m, _ := l.Query(fixture.Expect("e7.example.com. A").Msg()); len(m.Answer) != n {
		t.Errorf("%d addresses, want %d", len(m.Answer), n)
	}
}

// N7: what a change of an EndpointSlice costs is bounded, however many slices there are of its Service, and what is left
// out is said.
func TestLimitEndpoints(t *testing.T) {
	l := fixture.NewFresh(t, "resources Service", `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default, annotations: {k8s-gateway.dns/resolve-endpoints: "true"}}
spec: {type: ClusterIP}
`)
	all := fixture.Addresses(40_000)
	slice := func(i int) kube.Object {
		list := make([]string, 1000)
		for n, addr := range all[1000*i : 1000*i+1000] {
			list[n] = "{addresses: [" + addr + "]}"
		}
		return fixture.Decode(t, fmt.Sprintf(`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web%02d, namespace: default, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [%s]
`, i, strings.Join(list, ", ")))[0]
	}
	for i := range 40 {
		l.Update(0, slice(39-i))
	}
	rec := l.Served[0].Parts[0].Endpoints
	bad := rec.Records.List()[0].SkippedValues().Values()
	if len(bad) != 2 || !strings.Contains(bad[0].Text, "those of 8 EndpointSlices are left out") {
		t.Errorf("said: %v", bad)
	}
}

// BenchmarkChangeManyHosts adds a host to an Ingress with many hosts and addresses, and takes it away.
func BenchmarkChangeManyHosts(b *testing.B) {
	f := fixture.New(b, "resources Ingress")
	list := fixture.TwoVersions()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.Feed(cache.Updated, list[i%2])
	}
}
