package zone_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"

	networkingv1 "k8s.io/api/networking/v1"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// deepName is the i-th of names of 253 octets with as many labels as there can be.
func deepName(i int) string {
	const room = 253 - len(".example.com")
	name := fmt.Sprintf("h%d.%s", i, strings.Repeat(string(rune('a'+i%26))+fmt.Sprint(".", i%10, "."), room))
	return strings.Trim(name[:room], ".") + ".example.com"
}

// deepIngress is an Ingress of about 1 MB with the names from one number to another.
func deepIngress(from, to int, addr string) *networkingv1.Ingress {
	ing := &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: "tenant", Name: "deep"}}
	for i := from; i < to; i++ {
		ing.Spec.Rules = append(ing.Spec.Rules, networkingv1.IngressRule{Host: deepName(i)})
	}
	ing.Status.LoadBalancer.Ingress = []networkingv1.IngressLoadBalancerIngress{{IP: addr}}
	return ing
}

// N7: the lock that questions wait for is held for few steps of an object with many names of many labels. Once it is
// released between all of its pieces, a name has either what it had before or what it has now, and one that the object has
// before and after is never away.
func TestDeepNamesInPieces(t *testing.T) {
	const n = 500 // with more labels, the object would be cut
	f := fixture.New(t, "resources Ingress")
	s := f.Served[0].Parts[0]
	version := func(ing *networkingv1.Ingress) *record.Record {
		other := fixture.New(t, "resources Ingress")
		other.Feed(cache.Updated, ing)
		return other.Served[0].Parts[0].Records.Get(kube.MetaOf(ing).Key())
	}
	one, two := version(deepIngress(0, n, "192.0.2.1")), version(deepIngress(n/2, n+n/2, "192.0.2.2"))
	empty := f.Names.Len()
	f.Put(zone.Replacement{Index: s.Index, Old: nil, New: one})

	var wg sync.WaitGroup
	stop := make(chan struct{})
	for _, i := range []int{n / 2, n/2 + 7, n - 1} {
		wg.Go(func() {
			req := new(dns.Msg).SetQuestion(deepName(i)+".", dns.TypeA)
			for asked := 0; ; asked++ {
				if m, _ := f.Query(req); len(m.Answer) != 1 {
					t.Errorf("%d answers to question %d for a name that is there all the time", len(m.Answer), asked)
					return
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for _, c := range []zone.Replacement{{Index: s.Index, Old: one, New: two}, {Index: s.Index, Old: two, New: one}, {Index: s.Index, Old: one, New: two}} {
		p := zone.Putter{Database: &f.Database, Changes: []zone.Replacement{c}, Touched: zone.Touched{Zones: &f.Zones}}
		p.Put()
		if steps := n * 60; p.Pieces < steps/zone.StepsHeld/2 {
			t.Errorf("the change of an object with %d names is made in %d pieces", n, p.Pieces)
		}
	}
	close(stop)
	wg.Wait()
	f.Ask(fixture.NXDomain(deepName(0)+".", dns.TypeA), fixture.A(deepName(n)+".", "192.0.2.2"))
	f.Put(zone.Replacement{Index: s.Index, Old: two, New: nil})
	if got := f.Names.Len(); got != empty {
		t.Errorf("%d names are left", got-empty)
	}
}

// N7: a name that a Service hands over from its load balancer to its endpoints, which are filed apart, is at no time away
// and never at both.
func TestNameMovesBetweenIndexes(t *testing.T) {
	l := fixture.NewLive(t, "resources Service", fixture.ServiceAt("web", "web.example.com", "192.0.2.1"), `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web, namespace: default, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.9]}]
`)
	resolving := strings.Replace(fixture.ServiceAt("web", "web.example.com", "192.0.2.1"), "annotations: {", `annotations: {k8s-gateway.dns/resolve-endpoints: "true", `, 1)
	l.Apply(resolving)
	l.Apply(fixture.ServiceAt("web", "web.example.com", "192.0.2.1"))
	stop, wg := make(chan struct{}), sync.WaitGroup{}
	wg.Go(func() {
		req := new(dns.Msg).SetQuestion("web.example.com.", dns.TypeA)
		for {
			if m, _ := l.Query(req); len(m.Answer) != 1 {
				t.Errorf("answers: %v", m.Answer)
				return
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	for range 200 {
		l.Apply(resolving)
		l.Apply(fixture.ServiceAt("web", "web.example.com", "192.0.2.1"))
	}
	close(stop)
	wg.Wait()
}

// BenchmarkDeepNames changes all of an object's names, which have many labels: 1 MB of them.
func BenchmarkDeepNames(b *testing.B) {
	f := fixture.New(b, "resources Ingress")
	list := []kube.Object{deepIngress(0, 4_000, "192.0.2.1"), deepIngress(4_000, 8_000, "192.0.2.1")}
	for i := 0; b.Loop(); i++ {
		f.Feed(cache.Updated, list[i%2])
	}
}
