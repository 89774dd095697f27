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

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

const (
	upstreamDeadline = 2 * time.Second // a question waits no longer for a name that is not ours
	upstreamNames    = 10000           // whose addresses the cache holds
	upstreamOthers   = 1000            // answers of other types that it holds
	upstreamPause    = 5 * time.Second // after a failure, before the next lookup of the same name
)

// Resolver looks up names that are in none of our zones through CoreDNS's own server, as a client of
// it, and remembers the answers for their TTL. When a lookup fails or takes too long, the last good
// answer stands in (RFC 8767), and no other is tried for a while.
type Resolver struct {
	Lookup func(ctx context.Context, state request.Request, name string, qtype uint16) (*dns.Msg, error)
	ours   func(name string) bool // whether a canonical name lies in our own zones
	cache  *cache.Cache[*remembered]
	others *cache.Cache[*remembered] // of types that are not addresses: whoever asks chooses the type, and must not push addresses out
	failed *cache.Cache[failure]
	flight singleflight.Group // one lookup at a time for a name and type
	warned sync.Once          // that no plugin looks names up
}

// failure is a lookup that came to nothing.
type failure struct {
	key      string
	at       time.Time
	unserved bool
}

// NewResolver returns a resolver. ours reports whether a canonical name lies in our own zones, and is not delegated.
func NewResolver(ours func(name string) bool) *Resolver {
	return &Resolver{
		Lookup: upstream.New().Lookup,
		ours:   ours,
		cache:  cache.New[*remembered](upstreamNames),
		others: cache.New[*remembered](upstreamOthers),
		failed: cache.New[failure](upstreamNames),
	}
}

// resolve looks a canonical name up. What lies in our own zones is not remembered: it may change any
// moment, and is near.
func (r *Resolver) resolve(ctx context.Context, state request.Request, name string, qtype uint16, remember bool) Outcome {
	key, known := r.known(name, qtype)
	if known != nil && time.Since(known.at) < known.ttl {
		UpstreamCache.WithLabelValues("hit").Inc()
		return known.aged()
	}
	UpstreamCache.WithLabelValues("miss").Inc()
	outer, _ := ctx.Value(chainKey{}).(*chain)
	if !outer.allows(key) {
		return Outcome{Result: zone.Unavailable}
	}
	f, failed := r.lastFailure(key)
	if failed && time.Since(f.at) < upstreamPause {
		return known.standIn(f.unserved)
	}
	inner := &chain{key: key, outer: outer}
	if outer != nil {
		inner.depth = outer.depth + 1
	}
	ctx = context.WithValue(context.WithoutCancel(ctx), chainKey{}, inner)
	done := r.flight.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(ctx, upstreamDeadline)
		defer cancel()
		fetched := r.fetch(ctx, state, name, qtype)
		fetched.key = key
		UpstreamLookups.WithLabelValues(fetched.kind()).Inc()
		if remember && fetched.Result != zone.Unavailable {
			r.of(qtype).Add(hash(key), fetched)
			r.failed.Remove(hash(key))
		}
		return fetched, nil
	})
	timeout := time.NewTimer(upstreamDeadline)
	defer timeout.Stop()
	f = failure{key: key, at: time.Now()}
	select {
	case res := <-done:
		fetched := res.Val.(*remembered)
		if fetched.Result != zone.Unavailable {
			return fetched.aged()
		}
		f.unserved = fetched.NoUpstream
	case <-timeout.C:
	}
	if remember {
		r.failed.Add(hash(key), f)
	}
	return known.standIn(f.unserved)
}

// lastFailure returns the last lookup that failed for a key, unless one has succeeded since.
func (r *Resolver) lastFailure(key string) (failure, bool) {
	f, ok := r.failed.Get(hash(key))
	return f, ok && f.key == key
}

// WhyUnresolved returns why no address of a name is known from lookups, or "".
func (r *Resolver) WhyUnresolved(name string) string {
	text := NotLookedUp
	for _, qtype := range zone.AddressTypes {
		key, known := r.known(name, qtype)
		f, failed := r.lastFailure(key)
		switch {
		case known != nil && time.Since(known.at) < max(known.ttl, staleFor):
			return ""
		case failed && f.unserved:
			return NoLookup
		case failed:
			text = "an upstream server does not answer for " + name
		}
	}
	return text
}

// NotLookedUp is why the addresses of a flattened name are not known before the first question.
const NotLookedUp = "its addresses are looked up when a question asks for it, and none has yet"

// NoLookup is why a lookup comes to nothing in a server without a plugin for it.
const NoLookup = "no plugin of this server, such as forward, looks up names outside the zones"

// warn says once that the addresses of a hostname are needed, and that no plugin looks the hostname up (C6).
func (r *Resolver) warn(owner, host string) {
	r.warned.Do(func() {
		log.Warningf("%s is SERVFAIL: it has the addresses of %s, and %s. The same holds for every alias that cannot be a CNAME: "+
			"at the name of a zone, with several hostnames, or beside other records", owner, record.Quote(host), NoLookup)
	})
}

// of returns the cache of a type.
func (r *Resolver) of(qtype uint16) *cache.Cache[*remembered] {
	if zone.IsAddress(qtype) {
		return r.cache
	}
	return r.others
}

// Remembered returns how many answers the caches hold.
func (r *Resolver) Remembered() int { return r.cache.Len() + r.others.Len() }

// hash returns the key under which the caches have a name and type.
func hash(key string) uint64 { return cache.Hash([]byte(key)) }

func (r *Resolver) known(name string, qtype uint16) (key string, known *remembered) {
	key = name + "/" + dns.Type(qtype).String()
	known, _ = r.of(qtype).Get(hash(key))
	if known != nil && known.key != key {
		known = nil // another name of the same hash
	}
	return key, known
}
