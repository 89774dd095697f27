package gateway

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	networkingv1 "k8s.io/api/networking/v1"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// The tests of N7 make the worst object that there may be, and measure what it costs others. Before what they hold was
// built, the figures were larger by orders of magnitude: the bounds leave room for a machine that is busy.

// lasts returns how long something takes.
func lasts(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

// within fails if something takes longer than a bound.
func (f *fixture) within(bound time.Duration, what string, do func()) {
	f.t.Helper()
	if d := lasts(do); d > bound {
		f.t.Errorf("%s takes %v, want at most %v", what, d, bound)
	} else {
		f.t.Logf("%s takes %v", what, d)
	}
}

// largeIngress is an Ingress with some hosts and some thousands of addresses.
func largeIngress(name string, hosts, addrs int) *networkingv1.Ingress {
	ing := &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: "tenant", Name: name}}
	for _, host := range numbered(hosts, "h%d.example.com") {
		ing.Spec.Rules = append(ing.Spec.Rules, networkingv1.IngressRule{Host: host})
	}
	for _, addr := range addresses(addrs) {
		ing.Status.LoadBalancer.Ingress = append(ing.Status.LoadBalancer.Ingress, networkingv1.IngressLoadBalancerIngress{IP: addr})
	}
	return ing
}

// twoVersions is an Ingress with many hosts and addresses, and the same with one host more.
func twoVersions() [2]kube.Object {
	return [2]kube.Object{largeIngress("large", 15_000, 4096), largeIngress("large", 15_001, 4096)}
}

// BenchmarkChangeManyHosts adds a host to an Ingress with many hosts and addresses, and takes it away.
func BenchmarkChangeManyHosts(b *testing.B) {
	f := newFixture(b, "resources Ingress")
	list := twoVersions()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.feed(cache.Updated, list[i%2])
	}
}

// host is the name of the i-th of numbered hosts.
func host(i int) string { return fmt.Sprintf("h%d.example.com", i) }

func liveHeap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func addresses(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
	}
	return list
}

// allocated returns how many octets something allocates.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

const allowance = 64 << 20 // octets for one object of less than 64 KiB

// numbered returns n strings made of a format and a number.
func numbered(n int, format string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return list
}
