package resolve

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	UpstreamDeadline = 2 * time.Second // a question waits no longer for a name that is not ours
	upstreamNames    = 10000           // whose addresses the cache holds
	upstreamOthers   = 1000            // answers of other types that it holds
	UpstreamPause    = 5 * time.Second // after a failure, before the next lookup of the same name
	maxPositive      = time.Hour       // that an answer is kept, whatever its TTL
	maxNegative      = 5 * time.Minute // that a name is believed not to exist
	minNegative      = 5 * time.Second // the same where no SOA says how long (RFC 2308 section 5)
	staleTTL         = 30              // seconds; RFC 8767 section 4
	staleFor         = 24 * time.Hour  // how long the last good answer may stand in for a new one
)

// Resolver looks up names that are in none of our zones through CoreDNS's own server, as a client of
// it, and remembers the answers for their TTL. When a lookup fails or takes too long, the last good
// answer stands in (RFC 8767), and no other is tried for a while.
type Resolver struct {
	Lookup func(ctx context.Context, state request.Request, name string, qtype uint16) (*dns.Msg, error)
	ours   func(name string) bool // whether a canonical name lies in our own zones
	Cache  *cache.Cache[*remembered]
	Others *cache.Cache[*remembered] // of types that are not addresses: whoever asks chooses the type, and must not push addresses out
	Failed *cache.Cache[Failure]
	flight singleflight.Group // one lookup at a time for a name and type
	warned sync.Once          // that no plugin looks names up
}

// remembered is the answer to a lookup. It is immutable.
type remembered struct {
	Outcome
	key string
	at  time.Time
	ttl time.Duration
}

// Failure is a lookup that came to nothing.
type Failure struct {
	Key      string
	At       time.Time
	Unserved bool
}

// NewResolver returns a resolver. ours reports whether a canonical name lies in our own zones, and is not delegated.
func NewResolver(ours func(name string) bool) *Resolver {
	return &Resolver{
		Lookup: upstream.New().Lookup,
		ours:   ours,
		Cache:  cache.New[*remembered](upstreamNames),
		Others: cache.New[*remembered](upstreamOthers),
		Failed: cache.New[Failure](upstreamNames),
	}
}

// chain is the lookups that a question has led to from within one another, in a context. Aliases that
// lead through several servers of this process and back would otherwise never end.
type chain struct {
	key   string
	depth int
	outer *chain
	ended atomic.Bool // the last plugin of a server block passed the lookup on
}

type chainKey struct{}

// NoteEnd notes that the last plugin of a server block passed a question on, if the question is a lookup of ours. CoreDNS exports neither the
// error nor what plugins there are.
func NoteEnd(ctx context.Context, err error) {
	if c, ok := ctx.Value(chainKey{}).(*chain); ok && strings.HasSuffix(err.Error(), "no next plugin found") {
		c.ended.Store(true)
	}
}

func (c *chain) allows(key string) bool {
	if c != nil && c.depth >= MaxHops {
		return false
	}
	for ; c != nil; c = c.outer {
		if c.key == key {
			return false
		}
	}
	return true
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
	f, failed := r.failure(key)
	if failed && time.Since(f.At) < UpstreamPause {
		return known.standIn(f.Unserved)
	}
	inner := &chain{key: key, outer: outer}
	if outer != nil {
		inner.depth = outer.depth + 1
	}
	ctx = context.WithValue(context.WithoutCancel(ctx), chainKey{}, inner)
	done := r.flight.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(ctx, UpstreamDeadline)
		defer cancel()
		fetched := r.fetch(ctx, state, name, qtype)
		fetched.key = key
		UpstreamLookups.WithLabelValues(fetched.kind()).Inc()
		if remember && fetched.Result != zone.Unavailable {
			r.of(qtype).Add(Hash(key), fetched)
			r.Failed.Remove(Hash(key))
		}
		return fetched, nil
	})
	timeout := time.NewTimer(UpstreamDeadline)
	defer timeout.Stop()
	f = Failure{Key: key, At: time.Now()}
	select {
	case res := <-done:
		fetched := res.Val.(*remembered)
		if fetched.Result != zone.Unavailable {
			return fetched.aged()
		}
		f.Unserved = fetched.NoUpstream
	case <-timeout.C:
	}
	if remember {
		r.Failed.Add(Hash(key), f)
	}
	return known.standIn(f.Unserved)
}

// failure returns the last lookup that failed for a key, unless one has succeeded since.
func (r *Resolver) failure(key string) (Failure, bool) {
	f, ok := r.Failed.Get(Hash(key))
	return f, ok && f.Key == key
}

// Unserved reports whether the last lookup of a name's addresses came to no plugin that looks names up.
func (r *Resolver) Unserved(name string) bool { return r.WhyUnresolved(name) == NoLookup }

