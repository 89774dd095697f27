package zone_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// step is a change that the writer makes.
type step struct {
	change cache.DeltaType
	obj    kube.Object
}

func steps(t *testing.T, change cache.DeltaType, manifests ...string) (list []step) {
	t.Helper()
	for _, m := range manifests {
		for _, obj := range fixture.Decode(t, m) {
			list = append(list, step{change, obj})
		}
	}
	return list
}

// race runs the steps over and over while others ask, and checks every reply.
func race(f *fixture.Stanza, rounds int, list []step, qname string, qtype uint16, check func(*dns.Msg) error) {
	f.T.Helper()
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		wg.Go(func() {
			for {
				m, _ := f.Query(new(dns.Msg).SetQuestion(qname, qtype))
				if err := check(m); err != nil {
					f.T.Errorf("%s: %v", qname, err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for range rounds {
		for _, s := range list {
			f.Feed(s.change, s.obj)
		}
	}
	close(done)
	wg.Wait()
}

// answered checks that a reply has some of the answers that there may be at one time or another.
func answered(want ...[]string) func(*dns.Msg) error {
	return func(m *dns.Msg) error {
		var got []string
		for _, rr := range m.Answer {
			got = append(got, rr.String()[len(rr.Header().String()):])
		}
		if !slices.ContainsFunc(want, func(w []string) bool { return slices.Equal(got, w) }) {
			return fmt.Errorf("%s %v, want one of %v", dns.RcodeToString[m.Rcode], got, want)
		}
		return nil
	}
}

// Z9, Z10: a name that one of two objects claims at any time never turns NXDOMAIN while they take turns.
func TestSwap(t *testing.T) {
	const first, second = "192.0.2.1", "192.0.2.2"
	other := func(manifest string) string {
		return strings.Replace(manifest, "namespace: default", "namespace: other", 1)
	}
	for _, tc := range []struct {
		name, qname string
		fixed       []string
		one, two    string
	}{
		{"Ingress", "web.example.com.", nil, fixture.AnIngress("web.example.com", first), other(fixture.AnIngress("web.example.com", second))},
		{"Ingress wildcard", "web.example.com.", nil, fixture.AnIngress("*.example.com", first), other(fixture.AnIngress("*.example.com", second))},
		{"Service", "web.example.com.", nil, fixture.AService("one", "web.example.com", first), fixture.AService("two", "web.example.com", second)},
		{"DNSEndpoint", "web.example.com.", nil, fixture.AnEndpoint("web.example.com", "A", first), other(fixture.AnEndpoint("web.example.com", "A", second))},
		{"Gateway", "web.example.com.", []string{fixture.ARoute("HTTPRoute", "one", "one", "web.example.com"), fixture.ARoute("HTTPRoute", "two", "two", "web.example.com")},
			fixture.AGateway("one", first), fixture.AGateway("two", second)},
		{"HTTPRoute", "web.example.com.", []string{fixture.AGateway("one", first), fixture.AGateway("two", second)},
			fixture.ARoute("HTTPRoute", "one", "one", "web.example.com"), fixture.ARoute("HTTPRoute", "two", "two", "web.example.com")},
		{"HTTPRoute wildcard", "x.y.example.com.", []string{fixture.AGateway("one", first), fixture.AGateway("two", second)},
			fixture.ARoute("HTTPRoute", "one", "one", "*.example.com"), fixture.ARoute("HTTPRoute", "two", "two", "*.y.example.com")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := fixture.New(t, "resources Ingress Service DNSEndpoint HTTPRoute", append(tc.fixed, tc.one)...)
			list := slices.Concat(
				steps(t, cache.Updated, tc.two), steps(t, cache.Deleted, tc.one),
				steps(t, cache.Updated, tc.one), steps(t, cache.Deleted, tc.two))
			race(f, 200, list, tc.qname, dns.TypeA, answered([]string{first}, []string{second}, []string{first, second}))
		})
	}
}

// A reply shows an object as it was before a change or as it is after, never half of each.
func TestChangeIsOneStep(t *testing.T) {
	before, after := []string{"192.0.2.1", "192.0.2.2"}, []string{"192.0.2.3", "192.0.2.4"}
	for _, tc := range []struct {
		name     string
		fixed    string
		one, two string
	}{
		{"Ingress", "", fixture.AnIngress("web.example.com", before...), fixture.AnIngress("web.example.com", after...)},
		{"Service", "", fixture.AService("web", "web.example.com", before...), fixture.AService("web", "web.example.com", after...)},
		{"Gateway", fixture.ARoute("HTTPRoute", "web", "gw", "web.example.com"), fixture.AGateway("gw", before...), fixture.AGateway("gw", after...)},
		{"HTTPRoute", fixture.AGateway("one", before...) + fixture.AGateway("two", after...), fixture.ARoute("HTTPRoute", "web", "one", "web.example.com"), fixture.ARoute("HTTPRoute", "web", "two", "web.example.com")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := fixture.New(t, "resources Ingress Service DNSEndpoint HTTPRoute", tc.fixed, tc.one)
			list := slices.Concat(steps(t, cache.Updated, tc.two), steps(t, cache.Updated, tc.one))
			allowed := [][]string{before, after}
			if tc.name == "HTTPRoute" { // its bindings change one by one
				allowed = append(allowed, slices.Concat(before, after))
			}
			race(f, 200, list, "web.example.com.", dns.TypeA, answered(allowed...))
		})
	}
}

// Z10, Z12: a Gateway that loses and regains its addresses takes the names of its routes from NOERROR to
// NXDOMAIN and back, with nothing in between.
func TestGatewayPendingIsOneStep(t *testing.T) {
	t.Parallel()
	f := fixture.New(t, "resources HTTPRoute", fixture.AGateway("gw", "192.0.2.1"))
	for i := range 200 {
		f.Apply(fixture.ARoute("HTTPRoute", fmt.Sprint("route", i), "gw", fmt.Sprintf("web%d.example.com", i)))
	}
	list := slices.Concat(steps(t, cache.Updated, fixture.AGateway("gw"), fixture.AGateway("gw", "192.0.2.1")))
	race(f, 50, list, "web199.example.com.", dns.TypeA, func(m *dns.Msg) error {
		if m.Rcode == dns.RcodeSuccess && len(m.Answer) == 0 {
			return fmt.Errorf("NODATA")
		}
		return nil
	})
}

// Z7: an empty non-terminal and the wildcards around it stay while the names below it take turns.
func TestSwapBelowNonTerminal(t *testing.T) {
	t.Parallel()
	one, two := fixture.AnIngress("one.b.example.com", "192.0.2.1"), fixture.AnIngress("two.b.example.com", "192.0.2.2")
	f := fixture.New(t, "resources Ingress", one)
	list := slices.Concat(steps(t, cache.Updated, two), steps(t, cache.Deleted, one), steps(t, cache.Updated, one), steps(t, cache.Deleted, two))
	race(f, 200, list, "b.example.com.", dns.TypeA, func(m *dns.Msg) error {
		if m.Rcode != dns.RcodeSuccess {
			return fmt.Errorf("%s", dns.RcodeToString[m.Rcode])
		}
		return nil
	})
}

// Everything at once: all kinds change while all sorts of questions are asked.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	f := fixture.New(t, fixture.EveryKind)
	empty := f.Names.Len()
	var wg sync.WaitGroup
	for _, m := range fixture.Everything {
		list := slices.Concat(steps(t, cache.Updated, m), steps(t, cache.Deleted, m))
		wg.Go(func() { // each kind is fed by one goroutine in earnest; two of a kind share no object here
			for range 20 {
				for _, s := range list {
					f.Feed(s.change, s.obj)
				}
			}
		})
	}
	stop := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		for {
			for _, name := range []string{"web.example.com.", "x.y.example.com.", "example.com.", "dns1.kube-system.example.com.", "text.example.com."} {
				for _, qtype := range []uint16{dns.TypeA, dns.TypeTXT, dns.TypeNS, dns.TypeANY} {
					if m, _ := f.Query(new(dns.Msg).SetQuestion(name, qtype)); m == nil {
						t.Errorf("%s: no reply", name)
					} else if _, err := m.Pack(); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	wg.Wait()
	close(stop)
	asking.Wait()
	if got := f.Names.Len(); got != empty {
		t.Errorf("%d names in the table, %d at the start", got, empty)
	}
}
