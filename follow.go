package gateway

import (
	"context"
	"net/netip"
	"sync"

	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/internal/target"
)

// maxHops bounds how many aliases are followed for one question, loops included.
const maxHops = 8

// query is a question on its way from alias to alias.
type query struct {
	*Gateway
	ctx     context.Context
	state   request.Request
	qtype   uint16
	offline bool // what is not ours is only remembered
}

// outcome is what a question comes to: an answer section, and how it ended at the last name.
type outcome struct {
	result
	rrs   []dns.RR
	zone  *zone    // of the last name; nil where it is not ours
	cut   string   // delegation: the name that is delegated
	ns    []dns.RR // of a negative answer from upstream: the SOA that came with it
	stale bool     // some of it stands in for an answer that could not be had
}

// follow completes an answer for a name that is not a plain record set: the chain of a CNAME, or the
// addresses behind hostnames. The result is that of the last name (RFC 6604). Where an alias leads to
// nothing that can be resolved, the CNAME alone is still a good answer (C3).
func (q *query) follow(z *zone, owner, name string, a answer, hops int) outcome {
	switch a.result {
	case success:
		return outcome{zone: z, rrs: a.records(owner)}
	case flatten:
		rs, o := q.flatten(a, name, hops)
		o.zone, o.rrs = z, rs.records(owner)
		return o
	case alias:
		cname := &dns.CNAME{Hdr: header(owner, dns.TypeCNAME, a.ttl), Target: dns.Fqdn(a.target)}
		o := outcome{zone: z}
		if q.qtype != dns.TypeCNAME && q.qtype != dns.TypeANY {
			if next := q.resolve(a.target, hops+1); next.result != unavailable {
				o = next
			}
		}
		o.rrs = append([]dns.RR{cname}, o.rrs...)
		return o
	}
	return outcome{result: a.result, zone: z, cut: a.target}
}

// resolve answers for a name that an alias leads to: from our zones, or from upstream where it is in
// none of them or falls through.
func (q *query) resolve(name string, hops int) outcome {
	if hops > maxHops {
		return outcome{result: unavailable}
	}
	if z := q.zones.match(name); z != nil {
		a := q.local(z, name, q.qtype)
		if a.result != nameError || !q.fallsThrough(dns.Fqdn(name)) {
			return q.follow(z, dns.Fqdn(name), name, a, hops)
		}
	}
	if q.offline {
		return q.upstream.recall(name, q.qtype)
	}
	return q.upstream.resolve(q.ctx, q.state, name, q.qtype, q.zones.match(name) == nil)
}

// flatten returns the addresses behind the hostnames of a name (C2, C4). Hostnames are resolved side by
// side, so that one that is slow costs no more than the deadline of one.
func (q *query) flatten(a answer, name string, hops int) (rs rrset, o outcome) {
	outcomes := make([]outcome, len(a.hosts))
	var wg sync.WaitGroup
	for i, host := range a.hosts {
		if host != name {
			wg.Go(func() { outcomes[i] = q.resolve(host, hops+1) })
		}
	}
	wg.Wait()
	rs = rrset{qtype: q.qtype, ttl: a.ttl}
	o.result = noData
	for _, behind := range outcomes {
		if behind.result == unavailable {
			o.result = unavailable
		}
		o.stale = o.stale || behind.stale
		for _, rr := range behind.rrs {
			if addr, ok := addressOf(rr); ok {
				rs.addrs = append(rs.addrs, addr)
			}
			rs.ttl = min(rs.ttl, rr.Header().Ttl)
		}
	}
	if len(rs.addrs) > 0 {
		rs.addrs, o.result = target.Sort(rs.addrs), success
	}
	return rs, o
}

func addressOf(rr dns.RR) (netip.Addr, bool) {
	switch rr := rr.(type) {
	case *dns.A:
		a, ok := netip.AddrFromSlice(rr.A)
		return a.Unmap(), ok
	case *dns.AAAA:
		return netip.AddrFromSlice(rr.AAAA)
	}
	return netip.Addr{}, false
}
