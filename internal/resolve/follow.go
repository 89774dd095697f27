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

// What one question may lead to.
const (
	MaxHops  = zone.MaxChain       // aliases, one behind the other
	maxNames = record.MaxHostnames // names that aliases lead to, in all
)

// Authority answers for the names in our zones, aliases not followed.
type Authority interface {
	// Asked returns the zone that a question for a canonical name is for, or nil.
	Asked(name string, qtype uint16) *zone.Zone
	// Local answers for a canonical name in a zone, with a chooser of targets; nil is none.
	Local(c zone.Chooser, z *zone.Zone, name string, qtype uint16, a *zone.Answer)
	// FallsThrough reports whether a question for a name in a zone is for the next plugin where no object answers for the name (Z9).
	FallsThrough(z *zone.Zone, fqdn string) bool
	// AddressesOf reports whether a name in one of our zones, delegated or not, has addresses of a family.
	AddressesOf(c zone.Chooser, fqdn string, qtype uint16, a *zone.Answer) bool
}

// Query is a question on its way from alias to alias.
type Query struct {
	Authority
	Chooser       zone.Chooser // of the client's targets; nil for none
	Upstream      *Resolver
	Ctx           context.Context
	State         request.Request
	Offline       *Recollection // nil where names outside the zones are looked up, and not only recalled
	addressesOnly bool          // the name is one of the hostnames of another, which needs its addresses and no records: outcome.addrs has them
	Names         *atomic.Int32 // that aliases led to so far
}

// Path is the chain of names that were followed so far. A name occurs in it once.
type Path struct {
	Name  string
	outer *Path
}

func (p *Path) allows(name string) bool {
	hops := 0
	for ; p != nil; p = p.outer {
		if hops++; p.Name == name || hops > MaxHops {
			return false
		}
	}
	return true
}

// Outcome is what a question comes to: an answer section, and how it ended at the last name.
type Outcome struct {
	zone.Result
	RRs        []dns.RR
	addrs      *zone.RRset // of query.inner: the addresses of the last name, of which rrs then has no records; nil for none
	Zone       *zone.Zone  // of the last name; nil where it is not ours
	NS         []dns.RR    // of a delegation; of a negative answer from upstream: the SOA that came with it
	Stale      bool        // some of it stands in for an answer that could not be had
	Dangling   bool        // it ends with an alias of which nothing more is known
	NoUpstream bool        // where it is unavailable: no plugin of the server looks names outside the zones up
	next       string      // the name in our zones that an alias from upstream leads to, canonical; empty for none
}

// Follow completes an answer for a name that is not a plain record set: the chain of a CNAME, or the
// addresses behind hostnames. The result is that of the last name (RFC 6604). Where an alias leads to
// nothing that can be resolved, the CNAME alone is still a good answer (C3).
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
		// A server of this process that the chain went through may have begun with the same record.
		rest := slices.DeleteFunc(o.RRs, func(rr dns.RR) bool { return dns.IsDuplicate(rr, cname) })
		o.RRs = append([]dns.RR{cname}, rest...)
		return o
	case zone.Success:
		if q.addressesOnly && zone.IsAddress(a.Qtype) {
			return Outcome{Zone: z, addrs: &zone.RRset{Qtype: a.Qtype, TTL: a.TTL, Addrs: a.Addrs}}
		}
	}
	return OutcomeOf(&a, z, owner)
}

// OutcomeOf returns what an answer that is no alias comes to.
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

// resolve answers for a name that an alias leads to, and counts the name.
func (q *Query) resolve(name string, from *Path, qtype uint16) Outcome {
	if !from.allows(name) || !q.count() {
		return Outcome{Result: zone.Unavailable}
	}
	return q.visit(name, from, qtype, true)
}

// count counts a name that an alias leads to, and reports whether the question may lead there.
func (q *Query) count() bool { return q.Names.Add(1) <= maxNames }

// visit answers for a name that an alias leads to: from our zones, or from upstream where it is in
// none of them or falls through.
func (q *Query) visit(name string, from *Path, qtype uint16, counted bool) Outcome {
	z := q.Asked(name, qtype)
	if z != nil {
		var a zone.Answer
		q.Local(q.Chooser, z, name, qtype, &a)
		if !a.Unclaimed || !q.FallsThrough(z, dns.Fqdn(name)) {
			return q.Follow(z, dns.Fqdn(name), &Path{name, from}, qtype, a)
		}
	}
	if !counted && !q.count() {
		return Outcome{Result: zone.Unavailable}
	}
	var o Outcome
	if q.Offline != nil {
		o = q.Offline.recall(q.Upstream, name, qtype)
	} else {
		o = q.Upstream.resolve(q.Ctx, q.State, name, qtype, z == nil)
	}
	if o.next == "" {
		return o
	}
	// What is in our zones only we know, whatever the rest of the world is told about it. An alias that leads back into them is one of the names
	// that a question may lead to, not two.
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

// flatten answers with the addresses behind the hostnames of a name (C2, C4). Hostnames are resolved side
// by side, so that one that is slow costs no more than the deadline of one.
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

// addressesIn returns the addresses in the records of a type, in order and each once.
func addressesIn(rrs []dns.RR, qtype uint16) []target.Addr {
	var addrs []target.Addr
	for _, rr := range rrs {
		if addr, ok := addressOf(rr); ok && rr.Header().Rrtype == qtype {
			addrs = append(addrs, addr)
		}
	}
	return target.Sort(addrs)
}

func addressOf(rr dns.RR) (target.Addr, bool) {
	switch rr := rr.(type) {
	case *dns.A:
		return target.From(rr.A)
	case *dns.AAAA:
		a, ok := target.From(rr.AAAA)
		return a, ok && a.Is6() // no host has one that is mapped (RFC 4291 section 2.5.5.2)
	}
	return target.Addr{}, false
}
