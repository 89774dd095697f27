package resolve

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// How long answers are cached.
const (
	maxPositive = time.Hour       // longest time for an answer with records
	maxNegative = 5 * time.Minute // longest time for a negative answer
	minNegative = 5 * time.Second // time for a negative answer without SOA (RFC 2308 section 5)
)

// fetch does one lookup. It makes a request of its own, so the answer is not truncated to the size that the client accepts. If a
// plugin panics, only this lookup fails.
func (r *Resolver) fetch(ctx context.Context, state request.Request, name string, qtype uint16) (f *cachedAnswer) {
	f = &cachedAnswer{at: time.Now(), Outcome: Outcome{Result: zone.Unavailable}}
	defer func() {
		if p := recover(); p != nil {
			log.Errorf("lookup of %s: %v", name, p)
			f = &cachedAnswer{Outcome: Outcome{Result: zone.Unavailable}}
		}
	}()
	req := new(dns.Msg).SetQuestion(dns.Fqdn(name), qtype).SetEdns0(dns.DefaultMsgSize, false)
	m, err := r.Lookup(ctx, request.Request{W: state.W, Req: req}, dns.Fqdn(name), qtype)
	if err != nil || m == nil || m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		f.NoUpstream = refusedByServer(m) || LookupOf(ctx).ended.Load()
		return f
	}
	f.Result = zone.NoData
	if m.Rcode == dns.RcodeNameError {
		f.Result = zone.NameError
	}
	f.ttl = maxPositive
	for owner, more := name, true; more && len(f.RRs) < len(m.Answer); {
		owner, more = f.take(m.Answer, owner, qtype)
		if more && r.ours(owner) {
			f.Result, f.next, more = zone.Success, owner, false
		}
	}
	if f.Result != zone.Success {
		if m.Truncated || isReferral(m) {
			return &cachedAnswer{Outcome: Outcome{Result: zone.Unavailable}}
		}
		f.ttl = min(f.ttl, f.negative(m.Ns))
	}
	if m.Truncated {
		f.ttl = 0
	}
	return f
}

// take adds the records of one name from an answer section. If the name is an alias, it returns the target. Records of names outside
// the chain of aliases are ignored, because the question was not for them.
func (c *cachedAnswer) take(answer []dns.RR, owner string, qtype uint16) (target string, ok bool) {
	for _, rr := range answer {
		if !strings.EqualFold(rr.Header().Name, dns.Fqdn(owner)) {
			continue
		}
		cname, isCNAME := rr.(*dns.CNAME)
		switch {
		case rr.Header().Rrtype == qtype:
			c.Result = zone.Success
		case isCNAME && !ok:
			target, ok = strings.ToLower(strings.TrimSuffix(cname.Target, ".")), true
		default:
			continue
		}
		c.RRs = append(c.RRs, rr)
		c.ttl = min(c.ttl, seconds(rr.Header().Ttl))
	}
	return target, ok && c.Result != zone.Success
}

// refusedByServer reports whether CoreDNS itself refused a question because it has no server block for the name. A resolver
// that refuses a question sets RA (recursion available).
func refusedByServer(m *dns.Msg) bool {
	return m != nil && m.Rcode == dns.RcodeRefused && !m.RecursionAvailable
}

// isReferral reports whether a message is a referral to other servers instead of an answer (RFC 2308 section 2.1).
func isReferral(m *dns.Msg) bool {
	isType := func(rrtype uint16) func(dns.RR) bool {
		return func(rr dns.RR) bool { return rr.Header().Rrtype == rrtype }
	}
	return m.Rcode == dns.RcodeSuccess && slices.ContainsFunc(m.Ns, isType(dns.TypeNS)) && !slices.ContainsFunc(m.Ns, isType(dns.TypeSOA))
}

// negative adds the SOA of a negative answer, and returns how long the answer may be cached.
func (c *cachedAnswer) negative(ns []dns.RR) time.Duration {
	for _, rr := range ns {
		if soa, ok := rr.(*dns.SOA); ok {
			c.NS = []dns.RR{soa}
			return min(seconds(min(soa.Hdr.Ttl, soa.Minttl)), maxNegative)
		}
	}
	return minNegative
}

// kind returns the result of a lookup as a value of the metric's label.
func (c *cachedAnswer) kind() string {
	switch c.Result {
	case zone.Success:
		return "success"
	case zone.Unavailable:
		return "failure"
	}
	return "negative"
}

func seconds(ttl uint32) time.Duration { return time.Duration(ttl) * time.Second }
