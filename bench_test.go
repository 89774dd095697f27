package gateway_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/coredns/coredns/plugin"
	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/measure"
)

// R6: the number of allocations of a reply, which does not depend on the number of objects. Those of the server are not included. A change
// that needs more states the reason here.
func TestAllocs(t *testing.T) {
	if measure.RaceDetector {
		t.Skip("the race detector allocates")
	}
	const (
		reply    = 2 // the message and its question
		records  = 2 // the answer section, and the records in one piece with their addresses
		positive = reply + records
		negative = reply + 2 // the authority section and the SOA in it
	)
	f := fixture.New(t, "resources Ingress DNSEndpoint HTTPRoute",
		fixture.AnIngress("one.example.com", "192.0.2.1"),
		fixture.AnIngress("more.example.com", "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"),
		fixture.AnIngress("*.wild.example.com", "192.0.2.1"),
		fixture.AGateway("gw", "192.0.2.1"), fixture.ARoute("HTTPRoute", "web", "gw", "route.example.com"), fixture.ARoute("HTTPRoute", "other", "gw", "route.example.com"))
	for _, tc := range []struct {
		qname   string
		qtype   uint16
		answers int
		budget  float64
	}{
		{"one.example.com.", dns.TypeA, 1, positive},
		{"more.example.com.", dns.TypeA, 3, positive},
		{"more.example.com.", dns.TypeAAAA, 1, positive},
		{"x.wild.example.com.", dns.TypeA, 1, positive},
		{"route.example.com.", dns.TypeA, 1, positive},
		{"nowhere.example.com.", dns.TypeA, 0, negative},
		{"a.b.c.d.example.com.", dns.TypeA, 0, negative},
		{"one.example.com.", dns.TypeTXT, 0, negative},
		{"wild.example.com.", dns.TypeA, 0, negative},
	} {
		req := new(dns.Msg).SetQuestion(tc.qname, tc.qtype)
		w := &fixture.Counting{}
		ctx := context.Background()
		n := testing.AllocsPerRun(200, func() { _, _ = f.ServeDNS(ctx, w, req) })
		if w.Answers != tc.answers {
			t.Errorf("%s %s: %d answers, want %d", tc.qname, dns.TypeToString[tc.qtype], w.Answers, tc.answers)
		}
		if n > tc.budget {
			t.Errorf("%s %s: %v allocations, want at most %v", tc.qname, dns.TypeToString[tc.qtype], n, tc.budget)
		}
	}
}

// BenchmarkNames asks for names among few and many, with every kind configured.
func BenchmarkNames(b *testing.B) {
	for _, n := range []int{1_000, 50_000, 100_000} {
		servers := fixture.BenchServers(b, n)
		for _, q := range []struct {
			what    string
			name    func(i int) string
			qtype   uint16
			answers int
		}{
			{"found", fixture.BenchName, dns.TypeA, 1},
			{"AAAA", fixture.BenchName, dns.TypeAAAA, 1},
			{"NODATA", fixture.BenchName, dns.TypeTXT, 0},
			{"NXDOMAIN", func(i int) string { return "no" + fixture.BenchName(i) }, dns.TypeA, 0},
		} {
			for _, s := range servers { // in turns, so that other load of the machine affects all
				b.Run(fmt.Sprintf("what=%s/names=%d/server=%s", q.what, n, s.Label), func(b *testing.B) {
					fixture.ServeBench(b, s, q.answers, fixture.BenchQuestions(n, q.name, q.qtype)...)
				})
			}
		}
	}
}

