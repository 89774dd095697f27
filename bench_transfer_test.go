package gateway

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// BenchmarkWhileTransferring asks questions while nothing else happens, and while a zone of 50,000 names is
// transferred over and over: ns/op, and how long the slowest of 100 and of 1,000 questions took.
func BenchmarkWhileTransferring(b *testing.B) {
	f := manyIngresses(b, 50_000)
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
			req := new(dns.Msg).SetQuestion(benchName(7)+".", dns.TypeA)
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				_, _ = f.ServeDNS(context.Background(), &discard{}, req)
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
