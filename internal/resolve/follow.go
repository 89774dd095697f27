package resolve

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Limits on the aliases that are followed for one question.
const (
	MaxHops  = zone.MaxChain       // aliases in a chain
	maxNames = record.MaxHostnames // targets of aliases in total
)

// Authority answers for the names in the zones, without following aliases.
type Authority interface {
	// ZoneFor returns the zone that must answer a question for a canonical name, or nil.
	ZoneFor(name string, qtype uint16) *zone.Zone
	// Local fills in the answer for a canonical name in a zone. The chooser may be nil.
	Local(c zone.Chooser, z *zone.Zone, name string, qtype uint16, a *zone.Answer)
	// FallsThrough reports whether a question for a name in a zone goes to the next plugin if no object answers for the name
	// (Z9).
	FallsThrough(z *zone.Zone, fqdn string) bool
	// LookupAddresses fills in the addresses of one family that a name in the zones has, even below a zone cut, and reports whether
	// there are any.
	LookupAddresses(c zone.Chooser, fqdn string, qtype uint16, a *zone.Answer) bool
}

// Query is a question whose aliases are followed.
type Query struct {
	Authority
	Chooser       zone.Chooser // of the client's targets; nil for all targets
	Upstream      *Resolver
	Ctx           context.Context
	State         request.Request
	Offline       *CacheOnly // answers for names outside the zones from the cache only; nil if these names are looked up
	addressesOnly bool       // the name is a hostname of a flattened name: addresses are returned in Outcome.addrs, not as records
	Progress      *Progress
}

// Progress has the counts of one question. All copies of its Query share it.
type Progress struct {
	names    atomic.Int32 // how many targets of aliases were followed
	choosing sync.Mutex   // held while the chooser looks at the targets of a name; never waited for under the lock of a zone
	scope    atomic.Int32 // the longest SCOPE PREFIX-LENGTH of the answers of other stanzas
}

// Scope returns the longest SCOPE PREFIX-LENGTH of the answers of other stanzas (T7).
func (p *Progress) Scope() uint8 { return uint8(p.scope.Load()) }

// raiseScope sets the SCOPE PREFIX-LENGTH to scope if that is longer.
func (p *Progress) raiseScope(scope uint8) {
	for {
		before := p.scope.Load()
		if int32(scope) <= before || p.scope.CompareAndSwap(before, int32(scope)) {
			return
		}
	}
}

// Path is the chain of names that were followed so far. No name occurs twice in it.
type Path struct {
	Name  string
	outer *Path // the names before; nil for none
}

// allows reports whether a name may be followed next.
func (p *Path) allows(name string) bool {
	hops := 0
	for ; p != nil; p = p.outer {
		if hops++; p.Name == name || hops > MaxHops {
			return false
		}
	}
	return true
}

// Outcome is the final result of a question: the answer section, and the result for the last name.
type Outcome struct {
	zone.Result
	RRs        []dns.RR
	addrs      *zone.RRset // with Query.addressesOnly: the addresses of the last name, which have no records in RRs; nil for none
	Zone       *zone.Zone  // the zone of the last name; nil if it lies outside the zones
	NS         []dns.RR    // for a delegation, its NS records; for a negative answer from upstream, its SOA
	Stale      bool        // some records are from an expired answer, because the lookup of a new one failed
	Dangling   bool        // RRs end with an alias whose target could not be resolved
	NoUpstream bool        // the reason for Unavailable is that no plugin of the server looks up names outside the zones
	next       string      // the canonical name in the zones that an alias from upstream leads to; empty for none
}

// Follow returns the outcome of an answer. It follows a CNAME, and collects the addresses of hostnames. The result is that of the last
// name (RFC 6604). If the target of a CNAME cannot be resolved, the outcome is the CNAME alone (C3).
func (q *Query) Follow(z *zone.Zone, owner string, p *Path, qtype uint16, a zone.Answer) Outcome {
	switch a.Result {
	case zone.Flatten:
		return q.flatten(z, owner, p, a)
	case zone.Alias:
		cname := &dns.CNAME{Hdr: record.Header(owner, dns.TypeCNAME, a.TTL), Target: dns.Fqdn(a.Target)}
		o := Outcome{Zone: z}
		if qtype != dns.TypeCNAME && qtype != dns.TypeANY {
			if next := q.resolve(a.Target, p, qtype); next.Result != zone.Unavailable {
				o = next
			} else {
				o.Dangling, o.NoUpstream = true, next.NoUpstream
			}
		}
		// If the chain leads through another server block and back, the outcome of the target may contain the same record.
		rest := slices.DeleteFunc(o.RRs, func(rr dns.RR) bool { return dns.IsDuplicate(rr, cname) })
		o.RRs = slices.Concat([]dns.RR{cname}, rest)
		return o
	case zone.Success:
		if q.addressesOnly && zone.IsAddress(a.Qtype) {
			return Outcome{Zone: z, addrs: &zone.RRset{Qtype: a.Qtype, TTL: a.TTL, Addrs: a.Addrs}}
		}
	}
	return OutcomeOf(&a, z, owner)
}

// OutcomeOf returns the outcome of an answer that is not an alias.
func OutcomeOf(a *zone.Answer, z *zone.Zone, owner string) Outcome {
	o := Outcome{Result: a.Result, Zone: z}
	switch a.Result {
	case zone.Success:
		o.RRs = a.Records(owner)
	case zone.Delegation:
		o.NS = a.Records(dns.Fqdn(a.Target))
	}
	return o
}

