package resolve

import (
	"context"
	"sync"
	"time"

	"github.com/coredns/coredns/plugin/pkg/cache"
	"github.com/coredns/coredns/plugin/pkg/upstream"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"
	"golang.org/x/sync/singleflight"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

const (
	upstreamDeadline = 2 * time.Second // the longest wait of a question for a name outside the zones
	upstreamNames    = 10000           // capacity of the cache of address lookups
	upstreamOthers   = 1000            // capacity of the cache of lookups of other types
	upstreamPause    = 5 * time.Second // between a failed lookup and the next one of the same name and type
)

// Resolver looks up names outside the zones with a question to CoreDNS itself, and caches the answers for their TTL. If a lookup fails or
// takes too long, the last good answer is used (RFC 8767), and the name is not looked up again for upstreamPause.
type Resolver struct {
	Lookup func(ctx context.Context, state request.Request, name string, qtype uint16) (*dns.Msg, error)
	ours   func(name string) bool // reports whether a canonical name is in the zones and not delegated
	cache  *cache.Cache[*cachedAnswer]
	others *cache.Cache[*cachedAnswer] // types other than addresses: a separate cache, so that clients cannot evict addresses with them
	failed *cache.Cache[failure]
	flight singleflight.Group // one lookup at a time for a name and type
	warned sync.Once          // for the warning that no plugin looks up names
}

// failure is a lookup that failed.
type failure struct {
	key        string
	at         time.Time
	noUpstream bool // no plugin of the server looks up names outside the zones
}

// NewResolver returns a resolver. ours reports whether a canonical name is in the zones and not delegated.
func NewResolver(ours func(name string) bool) *Resolver {
	return &Resolver{
		Lookup: upstream.New().Lookup,
		ours:   ours,
		cache:  cache.New[*cachedAnswer](upstreamNames),
		others: cache.New[*cachedAnswer](upstreamOthers),
		failed: cache.New[failure](upstreamNames),
	}
}

// resolve looks up a canonical name. With store, it caches the answer and failures. The caller does not store names in the zones, because
// they may change at any moment and cost little to look up. An answer that depends on the client, or on chance, is not shared with
// other questions.
func (r *Resolver) resolve(ctx context.Context, state request.Request, p *Progress, name string, qtype uint16, store bool) Outcome {
	key, cached := r.lookupCache(name, qtype)
	if cached != nil && time.Since(cached.at) < cached.ttl {
		UpstreamCache.WithLabelValues("hit").Inc()
		return cached.aged()
	}
	UpstreamCache.WithLabelValues("miss").Inc()
	outer := LookupOf(ctx)
	if !outer.allows(key) {
		return Outcome{Result: zone.Unavailable}
	}
	f, failed := r.lastFailure(key)
	if failed && time.Since(f.at) < upstreamPause {
		return cached.serveStale(f.noUpstream)
	}
	inner := &Lookup{key: key, outer: outer, client: ctx, question: state.Req, progress: p}
	if outer != nil {
		inner.depth, inner.client, inner.question = outer.depth+1, outer.client, outer.question
	}
	ctx = context.WithValue(context.WithoutCancel(ctx), lookupKey{}, inner)
	own := false // the lookup is for this question, and not for that of another client
	lookup := func() (any, error) {
		own = true
		ctx, cancel := context.WithTimeout(ctx, upstreamDeadline)
		defer cancel()
		fetched := r.fetch(ctx, state, name, qtype)
		fetched.key, fetched.steered = key, inner.steered.Load()
		UpstreamLookups.WithLabelValues(fetched.kind()).Inc()
		if store && !fetched.steered && fetched.Result != zone.Unavailable {
			r.of(qtype).Add(hash(key), fetched)
			r.failed.Remove(hash(key))
		}
		return fetched, nil
	}
	done := r.flight.DoChan(key, lookup)
	timeout := time.NewTimer(upstreamDeadline)
	defer timeout.Stop()
	f = failure{key: key, at: time.Now()}
	for waiting := true; waiting; {
		waiting = false
		select {
		case res := <-done:
			fetched := res.Val.(*cachedAnswer)
			if fetched.steered && !own {
				done, waiting = alone(lookup), true
				continue
			}
			if fetched.Result != zone.Unavailable {
				return fetched.aged()
			}
			f.noUpstream, store = fetched.NoUpstream, store && !fetched.steered
		case <-timeout.C:
		}
	}
	if store {
		r.failed.Add(hash(key), f)
	}
	return cached.serveStale(f.noUpstream)
}

// alone does a lookup that is not shared with other questions.
func alone(lookup func() (any, error)) <-chan singleflight.Result {
	done := make(chan singleflight.Result, 1)
	go func() {
		val, err := lookup()
		done <- singleflight.Result{Val: val, Err: err}
	}()
	return done
}

// lastFailure returns the last failed lookup for a key, unless a later one succeeded.
func (r *Resolver) lastFailure(key string) (failure, bool) {
	f, ok := r.failed.Get(hash(key))
	return f, ok && f.key == key
}

// WhyUnresolved returns why no address of a name is cached, or "".
func (r *Resolver) WhyUnresolved(name string) string {
	text := NotLookedUp
	for _, qtype := range zone.AddressTypes {
		key, cached := r.lookupCache(name, qtype)
		f, failed := r.lastFailure(key)
		switch {
		case cached != nil && time.Since(cached.at) < max(cached.ttl, staleFor):
			return ""
		case failed && f.noUpstream:
			return NoLookup
		case failed:
			text = "an upstream server does not answer for " + name
		}
	}
	return text
}

// NotLookedUp is the reason why a flattened name has no addresses before the first question for it.
const NotLookedUp = "its addresses are looked up when a question asks for it, and none has yet"

// NoLookup is the reason why lookups fail if the server has no plugin for them.
const NoLookup = "no plugin of this server, such as forward, looks up names outside the zones"

// warn logs once that the addresses of a hostname are needed and no plugin can look them up (C6).
func (r *Resolver) warn(owner, host string) {
	r.warned.Do(func() {
		log.Warningf("%s is SERVFAIL: it has the addresses of %s, and %s. The same holds for every alias that cannot be a CNAME: "+
			"at the name of a zone, with several hostnames, or beside other records", owner, wording.Quote(host), NoLookup)
	})
}

// of returns the cache for a type.
func (r *Resolver) of(qtype uint16) *cache.Cache[*cachedAnswer] {
	if zone.IsAddress(qtype) {
		return r.cache
	}
	return r.others
}

// CacheLen returns how many answers the caches hold.
func (r *Resolver) CacheLen() int { return r.cache.Len() + r.others.Len() }

// hash returns the hash of a key, by which the caches are indexed.
func hash(key string) uint64 { return cache.Hash([]byte(key)) }

// lookupCache returns the cache key text of a name and type, and the cached answer or nil.
func (r *Resolver) lookupCache(name string, qtype uint16) (key string, cached *cachedAnswer) {
	key = name + "/" + dns.Type(qtype).String()
	cached, _ = r.of(qtype).Get(hash(key))
	if cached != nil && cached.key != key {
		cached = nil // another name has the same hash
	}
	return key, cached
}
