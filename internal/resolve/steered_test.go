package resolve_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coredns/coredns/plugin/pkg/dnstest"
	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// aliasToStanza returns two stanzas. web.example.com of the first is an alias of a name of the second, which steers. Each lookup of the first
// takes some time, and n counts them.
func aliasToStanza(t *testing.T, properties string, delay time.Duration, n *int) (f *fixture.Stanza) {
	block := fixture.NewBlock(t, "k8s_gateway example.com\nk8s_gateway example.org {\n"+properties+"\n}")
	block[0].Apply(fixture.IngressAt("web", "web.example.com", "lb.example.org"))
	block[1].Apply(fixture.IngressAt("near", "lb.example.org", "10.0.0.1"))
	block[1].Apply(fixture.IngressAt("far", "lb.example.org", "192.0.2.1"))
	var mu sync.Mutex
	block[0].Upstream.Lookup = func(ctx context.Context, state request.Request, name string, qtype uint16) (*dns.Msg, error) {
		mu.Lock()
		*n++
		mu.Unlock()
		time.Sleep(delay)
		rec := dnstest.NewRecorder(state.W)
		state.Req.SetQuestion(name, qtype)
		_, err := block[0].ServeDNS(ctx, rec, state.Req)
		return rec.Msg, err
	}
	return block[0]
}

// addressFor returns the only address that a client gets for web.example.com, or nothing.
func addressFor(f *fixture.Stanza, client string) string {
	rec := dnstest.NewRecorder(&test.ResponseWriter{RemoteIP: client})
	if _, err := f.ServeDNS(context.Background(), rec, fixture.Expect("web.example.com. A").Msg()); err != nil || len(rec.Msg.Answer) != 2 {
		return ""
	}
	return rec.Msg.Answer[1].(*dns.A).A.String()
}

// T8: clients that ask at the same time for an alias that another stanza steers do not share one lookup.
func TestSteeredLookupsNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lookups := 0
		f := aliasToStanza(t, "network lan 10.0.0.0/8\nnetwork world 0.0.0.0/0\nsteer subnet", 100*time.Millisecond, &lookups)
		var wg sync.WaitGroup
		for range 5 {
			for client, want := range map[string]string{"10.7.7.7": "10.0.0.1", "198.51.100.7": "192.0.2.1"} {
				wg.Go(func() {
					if got := addressFor(f, client); got != want {
						t.Errorf("the client %s gets %q, want %s", client, got, want)
					}
				})
			}
		}
		wg.Wait()
		if n := f.Upstream.CacheLen(); n > 0 {
			t.Errorf("%d answers are remembered, want 0", n)
		}
	})
}

// T8: a draw of another stanza is made for each question.
func TestSteeredDrawNotRemembered(t *testing.T) {
	lookups := 0
	f := aliasToStanza(t, "steer weighted", 0, &lookups)
	drawn := map[string]int{}
	for range 100 {
		drawn[addressFor(f, "10.7.7.7")]++
	}
	if len(drawn) != 2 || drawn[""] > 0 {
		t.Errorf("100 draws of 2 targets: %v", drawn)
	}
}

// C4: the answer of a stanza whose filters look neither at the client nor at chance is remembered.
func TestFirstIsRemembered(t *testing.T) {
	lookups := 0
	f := aliasToStanza(t, "steer healthy first", 0, &lookups)
	for range 3 {
		rec := dnstest.NewRecorder(&test.ResponseWriter{})
		if _, err := f.ServeDNS(context.Background(), rec, fixture.Expect("web.example.com. A").Msg()); err != nil || len(rec.Msg.Answer) != 3 {
			t.Fatalf("%v %v", err, rec.Msg)
		}
	}
	if lookups != 1 {
		t.Errorf("%d lookups, want 1", lookups)
	}
}
