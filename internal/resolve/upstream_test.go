package resolve_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	golog "log"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/pkg/upstream"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// C4: what is outside is remembered for its TTL, and served with what is left of it.
func TestUpstreamTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fixture.New(t, "resources Ingress",
			fixture.IngressAt("web", "web.example.com", "lb.example.net"), fixture.IngressAt("apex", "example.com", "lb.example.net"))
		u := f.Outside("lb.example.net. 30 IN CNAME a.example.net.", "a.example.net. 40 IN A 192.0.2.9")
		f.Check(
			fixture.Expect("web.example.com. A", fixture.WebCNAME, "lb.example.net. 30 IN CNAME a.example.net.", "a.example.net. 40 IN A 192.0.2.9"),
			fixture.Expect("example.com. A", "example.com. 30 IN A 192.0.2.9"),
		)
		time.Sleep(10 * time.Second)
		f.Check(
			fixture.Expect("web.example.com. A", fixture.WebCNAME, "lb.example.net. 20 IN CNAME a.example.net.", "a.example.net. 30 IN A 192.0.2.9"),
			fixture.Expect("example.com. A", "example.com. 20 IN A 192.0.2.9"),
		)
		if n := u.Count("lb.example.net. A"); n != 1 {
			t.Errorf("asked %d times within the TTL", n)
		}
		u.Set("lb.example.net. 60 IN A 192.0.2.10")
		time.Sleep(21 * time.Second)
		f.Check(
			fixture.Expect("web.example.com. A", fixture.WebCNAME, "lb.example.net. 60 IN A 192.0.2.10"),
			fixture.Expect("example.com. A", "example.com. 60 IN A 192.0.2.10"),
		)
		if n := u.Count("lb.example.net. A"); n != 2 {
			t.Errorf("asked %d times", n)
		}
	})
}

// C4: when a lookup fails, the last good answer stands in with a TTL of 30 seconds (RFC 8767), for a day.
func TestUpstreamStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fixture.New(t, "resources Ingress",
			fixture.IngressAt("web", "web.example.com", "lb.example.net"), fixture.IngressAt("apex", "example.com", "lb.example.net"))
		u := f.Outside("lb.example.net. 5 IN A 192.0.2.9")
		f.Check(fixture.Expect("web.example.com. A", fixture.WebCNAME, "lb.example.net. 5 IN A 192.0.2.9"))
		u.Fail(true)
		time.Sleep(6 * time.Second)
		for range 2 {
			f.Check(
				fixture.Expect("web.example.com. A", fixture.WebCNAME, "lb.example.net. 30 IN A 192.0.2.9"),
				fixture.Expect("example.com. A", "example.com. 30 IN A 192.0.2.9"),
			)
			time.Sleep(time.Hour)
		}
		time.Sleep(24 * time.Hour)
		f.Check(
			fixture.Expect("web.example.com. A", fixture.WebCNAME),
			fixture.Expect("example.com. A", "SERVFAIL"),
		)
		u.Fail(false)
		time.Sleep(time.Minute)
		f.Check(
			fixture.Expect("web.example.com. A", fixture.WebCNAME, "lb.example.net. 5 IN A 192.0.2.9"),
			fixture.Expect("example.com. A", "example.com. 5 IN A 192.0.2.9"),
		)
	})
}

// C4: what was found not to exist is remembered too, for as long as its SOA says (RFC 2308 section 5): the
// lesser of the SOA's TTL and its MINIMUM.
func TestUpstreamNegativeTTL(t *testing.T) {
	for _, tc := range []struct {
		soa  string
		kept time.Duration
	}{
		{"example.net. 30 IN SOA ns.example.net. h.example.net. 1 14400 3600 1209600 3600", 30 * time.Second},
		{"example.net. 3600 IN SOA ns.example.net. h.example.net. 1 14400 3600 1209600 30", 30 * time.Second},
		{"", 5 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := fixture.New(t, "resources Ingress", fixture.IngressAt("apex", "example.com", "lb.example.net"))
			asked := 0
			f.Upstream.Lookup = func(_ context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
				asked++
				m := new(dns.Msg).SetQuestion(name, qtype)
				m.Rcode = dns.RcodeNameError
				if tc.soa != "" {
					m.Ns = []dns.RR{fixture.MustRR(tc.soa)}
				}
				return m, nil
			}
			f.Check(fixture.Expect("example.com. A", "soa"))
			time.Sleep(tc.kept - time.Second)
			f.Check(fixture.Expect("example.com. A", "soa"))
			if asked != 1 {
				t.Errorf("%q: asked %d times within %s", tc.soa, asked, tc.kept)
			}
			time.Sleep(2 * time.Second)
			f.Check(fixture.Expect("example.com. A", "soa"))
			if asked != 2 {
				t.Errorf("%q: asked %d times after %s", tc.soa, asked, tc.kept+time.Second)
			}
		})
	}
}

