package gateway

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/coredns/coredns/plugin"
	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// BenchmarkNames asks for names among few and many, with every kind configured.
func BenchmarkNames(b *testing.B) {
	for _, n := range []int{1_000, 50_000, 100_000} {
		servers := benchServers(b, n)
		for _, q := range []struct {
			what    string
			name    func(i int) string
			qtype   uint16
			answers int
		}{
			{"found", benchName, dns.TypeA, 1},
			{"AAAA", benchName, dns.TypeAAAA, 1},
			{"NODATA", benchName, dns.TypeTXT, 0},
			{"NXDOMAIN", func(i int) string { return "no" + benchName(i) }, dns.TypeA, 0},
		} {
			for _, s := range servers { // in turns, so that what the machine does besides is in the way of all
				b.Run(fmt.Sprintf("what=%s/names=%d/server=%s", q.what, n, s.name), func(b *testing.B) {
					serveBench(b, s, q.answers, benchQuestions(n, q.name, q.qtype)...)
				})
			}
		}
	}
}

// BenchmarkGoroutine asks from a new goroutine each time, as CoreDNS does: what a query takes of the stack counts.
func BenchmarkGoroutine(b *testing.B) {
	const n = 50_000
	questions := benchQuestions(n, benchName, dns.TypeA)
	ctx, w := context.Background(), &discard{}
	for _, s := range benchServers(b, n) {
		b.Run("server="+s.name, func(b *testing.B) {
			b.ReportAllocs()
			ended := make(chan struct{})
			for i := 0; b.Loop(); i++ {
				go func() {
					_, _ = s.ServeDNS(ctx, w, questions[i%len(questions)])
					ended <- struct{}{}
				}()
				<-ended
			}
		})
	}
}

// BenchmarkWildcard asks for names below a wildcard, at three depths. hosts has none.
func BenchmarkWildcard(b *testing.B) {
	for _, s := range benchServers(b, 50_000)[1:] {
		for depth, name := range []string{"one.apps.example.com.", "two.one.apps.example.com.", "three.two.one.apps.example.com."} {
			b.Run(fmt.Sprintf("labels=%d/server=%s", depth+1, s.name), func(b *testing.B) {
				serveBench(b, s, 1, new(dns.Msg).SetQuestion(name, dns.TypeA))
			})
		}
	}
}

// BenchmarkInBetween asks for a name that is there only because names below it are.
func BenchmarkInBetween(b *testing.B) {
	for _, s := range benchServers(b, 50_000)[1:] {
		b.Run("server="+s.name, func(b *testing.B) { serveBench(b, s, 0, new(dns.Msg).SetQuestion("ns1.example.com.", dns.TypeA)) })
	}
}

// BenchmarkAlias asks for a CNAME whose target is in the zone.
func BenchmarkAlias(b *testing.B) {
	for _, s := range benchServers(b, 50_000)[1:] {
		b.Run("server="+s.name, func(b *testing.B) { serveBench(b, s, 2, new(dns.Msg).SetQuestion("alias.example.com.", dns.TypeA)) })
	}
}

// BenchmarkParallel asks from all processors, also while an object changes again and again.
func BenchmarkParallel(b *testing.B) {
	const n = 50_000
	questions := benchQuestions(n, benchName, dns.TypeA)
	for _, s := range benchServers(b, n) {
		b.Run("changes=false/server="+s.name, func(b *testing.B) { serveParallel(b, s, questions) })
		if f, ours := s.Handler.(*fixture); ours {
			b.Run("changes=true/server="+s.name, func(b *testing.B) {
				defer f.changing(b)()
				serveParallel(b, s, questions)
			})
		}
	}
}

func serveParallel(b *testing.B, h plugin.Handler, questions []*dns.Msg) {
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		ctx, w := context.Background(), &discard{}
		for i := 0; pb.Next(); i++ {
			_, _ = h.ServeDNS(ctx, w, questions[i%len(questions)])
		}
	})
}

// changing changes an object again and again until stop is called.
func (f *fixture) changing(b *testing.B) (stop func()) {
	list := twoStates(b)
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for i := 0; ; i++ {
			select {
			case <-end:
				return
			default:
				f.feed(cache.Updated, list[i%len(list)])
			}
		}
	}()
	return func() { close(end); <-ended }
}

// twoStates is an Ingress before its address changes, and after.
func twoStates(b *testing.B) []kube.Object {
	return append(decode(b, anIngress("web.example.com", "192.0.2.1")), decode(b, anIngress("web.example.com", "192.0.2.2"))...)
}

// BenchmarkChange stores an Ingress whose address changes each time, among few and many.
func BenchmarkChange(b *testing.B) {
	for _, n := range []int{1_000, 50_000} {
		f := manyIngresses(b, n)
		list := twoStates(b)
		b.Run(fmt.Sprintf("names=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f.feed(cache.Updated, list[i%len(list)])
			}
		})
	}
}

// BenchmarkGC has Go collect garbage, which a server does once for about as many bytes of queries as it holds: what it
// takes to look at all that is held counts in each query.
func BenchmarkGC(b *testing.B) {
	const n = 50_000
	for _, s := range []struct {
		name    string
		handler func(testing.TB, int) plugin.Handler
	}{
		{"hosts", hostsPlugin},
		{"k8s_gateway", func(b testing.TB, n int) plugin.Handler { return manyIngresses(b, n) }},
	} {
		b.Run("server="+s.name, func(b *testing.B) {
			h := s.handler(b, n)
			runtime.GC()
			for b.Loop() {
				runtime.GC()
			}
			runtime.KeepAlive(h)
		})
	}
}
