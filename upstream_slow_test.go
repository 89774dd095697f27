package gateway

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
)

// blockedUpstream never answers for slow.example.net and slow2.example.net until it is released. Other
// names of example.net have an address.
type blockedUpstream struct {
	release chan struct{}
	asked   atomic.Int32
}

func (f *fixture) blocked() *blockedUpstream {
	u := &blockedUpstream{release: make(chan struct{})}
	f.Upstream.Lookup = func(_ context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
		if name == "slow.example.net." || name == "slow2.example.net." {
			u.asked.Add(1)
			<-u.release
		}
		m := new(dns.Msg).SetQuestion(name, qtype)
		m.Answer = []dns.RR{mustRR(name + " 30 IN A 192.0.2.9")}
		return m, nil
	}
	return u
}

// C4: a question waits for a slow target no longer than the deadline, however many there are.
func TestSlowUpstream(t *testing.T) {
	for _, tc := range []struct {
		question string
		answer   []string
	}{
		{"web.example.com. A", []string{"web.example.com. 60 IN CNAME slow.example.net."}},
		{"chain.example.com. A", []string{"chain.example.com. 60 IN CNAME web.example.com.", "web.example.com. 60 IN CNAME slow.example.net."}},
		{"both.example.com. A", []string{"SERVFAIL"}},
		{"deep.example.com. A", []string{"SERVFAIL"}},
		{"half.example.com. A", []string{"half.example.com. 30 IN A 192.0.2.9"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t, "resources Ingress",
				ingressAt("web", "web.example.com", "slow.example.net"),
				ingressAt("chain", "chain.example.com", "web.example.com"),
				ingressAt("both", "both.example.com", "slow.example.net", "slow2.example.net"),
				ingressAt("deep", "deep.example.com", "both.example.com", "web.example.com"),
				ingressAt("half", "half.example.com", "slow.example.net", "lb.example.net"))
			u := f.blocked()
			start := time.Now()
			f.check(expect(tc.question, tc.answer...))
			if took := time.Since(start); took == 0 || took > resolve.UpstreamDeadline {
				t.Errorf("%s took %s", tc.question, took)
			}
			close(u.release)
		})
	}
}

// C4, R6: a slow target delays nobody who does not ask for it, and takes one lookup, however many do.
func TestSlowUpstreamAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "resources Ingress",
			ingressAt("slow", "slow.example.com", "slow.example.net"),
			ingressAt("apex", "example.com", "slow.example.net"),
			ingressAt("fast", "fast.example.com", "lb.example.net"),
			ingressAt("web", "web.example.com", "192.0.2.1"))
		u := f.blocked()
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() { f.query(expect("slow.example.com. A").Msg()) })
			wg.Go(func() { f.query(expect("example.com. A").Msg()) })
		}
		synctest.Wait()
		start := time.Now()
		f.check(
			expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"),
			expect("fast.example.com. A", "fast.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"),
			expect("slow.example.com. CNAME", "slow.example.com. 60 IN CNAME slow.example.net."),
			expect("example.com. SOA", apexSOAText),
			expect("nowhere.example.com. A", "NXDOMAIN", "soa"),
		)
		f.apply(ingressAt("new", "new.example.com", "192.0.2.2"))
		f.check(expect("new.example.com. A", "new.example.com. 60 IN A 192.0.2.2"))
		if took := time.Since(start); took > 0 {
			t.Errorf("other names took %s", took)
		}
		if n := u.asked.Load(); n != 1 {
			t.Errorf("%d lookups at once for one name", n)
		}
		wg.Wait()
		close(u.release)
	})
}

// C4: a slow answer that comes after the deadline serves the next question.
func TestSlowUpstreamLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "resources Ingress", ingressAt("apex", "example.com", "slow.example.net"))
		u := f.blocked()
		f.check(expect("example.com. A", "SERVFAIL"))
		close(u.release)
		synctest.Wait()
		start := time.Now()
		if got := f.answers("example.com. A"); len(got) != 1 || !strings.HasSuffix(got[0], "192.0.2.9") {
			t.Errorf("got %v", got)
		}
		if took := time.Since(start); took > 0 {
			t.Errorf("took %s", took)
		}
	})
}

// C4: a lookup that never ends does not keep the name from being looked up again: its context ends.
func TestSlowUpstreamRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "resources Ingress", ingressAt("apex", "example.com", "lb.example.net"))
		release := make(chan struct{})
		defer close(release)
		asked := 0
		f.Upstream.Lookup = func(ctx context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
			if asked++; asked == 1 {
				select {
				case <-ctx.Done():
					return nil, ctx.Err()
				case <-release:
				}
			}
			m := new(dns.Msg).SetQuestion(name, qtype)
			m.Answer = []dns.RR{mustRR(name + " 30 IN A 192.0.2.9")}
			return m, nil
		}
		f.check(expect("example.com. A", "SERVFAIL"))
		time.Sleep(time.Minute)
		f.check(expect("example.com. A", "example.com. 30 IN A 192.0.2.9"))
	})
}

// C4: while a target is slow, the last good answer stands in.
func TestSlowUpstreamStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "resources Ingress", ingressAt("apex", "example.com", "slow.example.net"))
		known := f.outside("slow.example.net. 5 IN A 192.0.2.7")
		f.check(expect("example.com. A", "example.com. 5 IN A 192.0.2.7"))
		time.Sleep(10 * time.Second)
		u := f.blocked()
		f.check(expect("example.com. A", "example.com. 30 IN A 192.0.2.7"))
		close(u.release)
		if n := known.count("slow.example.net. A"); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// C4: a client that goes away does not take the lookup with it that others wait for.
func TestSlowUpstreamClientGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "resources Ingress", ingressAt("apex", "example.com", "lb.example.net"))
		release := make(chan struct{})
		f.Upstream.Lookup = func(ctx context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
			<-release
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			m := new(dns.Msg).SetQuestion(name, qtype)
			m.Answer = []dns.RR{mustRR(name + " 30 IN A 192.0.2.9")}
			return m, nil
		}
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() { f.queryWith(ctx, expect("example.com. A").Msg()) })
		synctest.Wait()
		wg.Go(func() { f.check(expect("example.com. A", "example.com. 30 IN A 192.0.2.9")) })
		synctest.Wait()
		cancel()
		close(release)
		wg.Wait()
	})
}
