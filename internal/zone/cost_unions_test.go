package zone_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/measure"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// N7: Ingresses that share their hosts take no memory that grows with hosts × addresses, and each is stored in little time. The
// 64th has a union made for each host.
func TestUnionMemory(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	f.Complete()
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for i := range zone.MinShared {
		ing := fixture.LargeIngress(fmt.Sprint("large", i), 100, 3800)
		if d := fixture.Lasts(func() { f.Feed(cache.Updated, ing) }); d > 2*time.Second {
			t.Errorf("change of Ingress %d takes %v", i, d)
		}
	}
	if len(f.Served[0].Parts[0].Unions) != 100 {
		t.Errorf("%d unions", len(f.Served[0].Parts[0].Unions))
	}
	if after := heap(); !measure.RaceDetector && after > before+32<<20 {
		t.Errorf("%d Ingresses of 100 hosts and 3,800 addresses take %d MiB", zone.MinShared, (after-before)>>20)
	}
	m, _ := f.Query(fixture.Expect("h1.example.com. A").Msg())
	if len(m.Answer) != 3800 {
		t.Errorf("%d answers", len(m.Answer))
	}
}

// N7: of many names that objects share, a change of one object makes few unions. The names that have none yet answer the same.
func TestUnionsOverSeveralChanges(t *testing.T) {
	const hosts = 3*zone.MaxNewUnions + 7
	f := fixture.New(t, "resources Ingress")
	f.Complete()
	kind := f.Served[0].Parts[0]
	for i := range zone.MinShared + 4 {
		f.Feed(cache.Updated, fixture.LargeIngress(fmt.Sprint("large", i), hosts, 1+i))
		if n, want := len(kind.Unions), min(max(0, i+2-zone.MinShared)*zone.MaxNewUnions, hosts); n != want {
			t.Errorf("%d unions after %d Ingresses, want %d", n, i+1, want)
		}
		for _, host := range []int{0, hosts / 2, hosts - 1} {
			if m, _ := f.Query(fixture.Expect(fmt.Sprintf("h%d.example.com. A", host)).Msg()); len(m.Answer) != i+1 {
				t.Errorf("%d addresses of host %d after %d Ingresses", len(m.Answer), host, i+1)
			}
		}
	}
	for i := range zone.MinShared {
		f.Feed(cache.Updated, fixture.LargeIngress(fmt.Sprint("large", zone.MinShared+3-i), hosts, 1))
		if m, _ := f.Query(fixture.Expect("h0.example.com. A").Msg()); len(m.Answer) != zone.MinShared+4-1-i {
			t.Errorf("%d addresses after %d Ingresses have only the first", len(m.Answer), i+1)
		}
	}
}

// N7: four Ingresses with the same 500 hosts and as many addresses as fit into a reply.
func TestUnionLargeLists(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	f.Complete()
	for i := range 4 {
		f.Within(2*time.Second, fmt.Sprint("change of Ingress ", i), func() { f.Feed(cache.Updated, fixture.LargeIngress(fmt.Sprint("large", i), 500, 3800)) })
	}
}

// N7: six Ingresses with the same 15,000 hosts and one address each.
func TestUnionManyHosts(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	f.Complete()
	for i := range 6 {
		ing := fixture.LargeIngress(fmt.Sprint("large", i), 15_000, 1)
		ing.Status.LoadBalancer.Ingress[0].IP = fmt.Sprintf("192.0.2.%d", i+1)
		f.Feed(cache.Updated, ing)
	}
	if n := len(f.Served[0].Parts[0].Unions); n > 0 {
		t.Errorf("six objects have %d unions made", n)
	}
	m, _ := f.Query(fixture.Expect("h7.example.com. A").Msg())
	if len(m.Answer) != 6 {
		t.Errorf("%d answers", len(m.Answer))
	}
}

// N7, Z14: where the long lists of several objects are together longer than two replies, those of the first objects count, whatever the order in
// which the objects come. Short lists always count.
func TestLongListsLimit(t *testing.T) {
	for _, backwards := range []bool{false, true} {
		f := fixture.New(t, "resources Ingress")
		for i := range 6 {
			if backwards {
				i = 5 - i
			}
			var list []string
			for n := range 2000 { // the last objects have the lowest addresses
				list = append(list, fmt.Sprintf("10.%d.%d.%d", 9-i, n>>8, n&255))
			}
			f.Apply(fixture.AnObject("Ingress", fmt.Sprint("default/o", i), fmt.Sprintf("annotations: {coredns.io/hostname: web.example.com, coredns.io/target: %q}", strings.Join(list, ",")), "spec: {}"))
		}
		f.Apply(fixture.IngressAt("z", "web.example.com", "10.0.0.1"))
		m, _ := f.Query(fixture.Expect("web.example.com. A").Msg())
		if len(m.Answer) != 3839 || m.Answer[0].(*dns.A).A.String() != "10.0.0.1" || m.Answer[1].(*dns.A).A.String() != "10.5.0.0" {
			t.Errorf("%d answers, the first are %v", len(m.Answer), m.Answer[:2])
		}
	}
}

// V1, Z14: a transfer while names begin and cease to be shared by many objects; for -race.
func TestTransferBesideUnions(t *testing.T) {
	f := fixture.New(t, "resources Ingress HTTPRoute", fixture.AGateway("gw", "192.0.2.1"))
	f.Complete()
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for !stop.Load() {
			ch, err := f.Transfer("example.com.", 0)
			if err != nil {
				t.Error(err)
				return
			}
			for range ch {
			}
		}
	})
	wg.Go(func() {
		for !stop.Load() {
			f.Query(new(dns.Msg).SetQuestion("web.example.com.", dns.TypeA))
			f.Query(new(dns.Msg).SetQuestion("web.example.com.", dns.TypeTXT))
		}
	})
	for n := range 3 {
		for i := range zone.MinShared + 4 {
			f.Apply(fixture.IngressAt(fmt.Sprint("o", i), "web.example.com", fmt.Sprintf("192.0.2.%d", 1+(i+n)%200)))
			f.Apply(fixture.AnObject("HTTPRoute", fmt.Sprint("default/r", i), fmt.Sprintf("annotations: {coredns.io/ttl: '%d'}", 100+i+n%3), "spec: {parentRefs: [{name: gw}], hostnames: [web.example.com]}"))
		}
		f.Apply(fixture.AGateway("gw", fmt.Sprintf("192.0.2.%d", n+1)))
		for i := range zone.MinShared + 4 {
			f.Remove(fixture.IngressAt(fmt.Sprint("o", i), "web.example.com"))
		}
	}
	stop.Store(true)
	wg.Wait()
}