// C4: what is no answer is neither served nor taken for a name without addresses. Without a good answer
// from before that is SERVFAIL, never NXDOMAIN or NODATA.
func TestUpstreamNoAnswer(t *testing.T) {
	for name, spoil := range map[string]func(m *dns.Msg) (*dns.Msg, error){
		"error":    func(*dns.Msg) (*dns.Msg, error) { return nil, errors.New("no route to host") },
		"nothing":  func(*dns.Msg) (*dns.Msg, error) { return nil, nil },
		"servfail": func(m *dns.Msg) (*dns.Msg, error) { m.Rcode = dns.RcodeServerFailure; return m, nil },
		"refused":  func(m *dns.Msg) (*dns.Msg, error) { m.Rcode = dns.RcodeRefused; return m, nil },
		"truncated": func(m *dns.Msg) (*dns.Msg, error) {
			m.Truncated = true
			return m, nil
		},
		"referral": func(m *dns.Msg) (*dns.Msg, error) {
			m.Ns = []dns.RR{fixture.MustRR("example.net. 60 IN NS ns.example.net.")}
			return m, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := fixture.New(t, "resources Ingress",
				fixture.IngressAt("apex", "example.com", "lb.example.net"), fixture.IngressAt("web", "web.example.com", "lb.example.net"))
			f.Upstream.Lookup = func(_ context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
				return spoil(new(dns.Msg).SetQuestion(name, qtype))
			}
			f.Check(
				fixture.Expect("example.com. A", "SERVFAIL"),
				fixture.Expect("web.example.com. A", fixture.WebCNAME),
			)
		})
	}
}

// C3: the same for a server that is its own upstream, as where a target falls through to itself.
func TestNestedLookupsSelf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fixture.New(t, "resources Ingress", fixture.IngressAt("web", "web.example.com", "a.example.net", "b.example.net"),
			fixture.IngressAt("apex", "example.com", "a.example.net"))
		var count atomic.Int32
		f.Upstream.Lookup = func(ctx context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
			if count.Add(1) > 1000 {
				panic("lookups without end")
			}
			// Another plugin of the server answers for example.net with an alias back to us.
			m, _ := f.QueryWith(ctx, new(dns.Msg).SetQuestion("web.example.com.", qtype))
			m.Answer = append([]dns.RR{fixture.MustRR(name + " 30 IN CNAME web.example.com.")}, m.Answer...)
			return m, nil
		}
		start := time.Now()
		f.Check(fixture.Expect("web.example.com. A", "SERVFAIL"), fixture.Expect("example.com. A", "SERVFAIL"))
		if n := count.Load(); n > 40 {
			t.Errorf("%d lookups for 2 questions", n)
		}
		if took := time.Since(start); took > 2*resolve.UpstreamDeadline {
			t.Errorf("took %s", took)
		}
	})
}

// inServer puts the fixture into a server block of CoreDNS's own server, whose upstream lookup is CoreDNS's own as well. next are the handlers behind it.
func inServer(f *fixture.Stanza, zone string, next plugin.Handler) context.Context {
	f.T.Helper()
	f.Next, f.Upstream.Lookup = next, upstream.New().Lookup
	config := &dnsserver.Config{Zone: zone, Port: "0", Transport: "dns", ListenHosts: []string{""}}
	config.AddPlugin(func(plugin.Handler) plugin.Handler { return f.Gateway })
	server, err := dnsserver.NewServer("dns://:0", []*dnsserver.Config{config})
	if err != nil {
		f.T.Fatal(err)
	}
	return context.WithValue(context.WithValue(f.T.Context(), dnsserver.Key{}, server), dnsserver.LoopKey{}, 0)
}

