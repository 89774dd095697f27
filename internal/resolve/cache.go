package resolve

import (
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

const (
	staleTTL = 30             // seconds; RFC 8767 section 4
	staleFor = 24 * time.Hour // how long the last good answer may be used instead of a new one
)

// cachedAnswer is the answer to a lookup. It is immutable.
type cachedAnswer struct {
	Outcome
	key string
	at  time.Time
	ttl time.Duration

	steered bool // it depends on the client or on chance, and is for one question alone
}

// aged returns the answer with its remaining TTLs.
func (r *cachedAnswer) aged() Outcome {
	age := uint32(time.Since(r.at) / time.Second)
	return r.with(func(ttl uint32) uint32 { return ttl - min(age, ttl) })
}

// stale returns the answer for use instead of a newer one. unserved tells whether there is none because no plugin looks names
// up.
func (r *cachedAnswer) stale(unserved bool) Outcome {
	if r == nil || time.Since(r.at) > staleFor {
		return Outcome{Result: zone.Unavailable, NoUpstream: unserved}
	}
	o := r.with(func(uint32) uint32 { return staleTTL })
	o.Stale = true
	return o
}

// serveStale is stale, and counts that in the metric.
func (r *cachedAnswer) serveStale(unserved bool) Outcome {
	o := r.stale(unserved)
	if o.Stale {
		UpstreamCache.WithLabelValues("stale").Inc()
	}
	return o
}

func (r *cachedAnswer) with(ttl func(uint32) uint32) Outcome {
	o := r.Outcome
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

// FromCache returns the cached answer for a name, of any age, and whether the name was looked up at all. An expired answer counts
// as stale only if a newer lookup failed.
func (r *Resolver) FromCache(name string, qtype uint16) (o Outcome, asked bool) {
	key, known := r.lookupCache(name, qtype)
	if known != nil && time.Since(known.at) < known.ttl {
		return known.aged(), true
	}
	f, failed := r.lastFailure(key)
	o = known.stale(f.noUpstream)
	o.Stale = o.Stale && failed
	return o, failed || o.Result != zone.Unavailable
}

// CacheOnly answers for names outside the zones from the resolver's cache alone. The zero value is ready to use.
type CacheOnly struct {
	Missed atomic.Bool // at least one of the names was never looked up
}

func (m *CacheOnly) answer(r *Resolver, name string, qtype uint16) Outcome {
	o, asked := r.FromCache(name, qtype)
	if !asked {
		m.Missed.Store(true)
	}
	return o
}