// resolve answers for the target of an alias, and counts it. The result is Unavailable if a limit is reached.
func (q *Query) resolve(name string, from *Path, qtype uint16) Outcome {
	if !from.allows(name) || !q.count() {
		return Outcome{Result: zone.Unavailable}
	}
	return q.visit(name, from, qtype, true)
}

// count counts the target of an alias, and reports whether the limit allows it.
func (q *Query) count() bool { return q.Progress.names.Add(1) <= maxNames }

// visit answers for the target of an alias: from the zones, or from upstream if the name is outside the zones or falls through. It
// counts a name that is answered from upstream, unless counted tells that it was counted before.
func (q *Query) visit(name string, from *Path, qtype uint16, counted bool) Outcome {
	z := q.ZoneFor(name, qtype)
	if z != nil {
		var a zone.Answer
		q.local(z, name, qtype, &a)
		if !a.Unclaimed || !q.FallsThrough(z, dns.Fqdn(name)) {
			return q.Follow(z, dns.Fqdn(name), &Path{name, from}, qtype, a)
		}
	}
	if !counted && !q.count() {
		return Outcome{Result: zone.Unavailable}
	}
	var o Outcome
	if q.Offline != nil {
		o = q.Offline.answer(q.Upstream, name, qtype)
	} else {
		o = q.Upstream.resolve(q.Ctx, q.State, q.Progress, name, qtype, z == nil)
	}
	if o.next == "" {
		return o
	}
	// An upstream alias leads back into the zones. This server answers for the name itself, because the upstream server may have other
	// records for it. The name is counted only if it falls through and is looked up upstream, too.
	rest, back := Outcome{Result: zone.Unavailable}, &Path{name, from}
	if back.allows(o.next) {
		rest = q.visit(o.next, back, qtype, false)
	}
	if rest.Result == zone.Unavailable {
		return Outcome{RRs: o.RRs, Stale: o.Stale, Dangling: true, NoUpstream: rest.NoUpstream}
	}
	rest.RRs, rest.Stale = append(o.RRs, rest.RRs...), rest.Stale || o.Stale
	return rest
}

// local is Authority.Local. The hostnames of a flattened name are looked up in parallel, and a chooser serves one lookup at a time. The
// lookups wait for their turn here. If they waited while they hold the lock of the zone, other questions would wait, too (N7).
func (q *Query) local(z *zone.Zone, name string, qtype uint16, a *zone.Answer) {
	if q.Chooser != nil {
		q.Progress.choosing.Lock()
		defer q.Progress.choosing.Unlock()
	}
	q.Local(q.Chooser, z, name, qtype, a)
}

// flatten answers with the addresses of a name's hostnames (C2, C4). It resolves them in parallel, so it takes no longer than the
// deadline of one lookup.
func (q *Query) flatten(z *zone.Zone, owner string, p *Path, a zone.Answer) Outcome {
	hosts := a.Hosts[:min(len(a.Hosts), maxNames)]
	outcomes := make([]Outcome, len(hosts))
	inner := *q
	inner.addressesOnly = true
	var wg sync.WaitGroup
	for i, host := range hosts {
		wg.Go(func() { outcomes[i] = inner.resolve(host, p, a.Qtype) })
	}
	wg.Wait()
	o := Outcome{Result: zone.NoData, Zone: z}
	if len(hosts) < len(a.Hosts) {
		o.Result = zone.Unavailable
	}
	rs, ttl := zone.RRset{Qtype: a.Qtype}, a.TTL
	for i, resolved := range outcomes {
		if resolved.NoUpstream && q.Offline == nil {
			q.Upstream.warn(owner, hosts[i])
		}
		if resolved.Result == zone.Unavailable || resolved.Result == zone.Delegation || resolved.Dangling {
			o.Result = zone.Unavailable
			o.NoUpstream = o.NoUpstream || resolved.NoUpstream
		}
		o.Stale = o.Stale || resolved.Stale
		for _, rr := range resolved.RRs {
			ttl = min(ttl, rr.Header().Ttl)
		}
		if resolved.addrs != nil {
			rs.Add(nil, resolved.addrs.TTL, resolved.addrs.Addrs, nil)
		}
		rs.Add(nil, ttl, addressesIn(resolved.RRs, a.Qtype), nil)
	}
	if rs.Settle(); rs.Empty() {
		return o
	}
	o.Result = zone.Success
	rs.Addrs, rs.TTL = rs.Addrs[:record.FittingAddrs(rs.Addrs)], min(rs.TTL, ttl)
	if q.addressesOnly {
		o.addrs = &rs
	} else {
		o.RRs = rs.Records(owner)
	}
	return o
}

// addressesIn returns the addresses in the records of a type, sorted and without duplicates.
func addressesIn(rrs []dns.RR, qtype uint16) []target.Addr {
	var addrs []target.Addr
	for _, rr := range rrs {
		if addr, ok := addressOf(rr); ok && rr.Header().Rrtype == qtype {
			addrs = append(addrs, addr)
		}
	}
	return target.Sort(addrs)
}

// addressOf returns the address in an A or AAAA record.
func addressOf(rr dns.RR) (target.Addr, bool) {
	switch rr := rr.(type) {
	case *dns.A:
		return target.From(rr.A)
	case *dns.AAAA:
		a, ok := target.From(rr.AAAA)
		return a, ok && a.Is6() // an AAAA record must not have an IPv4-mapped address (RFC 4291 section 2.5.5.2)
	}
	return target.Addr{}, false
}