// WhyUnresolved returns why no address of a name is known from lookups, or "".
func (r *Resolver) WhyUnresolved(name string) string {
	text := NotLookedUp
	for _, qtype := range zone.AddressTypes {
		key, known := r.known(name, qtype)
		f, failed := r.failure(key)
		switch {
		case known != nil && time.Since(known.at) < max(known.ttl, staleFor):
			return ""
		case failed && f.Unserved:
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
		return r.Cache
	}
	return r.Others
}

// Hash returns the key under which the caches have a name and type.
func Hash(key string) uint64 { return cache.Hash([]byte(key)) }

// Recall returns what is remembered of a name, however old, and whether the name was looked up at all. An answer that expired is
// stale only where a newer lookup failed.
func (r *Resolver) Recall(name string, qtype uint16) (o Outcome, asked bool) {
	key, known := r.known(name, qtype)
	if known != nil && time.Since(known.at) < known.ttl {
		return known.aged(), true
	}
	f, failed := r.failure(key)
	o = known.stale(f.Unserved)
	o.Stale = o.Stale && failed
	return o, failed || o.Result != zone.Unavailable
}

// Recollection answers for names outside the zones from what earlier lookups of the resolver left. The zero value is ready to use.
type Recollection struct {
	Unasked atomic.Bool // one of the names was never looked up
}

func (m *Recollection) recall(r *Resolver, name string, qtype uint16) Outcome {
	o, asked := r.Recall(name, qtype)
	if !asked {
		m.Unasked.Store(true)
	}
	return o
}

func (r *Resolver) known(name string, qtype uint16) (key string, known *remembered) {
	key = name + "/" + dns.Type(qtype).String()
	known, _ = r.of(qtype).Get(Hash(key))
	if known != nil && known.key != key {
		known = nil // another name of the same hash
	}
	return key, known
}

// fetch does one lookup. The request is one of our own, so that the answer is not cut to what the client
// can take. A plugin that panics on it costs this lookup only.
func (r *Resolver) fetch(ctx context.Context, state request.Request, name string, qtype uint16) (f *remembered) {
	f = &remembered{at: time.Now(), Outcome: Outcome{Result: zone.Unavailable}}
	defer func() {
		if p := recover(); p != nil {
			log.Errorf("lookup of %s: %v", name, p)
			f = &remembered{Outcome: Outcome{Result: zone.Unavailable}}
		}
	}()
	req := new(dns.Msg).SetQuestion(dns.Fqdn(name), qtype).SetEdns0(dns.DefaultMsgSize, false)
	m, err := r.Lookup(ctx, request.Request{W: state.W, Req: req}, dns.Fqdn(name), qtype)
	if err != nil || m == nil || m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		c, _ := ctx.Value(chainKey{}).(*chain)
		f.NoUpstream = refusedByServer(m) || c != nil && c.ended.Load()
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
			return &remembered{Outcome: Outcome{Result: zone.Unavailable}}
		}
		f.ttl = min(f.ttl, f.negative(m.Ns))
	}
	if m.Truncated {
		f.ttl = 0
	}
	return f
}

// take takes what an answer says about one name on the way, and returns the next one if that is an alias. What else an
// answer may say is nobody's business who was not asked about it.
func (r *remembered) take(answer []dns.RR, owner string, qtype uint16) (target string, ok bool) {
	for _, rr := range answer {
		if !strings.EqualFold(rr.Header().Name, dns.Fqdn(owner)) {
			continue
		}
		cname, isCNAME := rr.(*dns.CNAME)
		switch {
		case rr.Header().Rrtype == qtype:
			r.Result = zone.Success
		case isCNAME && !ok:
			target, ok = strings.ToLower(strings.TrimSuffix(cname.Target, ".")), true
		default:
			continue
		}
		r.RRs = append(r.RRs, rr)
		r.ttl = min(r.ttl, seconds(rr.Header().Ttl))
	}
	return target, ok && r.Result != zone.Success
}

// refusedByServer reports whether CoreDNS refused a question because no server block is for it. A resolver that refuses one says that recursion is
// available.
func refusedByServer(m *dns.Msg) bool {
	return m != nil && m.Rcode == dns.RcodeRefused && !m.RecursionAvailable
}

// isReferral reports whether a message names other servers in place of an answer (RFC 2308 section 2.1).
func isReferral(m *dns.Msg) bool {
	isType := func(rrtype uint16) func(dns.RR) bool {
		return func(rr dns.RR) bool { return rr.Header().Rrtype == rrtype }
	}
	return m.Rcode == dns.RcodeSuccess && slices.ContainsFunc(m.Ns, isType(dns.TypeNS)) && !slices.ContainsFunc(m.Ns, isType(dns.TypeSOA))
}

// negative takes the SOA of a negative answer, and returns how long the answer may be kept.
func (r *remembered) negative(ns []dns.RR) time.Duration {
	for _, rr := range ns {
		if soa, ok := rr.(*dns.SOA); ok {
			r.NS = []dns.RR{soa}
			return min(seconds(min(soa.Hdr.Ttl, soa.Minttl)), maxNegative)
		}
	}
	return minNegative
}

// kind is what the metric calls the result of a lookup.
func (r *remembered) kind() string {
	switch r.Result {
	case zone.Success:
		return "success"
	case zone.Unavailable:
		return "failure"
	}
	return "negative"
}

func seconds(ttl uint32) time.Duration { return time.Duration(ttl) * time.Second }

// aged returns the answer with what is left of its TTLs.
func (r *remembered) aged() Outcome {
	age := uint32(time.Since(r.at) / time.Second)
	return r.with(func(ttl uint32) uint32 { return ttl - min(age, ttl) })
}

// stale returns the answer as one that stands in for a newer. unserved is why there is none.
func (r *remembered) stale(unserved bool) Outcome {
	if r == nil || time.Since(r.at) > staleFor {
		return Outcome{Result: zone.Unavailable, NoUpstream: unserved}
	}
	o := r.with(func(uint32) uint32 { return staleTTL })
	o.Stale = true
	return o
}

// standIn is stale for a question.
func (r *remembered) standIn(unserved bool) Outcome {
	o := r.stale(unserved)
	if o.Stale {
		UpstreamCache.WithLabelValues("stale").Inc()
	}
	return o
}

func (r *remembered) with(ttl func(uint32) uint32) Outcome {
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