// BenchmarkGoroutine asks from a new goroutine each time, as CoreDNS does: the size of the stack that a query needs counts.
func BenchmarkGoroutine(b *testing.B) {
	const n = 50_000
	questions := fixture.BenchQuestions(n, fixture.BenchName, dns.TypeA)
	ctx, w := context.Background(), &fixture.Discard{}
	for _, s := range fixture.BenchServers(b, n) {
		b.Run("server="+s.Label, func(b *testing.B) {
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
	for _, s := range fixture.BenchServers(b, 50_000)[1:] {
		for depth, name := range []string{"one.apps.example.com.", "two.one.apps.example.com.", "three.two.one.apps.example.com."} {
			b.Run(fmt.Sprintf("labels=%d/server=%s", depth+1, s.Label), func(b *testing.B) {
				fixture.ServeBench(b, s, 1, new(dns.Msg).SetQuestion(name, dns.TypeA))
			})
		}
	}
}

// BenchmarkInBetween asks for an empty non-terminal.
func BenchmarkInBetween(b *testing.B) {
	for _, s := range fixture.BenchServers(b, 50_000)[1:] {
		b.Run("server="+s.Label, func(b *testing.B) {
			fixture.ServeBench(b, s, 0, new(dns.Msg).SetQuestion("ns1.example.com.", dns.TypeA))
		})
	}
}

// BenchmarkAlias asks for a CNAME whose target is in the zone.
func BenchmarkAlias(b *testing.B) {
	for _, s := range fixture.BenchServers(b, 50_000)[1:] {
		b.Run("server="+s.Label, func(b *testing.B) {
			fixture.ServeBench(b, s, 2, new(dns.Msg).SetQuestion("alias.example.com.", dns.TypeA))
		})
	}
}

// BenchmarkParallel asks from all processors, also while an object changes again and again.
func BenchmarkParallel(b *testing.B) {
	const n = 50_000
	questions := fixture.BenchQuestions(n, fixture.BenchName, dns.TypeA)
	for _, s := range fixture.BenchServers(b, n) {
		b.Run("changes=false/server="+s.Label, func(b *testing.B) { serveParallel(b, s, questions) })
		if f, ours := s.Handler.(*fixture.Stanza); ours {
			b.Run("changes=true/server="+s.Label, func(b *testing.B) {
				defer changing(f, b)()
				serveParallel(b, s, questions)
			})
		}
	}
}

func serveParallel(b *testing.B, h plugin.Handler, questions []*dns.Msg) {
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		ctx, w := context.Background(), &fixture.Discard{}
		for i := 0; pb.Next(); i++ {
			_, _ = h.ServeDNS(ctx, w, questions[i%len(questions)])
		}
	})
}

// changing changes an object again and again until stop is called.
func changing(f *fixture.Stanza, b *testing.B) (stop func()) {
	list := twoStates(b)
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for i := 0; ; i++ {
			select {
			case <-end:
				return
			default:
				f.Feed(cache.Updated, list[i%len(list)])
			}
		}
	}()
	return func() { close(end); <-ended }
}

// twoStates is an Ingress before its address changes, and after.
func twoStates(b *testing.B) []kube.Object {
	return append(fixture.Decode(b, fixture.AnIngress("web.example.com", "192.0.2.1")), fixture.Decode(b, fixture.AnIngress("web.example.com", "192.0.2.2"))...)
}

// BenchmarkChange stores an Ingress whose address changes each time, among few and many.
func BenchmarkChange(b *testing.B) {
	for _, n := range []int{1_000, 50_000} {
		f := fixture.ManyIngresses(b, n)
		list := twoStates(b)
		b.Run(fmt.Sprintf("names=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f.Feed(cache.Updated, list[i%len(list)])
			}
		})
	}
}

// BenchmarkGC runs the garbage collector. A server runs it whenever queries have allocated about as many bytes as it holds, so the time to
// mark the held objects is a part of the cost of each query.
func BenchmarkGC(b *testing.B) {
	const n = 50_000
	for _, s := range []struct {
		name    string
		handler func(testing.TB, int) plugin.Handler
	}{
		{"hosts", fixture.HostsPlugin},
		{"k8s_gateway", func(b testing.TB, n int) plugin.Handler { return fixture.ManyIngresses(b, n) }},
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

// BenchmarkWhileTransferring asks questions while nothing else happens, and while a zone of 50,000 names is
// transferred over and over: ns/op, and how long the slowest of 100 and of 1,000 questions took.
func BenchmarkWhileTransferring(b *testing.B) {
	f := fixture.ManyIngresses(b, 50_000)
	for _, transfers := range []bool{false, true} {
		b.Run(fmt.Sprintf("transfers=%t", transfers), func(b *testing.B) {
			stop := make(chan struct{})
			var running sync.WaitGroup
			done := 0
			if transfers {
				running.Go(func() {
					for {
						ch, err := f.Transfer("example.com.", 0)
						if err != nil {
							b.Error(err)
							return
						}
						for range ch {
						}
						done++
						select {
						case <-stop:
							return
						default:
						}
					}
				})
			}
			req := new(dns.Msg).SetQuestion(fixture.BenchName(7)+".", dns.TypeA)
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				_, _ = f.ServeDNS(context.Background(), &fixture.Discard{}, req)
				took = append(took, time.Since(start))
			}
			close(stop)
			running.Wait()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
			b.ReportMetric(float64(took[len(took)*999/1000]), "p99.9-ns")
			b.ReportMetric(float64(done), "transfers")
		})
	}
}