// resolves is a plugin that answers every question for an A record.
var resolves = plugin.HandlerFunc(func(_ context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	m := new(dns.Msg).SetReply(r)
	m.RecursionAvailable = true
	if r.Question[0].Qtype == dns.TypeA {
		m.Answer = []dns.RR{fixture.MustRR(r.Question[0].Name + " 30 IN A 192.0.2.9")}
	}
	return dns.RcodeSuccess, w.WriteMsg(m)
})

// fails is a resolver that has no answer. How it says so is its response code.
func fails(rcode int) plugin.Handler {
	return plugin.HandlerFunc(func(_ context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
		m := new(dns.Msg).SetRcode(r, rcode)
		m.RecursionAvailable = true
		return dns.RcodeSuccess, w.WriteMsg(m)
	})
}

// C6: an alias whose addresses are needed, where no plugin looks them up: the log says so once, and the explanation and the status page do. The server
// has no block for the name, or a block whose last plugin passes the question on.
func TestFlattenWithoutResolver(t *testing.T) {
	const what = "no plugin of this server, such as forward, looks up names outside the zones"
	for _, zone := range []string{"example.com.", "."} {
		for _, next := range []plugin.Handler{nil, passing{}} {
			var out bytes.Buffer
			golog.SetOutput(&out)
			f := fixture.New(t, "k8s_gateway example.com {\nresources Ingress DNSEndpoint\nexplain\nstatus :0\n}",
				fixture.IngressAt("apex", "example.com", "lb.example.net"), fixture.IngressAt("two", "two.example.com", "a.example.net", "b.example.net"),
				fixture.IngressAt("one", "one.example.com", "lb.example.net"), fixture.IngressAt("text", "text.example.com", "lb.example.net"), fixture.AnEndpoint("text.example.com", "TXT", "text"))
			ctx := inServer(f, zone, next)
			for range 2 { // again, while the failure is remembered
				for _, name := range []string{"example.com.", "two.example.com.", "text.example.com."} {
					req := new(dns.Msg).SetQuestion(name, dns.TypeA).SetEdns0(1232, false)
					m, _ := f.QueryWith(ctx, req)
					if m.Rcode != dns.RcodeServerFailure || !strings.Contains(m.String(), what) {
						t.Errorf("%s in %s: got %s", name, zone, m)
					}
				}
			}
			// C3: an alias that is a CNAME needs nobody.
			m, _ := f.QueryWith(ctx, new(dns.Msg).SetQuestion("one.example.com.", dns.TypeA).SetEdns0(1232, false))
			if m.Rcode != dns.RcodeSuccess || len(m.Answer) != 1 || strings.Contains(m.String(), what) {
				t.Errorf("one.example.com. in %s: got %s", zone, m)
			}
			golog.SetOutput(os.Stderr)
			if n := strings.Count(out.String(), what); n != 1 || !strings.Contains(out.String(), "example.com. is SERVFAIL") {
				t.Errorf("logged %d times:\n%s", n, &out)
			}
			if got := strings.Join(f.Overview().Explain("two.example.com").Reasons, " "); !strings.Contains(got, what) {
				t.Errorf("the status page says %q", got)
			}
			for _, r := range statuspage.Rows(f.Overview().State().Claims) {
				if r.Type == "ALIAS" && (r.Standing != statuspage.Pending || r.Reason != what) || r.Type == "CNAME" && r.Standing != statuspage.Answers {
					t.Errorf("the status page shows %+v", r)
				}
			}
		}
	}
}

// passing is a plugin without an answer of its own, such as hosts, that is the last of its server block.
type passing struct{}

func (passing) Name() string { return "passing" }

func (passing) ServeDNS(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	return plugin.NextOrFailure("passing", nil, ctx, w, r)
}

