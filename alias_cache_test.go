package gateway

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// C4: what is outside is remembered for its TTL, and served with what is left of it.
func TestUpstreamTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "resources Ingress",
			ingressAt("web", "web.example.com", "lb.example.net"), ingressAt("apex", "example.com", "lb.example.net"))
		u := f.outside("lb.example.net. 30 IN CNAME a.example.net.", "a.example.net. 40 IN A 192.0.2.9")
		f.check(
			expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN CNAME a.example.net.", "a.example.net. 40 IN A 192.0.2.9"),
			expect("example.com. A", "example.com. 30 IN A 192.0.2.9"),
		)
		time.Sleep(10 * time.Second)
		f.check(
			expect("web.example.com. A", webCNAME, "lb.example.net. 20 IN CNAME a.example.net.", "a.example.net. 30 IN A 192.0.2.9"),
			expect("example.com. A", "example.com. 20 IN A 192.0.2.9"),
		)
		if n := u.count("lb.example.net. A"); n != 1 {
			t.Errorf("asked %d times within the TTL", n)
		}
		u.set("lb.example.net. 60 IN A 192.0.2.10")
		time.Sleep(21 * time.Second)
		f.check(
			expect("web.example.com. A", webCNAME, "lb.example.net. 60 IN A 192.0.2.10"),
			expect("example.com. A", "example.com. 60 IN A 192.0.2.10"),
		)
		if n := u.count("lb.example.net. A"); n != 2 {
			t.Errorf("asked %d times", n)
		}
	})
}

// C4: an answer with TTL 0 is for one question only.
func TestUpstreamTTLZero(t *testing.T) {
	f := newFixture(t, "resources Ingress", ingressAt("web", "web.example.com", "lb.example.net"))
	u := f.outside("lb.example.net. 0 IN A 192.0.2.9")
	for range 3 {
		f.check(expect("web.example.com. A", webCNAME, "lb.example.net. 0 IN A 192.0.2.9"))
	}
	if n := u.count("lb.example.net. A"); n != 3 {
		t.Errorf("asked %d times for 3 questions", n)
	}
}

// C4: when a lookup fails, the last good answer stands in with a TTL of 30 seconds (RFC 8767), for a day.
func TestUpstreamStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "resources Ingress",
			ingressAt("web", "web.example.com", "lb.example.net"), ingressAt("apex", "example.com", "lb.example.net"))
		u := f.outside("lb.example.net. 5 IN A 192.0.2.9")
		f.check(expect("web.example.com. A", webCNAME, "lb.example.net. 5 IN A 192.0.2.9"))
		u.fail(true)
		time.Sleep(6 * time.Second)
		for range 2 {
			f.check(
				expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN A 192.0.2.9"),
				expect("example.com. A", "example.com. 30 IN A 192.0.2.9"),
			)
			time.Sleep(time.Hour)
		}
		time.Sleep(24 * time.Hour)
		f.check(
			expect("web.example.com. A", webCNAME),
			expect("example.com. A", "SERVFAIL"),
		)
		u.fail(false)
		time.Sleep(time.Minute)
		f.check(
			expect("web.example.com. A", webCNAME, "lb.example.net. 5 IN A 192.0.2.9"),
			expect("example.com. A", "example.com. 5 IN A 192.0.2.9"),
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
			f := newFixture(t, "resources Ingress", ingressAt("apex", "example.com", "lb.example.net"))
			asked := 0
			f.upstream.lookup = func(_ context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
				asked++
				m := new(dns.Msg).SetQuestion(name, qtype)
				m.Rcode = dns.RcodeNameError
				if tc.soa != "" {
					m.Ns = []dns.RR{mustRR(tc.soa)}
				}
				return m, nil
			}
			f.check(expect("example.com. A", "soa"))
			time.Sleep(tc.kept - time.Second)
			f.check(expect("example.com. A", "soa"))
			if asked != 1 {
				t.Errorf("%q: asked %d times within %s", tc.soa, asked, tc.kept)
			}
			time.Sleep(2 * time.Second)
			f.check(expect("example.com. A", "soa"))
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
			m.Ns = []dns.RR{mustRR("example.net. 60 IN NS ns.example.net.")}
			return m, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, "resources Ingress",
				ingressAt("apex", "example.com", "lb.example.net"), ingressAt("web", "web.example.com", "lb.example.net"))
			f.upstream.lookup = func(_ context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
				return spoil(new(dns.Msg).SetQuestion(name, qtype))
			}
			f.check(
				expect("example.com. A", "SERVFAIL"),
				expect("web.example.com. A", webCNAME),
			)
		})
	}
}

// C4: each name and type is remembered by itself.
func TestUpstreamTypes(t *testing.T) {
	f := newFixture(t, "resources Ingress", ingressAt("web", "web.example.com", "lb.example.net"))
	f.outside("lb.example.net. 30 IN A 192.0.2.9", "lb.example.net. 30 IN AAAA 2001:db8::9", "lb.example.net. 30 IN TXT text")
	for range 2 {
		f.check(
			expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN A 192.0.2.9"),
			expect("web.example.com. AAAA", webCNAME, "lb.example.net. 30 IN AAAA 2001:db8::9"),
			expect("web.example.com. TXT", webCNAME, "lb.example.net. 30 IN TXT text"),
			expect("web.example.com. MX", webCNAME, "ns: "+netSOA),
		)
	}
}
