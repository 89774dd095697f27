package resolve

import (
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

const (
	staleTTL = 30             // seconds; RFC 8767 section 4
	staleFor = 24 * time.Hour // how long after its lookup an answer may be served stale
)

// cachedAnswer is the answer to a lookup. It is immutable.
type cachedAnswer struct {
	Outcome
	key string
	at  time.Time
	ttl time.Duration

	steered bool // the answer depends on the client or on chance, so it is for one question only
}

// aged returns the answer with its remaining TTLs.
func (c *cachedAnswer) aged() Outcome {
	age := uint32(time.Since(c.at) / time.Second)
	return c.with(func(ttl uint32) uint32 { return ttl - min(age, ttl) })
}

// stale returns the answer with a short TTL, or Unavailable if there is no answer or it is too old. noUpstream tells that there is no
// newer answer because no plugin looks up names.
func (c *cachedAnswer) stale(noUpstream bool) Outcome {
	if c == nil || time.Since(c.at) > staleFor {
		return Outcome{Result: zone.Unavailable, NoUpstream: noUpstream}
	}
	o := c.with(func(uint32) uint32 { return staleTTL })
	o.Stale = true
	return o
}

// serveStale is stale. It also counts stale answers in the metric.
func (c *cachedAnswer) serveStale(noUpstream bool) Outcome {
	o := c.stale(noUpstream)
	if o.Stale {
		UpstreamCache.WithLabelValues("stale").Inc()
	}
	return o
}

// with returns the answer with TTLs changed by a function.
func (c *cachedAnswer) with(ttl func(uint32) uint32) Outcome {
	o := c.Outcome
	o.RRs, o.NS = copyWith(o.RRs, ttl), copyWith(o.NS, ttl)
	return o
}

func copyWith(rrs []dns.RR, ttl func(uint32) uint32) []dns.RR {
	list := make([]dns.RR, len(rrs))
	for i, rr := range rrs {
		list[i] = dns.Copy(rr)
		list[i].Header().Ttl = ttl(rr.Header().Ttl)
	}
	return list
}

// FromCache returns the cached answer for a name, even if it has expired, and whether the name was looked up at all. Outcome.Stale is
// set only if the answer has expired and a newer lookup failed.
func (r *Resolver) FromCache(name string, qtype uint16) (o Outcome, lookedUp bool) {
	key, cached := r.lookupCache(name, qtype)
	if cached != nil && time.Since(cached.at) < cached.ttl {
		return cached.aged(), true
	}
	f, failed := r.lastFailure(key)
	o = cached.stale(f.noUpstream)
	o.Stale = o.Stale && failed
	return o, failed || o.Result != zone.Unavailable
}

// CacheOnly answers for names outside the zones from the resolver's cache only. The zero value is ready to use.
type CacheOnly struct {
	Missed atomic.Bool // at least one of the names was never looked up
}

func (c *CacheOnly) answer(r *Resolver, name string, qtype uint16) Outcome {
	o, lookedUp := r.FromCache(name, qtype)
	if !lookedUp {
		c.Missed.Store(true)
	}
	return o
}