// C6: where a plugin looks the name up and fails, that is what is said; and where it answers, nothing is.
func TestFlattenWithResolver(t *testing.T) {
	for _, rcode := range []int{dns.RcodeServerFailure, dns.RcodeRefused} {
		f := fixture.New(t, "k8s_gateway example.com {\nexplain\n}", fixture.IngressAt("two", "two.example.com", "a.example.net", "b.example.net"))
		m, _ := f.QueryWith(inServer(f, ".", fails(rcode)), new(dns.Msg).SetQuestion("two.example.com.", dns.TypeA).SetEdns0(1232, false))
		if !strings.Contains(m.String(), "an upstream server does not answer") {
			t.Errorf("%s: got %s", dns.RcodeToString[rcode], m)
		}
	}
	f := fixture.New(t, "k8s_gateway example.com {\nexplain\n}", fixture.IngressAt("two", "two.example.com", "a.example.net", "b.example.net"))
	m, _ := f.QueryWith(inServer(f, ".", resolves), new(dns.Msg).SetQuestion("two.example.com.", dns.TypeA).SetEdns0(1232, false))
	if len(m.Answer) != 1 || len(m.Extra) > 0 && strings.Contains(m.String(), "EDE") {
		t.Errorf("got %s", m)
	}
}

// C6: what was unserved once is looked up again after the pause, and answers if there is a plugin by then.
func TestFlattenUnservedThenServed(t *testing.T) {
	f := fixture.New(t, "", fixture.IngressAt("two", "two.example.com", "a.example.net", "b.example.net"))
	u := f.Outside("a.example.net. 30 IN A 192.0.2.9", "b.example.net. 30 IN A 192.0.2.9")
	f.Upstream.Lookup = func(context.Context, request.Request, string, uint16) (*dns.Msg, error) {
		return new(dns.Msg).SetRcode(new(dns.Msg).SetQuestion("x.", dns.TypeA), dns.RcodeRefused), nil
	}
	f.Check(fixture.Expect("two.example.com. A", "SERVFAIL"))
	if f.Upstream.WhyUnresolved("a.example.net") != resolve.NoLookup {
		t.Error("not noted")
	}
	f.Upstream.Lookup = u.Lookup
	for _, name := range []string{"a.example.net", "b.example.net"} {
		f.Upstream.EndPause(name, dns.TypeA)
	}
	f.Check(fixture.Expect("two.example.com. A", "two.example.com. 30 IN A 192.0.2.9"))
	if f.Upstream.WhyUnresolved("a.example.net") == resolve.NoLookup {
		t.Error("still noted")
	}
}

// N7: a question asks for 32 names outside at most, however many hostnames an object has. Those it asks for answer.
func TestManyHostnamesAskForFewNames(t *testing.T) {
	var hosts, records []string
	for i := range 200 {
		hosts = append(hosts, fmt.Sprintf("h%d.example.net", i))
		records = append(records, fmt.Sprintf("h%d.example.net. 30 IN A 192.0.2.%d", i, i+1))
	}
	f := fixture.New(t, "resources Service", fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: many, namespace: default, annotations: {coredns.io/hostname: many.example.com, coredns.io/target: %q}}
spec: {type: LoadBalancer}
`, strings.Join(hosts, ",")))
	u := f.Outside(records...)
	if n := len(f.Answers("many.example.com. A")); n != 32 {
		t.Errorf("%d addresses, want 32", n)
	}
	if len(u.Asked) != 32 {
		t.Errorf("asked for %d names, want 32", len(u.Asked))
	}
}

// N7: what answers from outside are kept does not grow without end.
func TestUpstreamCacheIsBounded(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint")
	f.Outside()
	var list strings.Builder
	for i := range 12000 {
		fmt.Fprintf(&list, "\n  - {dnsName: a%d.example.com, recordType: CNAME, targets: [a%d.example.net]}", i, i)
	}
	f.Apply(fixture.Endpoints("many", list.String()))
	for i := range 12000 {
		f.Query(fixture.Expect(fmt.Sprintf("a%d.example.com. A", i)).Msg())
	}
	if n := f.Upstream.AddressesKept(); n > 10000 || n < 5000 {
		t.Errorf("%d names are kept, want at most 10,000", n)
	}
}
