package gateway

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// lookupAt makes one fixture the upstream of another, as two servers of one process are, and counts.
func (f *fixture) lookupAt(other *fixture, count *atomic.Int32) {
	f.upstream.lookup = func(ctx context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
		if count.Add(1) > 1000 {
			panic("lookups without end")
		}
		m, _ := other.queryWith(ctx, new(dns.Msg).SetQuestion(name, qtype))
		return m, nil
	}
}

// C3: aliases that lead from one server of the process to another and back end, at once and with the
// aliases as the answer.
func TestNestedLookups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		com := newFixture(t, "resources DNSEndpoint", endpoints("web", `
  - {dnsName: a.example.com, recordType: CNAME, targets: [a.example.org]}
  - {dnsName: good.example.com, recordType: CNAME, targets: [good.example.org]}
  - {dnsName: end.example.com, recordType: A, targets: [192.0.2.1]}`))
		org := newFixture(t, "k8s_gateway example.org {\nresources DNSEndpoint\n}", endpoints("web", `
  - {dnsName: a.example.org, recordType: CNAME, targets: [a.example.com]}
  - {dnsName: good.example.org, recordType: CNAME, targets: [end.example.com]}`))
		var count atomic.Int32
		com.lookupAt(org, &count)
		org.lookupAt(com, &count)
		start := time.Now()
		com.check(expect("a.example.com. A", "a.example.com. 60 IN CNAME a.example.org.", "a.example.org. 60 IN CNAME a.example.com."))
		com.check(expect("good.example.com. A", "good.example.com. 60 IN CNAME good.example.org.",
			"good.example.org. 60 IN CNAME end.example.com.", "end.example.com. 60 IN A 192.0.2.1"))
		if n := count.Load(); n > 20 {
			t.Errorf("%d lookups for 2 questions", n)
		}
		if took := time.Since(start); took > 0 {
			t.Errorf("took %s", took)
		}
	})
}

// C3: the same for a server that is its own upstream, as where a target falls through to itself.
func TestNestedLookupsSelf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "resources Ingress", ingressAt("web", "web.example.com", "a.example.net", "b.example.net"),
			ingressAt("apex", "example.com", "a.example.net"))
		var count atomic.Int32
		f.upstream.lookup = func(ctx context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
			if count.Add(1) > 1000 {
				panic("lookups without end")
			}
			// Another plugin of the server answers for example.net with an alias back to us.
			m, _ := f.queryWith(ctx, new(dns.Msg).SetQuestion("web.example.com.", qtype))
			m.Answer = append([]dns.RR{mustRR(name + " 30 IN CNAME web.example.com.")}, m.Answer...)
			return m, nil
		}
		start := time.Now()
		f.check(expect("web.example.com. A", "SERVFAIL"), expect("example.com. A", "SERVFAIL"))
		if n := count.Load(); n > 40 {
			t.Errorf("%d lookups for 2 questions", n)
		}
		if took := time.Since(start); took > 2*upstreamDeadline {
			t.Errorf("took %s", took)
		}
	})
}
