package gateway

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// What one question may lead to.
const (
	maxHops  = maxChain            // aliases, one behind the other
	maxNames = record.MaxHostnames // names that aliases lead to, in all
)

// query is a question on its way from alias to alias.
type query struct {
	*Gateway
	ctx     context.Context
	state   request.Request
	offline *recollection // nil where names outside the zones are looked up, and not only recalled
	inner   bool          // the name is one of the hostnames of another, which needs its addresses and no records: outcome.addrs has them
	names   *atomic.Int32 // that aliases led to so far
}

// path is the names that led to one, which is none of them again.
type path struct {
	name  string
	outer *path
}

func (p *path) allows(name string) bool {
	hops := 0
	for ; p != nil; p = p.outer {
		if hops++; p.name == name || hops > maxHops {
			return false
		}
	}
	return true
}

// outcome is what a question comes to: an answer section, and how it ended at the last name.
type outcome struct {
	result
	rrs      []dns.RR
	addrs    *rrset   // of query.inner: the addresses of the last name, of which rrs then has no records; nil for none
	zone     *zone    // of the last name; nil where it is not ours
	ns       []dns.RR // of a delegation; of a negative answer from upstream: the SOA that came with it
	stale    bool     // some of it stands in for an answer that could not be had
	loose    bool     // it ends with an alias of which nothing more is known
	unserved bool     // where it is unavailable: no plugin of the server looks names outside the zones up
	next     string   // the name in our zones that an alias from upstream leads to, canonical; empty for none
}

// follow completes an answer for a name that is not a plain record set: the chain of a CNAME, or the
// addresses behind hostnames. The result is that of the last name (RFC 6604). Where an alias leads to
// nothing that can be resolved, the CNAME alone is still a good answer (C3).
func (q *query) follow(z *zone, owner string, p *path, qtype uint16, a answer) outcome {
	switch a.result {
	case flatten:
		return q.flatten(z, owner, p, a)
	case alias:
		cname := &dns.CNAME{Hdr: record.Header(owner, dns.TypeCNAME, a.ttl), Target: dns.Fqdn(a.target)}
		o := outcome{zone: z}
		if qtype != dns.TypeCNAME && qtype != dns.TypeANY {
			if next := q.resolve(a.target, p, qtype); next.result != unavailable {
				o = next
			} else {
				o.loose, o.unserved = true, next.unserved
			}
		}
		// A server of this process that the chain went through may have begun with the same record.
		rest := slices.DeleteFunc(o.rrs, func(rr dns.RR) bool { return dns.IsDuplicate(rr, cname) })
		o.rrs = append([]dns.RR{cname}, rest...)
		return o
	case success:
		if q.inner && isAddress(a.qtype) {
			return outcome{zone: z, addrs: &rrset{qtype: a.qtype, ttl: a.ttl, addrs: a.addrs}}
		}
	}
	return a.outcome(z, owner)
}

// outcome is what an answer that is no alias comes to.
func (a *answer) outcome(z *zone, owner string) outcome {
	o := outcome{result: a.result, zone: z}
	switch a.result {
	case success:
		o.rrs = a.records(owner)
	case delegation:
		o.ns = a.records(dns.Fqdn(a.target))
	}
	return o
}

// resolve answers for a name that an alias leads to, and counts the name.
func (q *query) resolve(name string, from *path, qtype uint16) outcome {
	if !from.allows(name) || !q.count() {
		return outcome{result: unavailable}
	}
	return q.visit(name, from, qtype, true)
}

// count counts a name that an alias leads to, and reports whether the question may lead there.
func (q *query) count() bool { return q.names.Add(1) <= maxNames }

// visit answers for a name that an alias leads to: from our zones, or from upstream where it is in
// none of them or falls through.
func (q *query) visit(name string, from *path, qtype uint16, counted bool) outcome {
	z := q.zones.asked(name, qtype)
	if z != nil {
		var a answer
		q.local(z, name, qtype, &a)
		if !a.unclaimed || !q.fallsThrough(z, dns.Fqdn(name)) {
			return q.follow(z, dns.Fqdn(name), &path{name, from}, qtype, a)
		}
	}
	if !counted && !q.count() {
		return outcome{result: unavailable}
	}
	var o outcome
	if q.offline != nil {
		o = q.offline.recall(q.upstream, name, qtype)
	} else {
		o = q.upstream.resolve(q.ctx, q.state, name, qtype, z == nil)
	}
	if o.next == "" {
		return o
	}
	// What is in our zones only we know, whatever the rest of the world is told about it. An alias that leads back into them is one of the names
	// that a question may lead to, not two.
	rest, back := outcome{result: unavailable}, &path{name, from}
	if back.allows(o.next) {
		rest = q.visit(o.next, back, qtype, false)
	}
	if rest.result == unavailable {
		return outcome{rrs: o.rrs, stale: o.stale, loose: true, unserved: rest.unserved}
	}
	rest.rrs, rest.stale = append(o.rrs, rest.rrs...), rest.stale || o.stale
	return rest
}

// flatten answers with the addresses behind the hostnames of a name (C2, C4). Hostnames are resolved side
// by side, so that one that is slow costs no more than the deadline of one.
func (q *query) flatten(z *zone, owner string, p *path, a answer) outcome {
	hosts := a.hosts[:min(len(a.hosts), maxNames)]
	outcomes := make([]outcome, len(hosts))
	inner := *q
	inner.inner = true
	var wg sync.WaitGroup
	for i, host := range hosts {
		wg.Go(func() { outcomes[i] = inner.resolve(host, p, a.qtype) })
	}
	wg.Wait()
	o := outcome{result: noData, zone: z}
	if len(hosts) < len(a.hosts) {
		o.result = unavailable
	}
	rs, ttl := rrset{qtype: a.qtype}, a.ttl
	for i, behind := range outcomes {
		if behind.unserved && q.offline == nil {
			q.upstream.warn(owner, hosts[i])
		}
		if behind.result == unavailable || behind.result == delegation || behind.loose {
			o.result = unavailable
			o.unserved = o.unserved || behind.unserved
		}
		o.stale = o.stale || behind.stale
		for _, rr := range behind.rrs {
			ttl = min(ttl, rr.Header().Ttl)
		}
		if behind.addrs != nil {
			rs.add(nil, behind.addrs.ttl, behind.addrs.addrs, nil)
		}
		rs.add(nil, ttl, addressesIn(behind.rrs, a.qtype), nil)
	}
	if rs.settle(); rs.empty() {
		return o
	}
	o.result = success
	rs.addrs, rs.ttl = rs.addrs[:record.FittingAddrs(rs.addrs)], min(rs.ttl, ttl)
	if q.inner {
		o.addrs = &rs
	} else {
		o.rrs = rs.records(owner)
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
