package resolve_test

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

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
)

// blockedUpstream never answers for slow.example.net and slow2.example.net until it is released. Other
// names of example.net have an address.
type blockedUpstream struct {
	release chan struct{}
	asked   atomic.Int32
}

func blocked(f *fixture.Stanza) *blockedUpstream {
	u := &blockedUpstream{release: make(chan struct{})}
	f.Upstream.Lookup = func(_ context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
		if name == "slow.example.net." || name == "slow2.example.net." {
			u.asked.Add(1)
			<-u.release
		}
		m := new(dns.Msg).SetQuestion(name, qtype)
		m.Answer = []dns.RR{fixture.MustRR(name + " 30 IN A 192.0.2.9")}
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
			f := fixture.New(t, "resources Ingress",
				fixture.IngressAt("web", "web.example.com", "slow.example.net"),
				fixture.IngressAt("chain", "chain.example.com", "web.example.com"),
				fixture.IngressAt("both", "both.example.com", "slow.example.net", "slow2.example.net"),
				fixture.IngressAt("deep", "deep.example.com", "both.example.com", "web.example.com"),
				fixture.IngressAt("half", "half.example.com", "slow.example.net", "lb.example.net"))
			u := blocked(f)
			start := time.Now()
			f.Check(fixture.Expect(tc.question, tc.answer...))
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
		f := fixture.New(t, "resources Ingress",
			fixture.IngressAt("slow", "slow.example.com", "slow.example.net"),
			fixture.IngressAt("apex", "example.com", "slow.example.net"),
			fixture.IngressAt("fast", "fast.example.com", "lb.example.net"),
			fixture.IngressAt("web", "web.example.com", "192.0.2.1"))
		u := blocked(f)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() { f.Query(fixture.Expect("slow.example.com. A").Msg()) })
			wg.Go(func() { f.Query(fixture.Expect("example.com. A").Msg()) })
		}
		synctest.Wait()
		start := time.Now()
		f.Check(
			fixture.Expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"),
			fixture.Expect("fast.example.com. A", "fast.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"),
			fixture.Expect("slow.example.com. CNAME", "slow.example.com. 60 IN CNAME slow.example.net."),
			fixture.Expect("example.com. SOA", fixture.ApexSOA),
			fixture.Expect("nowhere.example.com. A", "NXDOMAIN", "soa"),
		)
		f.Apply(fixture.IngressAt("new", "new.example.com", "192.0.2.2"))
		f.Check(fixture.Expect("new.example.com. A", "new.example.com. 60 IN A 192.0.2.2"))
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
		f := fixture.New(t, "resources Ingress", fixture.IngressAt("apex", "example.com", "slow.example.net"))
		u := blocked(f)
		f.Check(fixture.Expect("example.com. A", "SERVFAIL"))
		close(u.release)
		synctest.Wait()
		start := time.Now()
		if got := f.Answers("example.com. A"); len(got) != 1 || !strings.HasSuffix(got[0], "192.0.2.9") {
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
		f := fixture.New(t, "resources Ingress", fixture.IngressAt("apex", "example.com", "lb.example.net"))
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
			m.Answer = []dns.RR{fixture.MustRR(name + " 30 IN A 192.0.2.9")}
			return m, nil
		}
		f.Check(fixture.Expect("example.com. A", "SERVFAIL"))
		time.Sleep(time.Minute)
		f.Check(fixture.Expect("example.com. A", "example.com. 30 IN A 192.0.2.9"))
	})
}

// C4: while a target is slow, the last good answer stands in.
func TestSlowUpstreamStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fixture.New(t, "resources Ingress", fixture.IngressAt("apex", "example.com", "slow.example.net"))
		known := f.Outside("slow.example.net. 5 IN A 192.0.2.7")
		f.Check(fixture.Expect("example.com. A", "example.com. 5 IN A 192.0.2.7"))
		time.Sleep(10 * time.Second)
		u := blocked(f)
		f.Check(fixture.Expect("example.com. A", "example.com. 30 IN A 192.0.2.7"))
		close(u.release)
		if n := known.Count("slow.example.net. A"); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// C4: a client that goes away does not take the lookup with it that others wait for.
func TestSlowUpstreamClientGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fixture.New(t, "resources Ingress", fixture.IngressAt("apex", "example.com", "lb.example.net"))
		release := make(chan struct{})
		f.Upstream.Lookup = func(ctx context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
			<-release
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			m := new(dns.Msg).SetQuestion(name, qtype)
			m.Answer = []dns.RR{fixture.MustRR(name + " 30 IN A 192.0.2.9")}
			return m, nil
		}
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() { f.QueryWith(ctx, fixture.Expect("example.com. A").Msg()) })
		synctest.Wait()
		wg.Go(func() { f.Check(fixture.Expect("example.com. A", "example.com. 30 IN A 192.0.2.9")) })
		synctest.Wait()
		cancel()
		close(release)
		wg.Wait()
	})
}
