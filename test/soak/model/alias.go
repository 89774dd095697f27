package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// hosts unites what the claims of one kind make a name an alias of.
func hosts(claims []*Claim, name string) found {
	f := found{result: noData}
	for _, c := range claims {
		if list := c.hosts(name); len(list) > 0 {
			f.least(c.TTL)
			f.hosts = sorted(append(f.hosts, list...))
		}
	}
	return f
}

// cname returns the CNAME that DNSEndpoints have for a name (D3). With filters, an object is several targets.
func (w *World) cname(claims []*Claim, name string) found {
	type target struct {
		Ref
		id string
	}
	of := func(c *Claim) target {
		if w.steers() {
			return target{c.From[0], c.stated.id}
		}
		return target{Ref: c.From[0]}
	}
	first := map[target]string{}
	for _, c := range claims {
		if c.CNAME != "" && c.CNAME != name && first[of(c)] == "" {
			first[of(c)] = c.CNAME
		}
	}
	f := found{result: noData}
	if len(first) == 0 {
		return f
	}
	f.hosts = []string{slices.Min(slices.Collect(maps.Values(first)))}
	for _, c := range claims {
		if c.CNAME == f.hosts[0] && first[of(c)] == c.CNAME {
			f.least(c.TTL)
		}
	}
	return f
}

// Reply is what goes on the wire, each record as text. In the answer, owners that are the name in the question are "@". The
// serial of a SOA is left out.
type Reply struct {
	Rcode                         int
	AA                            bool
	Answer, Authority, Additional []string
	Visited                       []string // the names that it took to find out
}

// end is what a question comes to.
type end struct {
	result
	rrs     []dns.RR // with owners and TTLs
	soa     []dns.RR // of a negative answer
	ns      []dns.RR // of a referral
	visited []string
}

// maxAliases is how many aliases a question may lead through (C3).
const maxAliases = 8

// Ask answers a question of a client.
func (w *World) Ask(name string, qtype uint16, client Client) Reply {
	if len(w.Steer) > 0 {
		steered := *w
		steered.client, w = client, &steered
	}
	if w.zone(name) == "" { // Z1
		return w.reply(name, w.outside(name, qtype))
	}
	return w.reply(name, w.resolve(nil, name, qtype))
}

// resolve answers for a name that a path of aliases leads to.
func (w *World) resolve(path []string, name string, qtype uint16) end {
	if slices.Contains(path, name) || len(path) > maxAliases {
		return end{result: unavailable}
	}
	zone := w.zone(name)
	if zone == "" {
		return w.outside(name, qtype)
	}
	if w.Fallthrough && w.unclaimed(zone, name, qtype) { // Z9
		return w.outside(name, qtype)
	}
	f := w.local(name, qtype)
	e := end{result: f.result, visited: append([]string{name}, f.other...)}
	path = append(slices.Clone(path), name)
	switch f.result {
	case success:
		e.rrs = owned(f.rrs, name, f.ttl)
	case alias: // C2
		return w.follow(path, name, f, qtype)
	case flatten: // C2, C4
		return w.flatten(path, name, f, qtype)
	case referral:
		e.ns = owned(f.rrs, f.cut, f.ttl)
	case nxdomain, noData:
		e.soa = owned([]dns.RR{w.soa(f.zone)}, f.zone, min(w.TTL, w.NegativeTTL)) // Z11
	}
	return e
}

// follow answers with a CNAME, and what is behind it (C3). Where that cannot be had, the CNAME alone is a good answer.
func (w *World) follow(path []string, name string, f found, qtype uint16) end {
	record := &dns.CNAME{Hdr: dns.RR_Header{Rrtype: dns.TypeCNAME, Class: dns.ClassINET}, Target: dns.Fqdn(f.hosts[0])}
	e := end{}
	if qtype != dns.TypeCNAME {
		if next := w.resolve(path, f.hosts[0], qtype); next.result != unavailable {
			e = next
		}
	}
	e.rrs = append(owned([]dns.RR{record}, name, f.ttl), e.rrs...)
	e.visited = append(e.visited, name)
	return e
}

// flatten answers with the addresses behind some names. It is never NXDOMAIN (C4).
func (w *World) flatten(path []string, name string, f found, qtype uint16) end {
	e := end{result: noData, visited: []string{name}}
	ttl := f.ttl
	var rrs []dns.RR
	for _, host := range f.hosts {
		behind := w.resolve(path, host, qtype)
		e.visited = append(e.visited, behind.visited...)
		if behind.result == unavailable || behind.result == referral {
			e.result = unavailable
		}
		for _, rr := range behind.rrs {
			if rr.Header().Rrtype == qtype {
				rrs = append(rrs, rr)
			}
			ttl = min(ttl, rr.Header().Ttl) // Z15
		}
	}
	switch {
	case len(rrs) > 0:
		e.result, e.rrs = success, owned(rrs, name, ttl)
	case e.result == noData:
		zone := w.zone(name)
		e.soa = owned([]dns.RR{w.soa(zone)}, zone, min(w.TTL, w.NegativeTTL))
	}
	return e
}

func (w *World) outside(name string, qtype uint16) end {
	o := w.Outside(name, qtype)
	e := end{rrs: o.Answer, visited: []string{name}}
	switch {
	case o.Rcode == dns.RcodeNameError:
		e.result, e.soa = nxdomain, o.Authority
	case !slices.ContainsFunc(o.Answer, func(rr dns.RR) bool { return rr.Header().Rrtype == qtype }):
		e.result, e.soa = noData, o.Authority
	}
	return e
}

// owned returns copies of records with an owner and a TTL.
func owned(rrs []dns.RR, owner string, ttl uint32) []dns.RR {
	var list []dns.RR
	for _, rr := range rrs {
		rr := dns.Copy(rr)
		rr.Header().Name, rr.Header().Ttl = dns.Fqdn(owner), ttl
		list = append(list, rr)
	}
	return list
}

// reply is what goes on the wire.
func (w *World) reply(name string, e end) Reply {
	r := Reply{AA: true, Answer: Text(name, e.rrs), Visited: sorted(e.visited)}
	switch e.result {
	case nxdomain:
		r.Rcode = dns.RcodeNameError
		fallthrough
	case noData:
		r.Authority = Text("", e.soa)
	case referral: // Z5
		r.AA = len(e.rrs) > 0
		r.Authority = Text("", e.ns)
		r.Additional = w.additional(e.ns)
	case unavailable:
		return Reply{Rcode: dns.RcodeServerFailure, Visited: r.Visited}
	default:
		r.Additional = w.additional(e.rrs)
	}
	return r
}

// additional returns the addresses, in our zones, of what records point at (A2, D7), delegated or not.
func (w *World) additional(rrs []dns.RR) []string {
	var list []dns.RR
	for _, rr := range rrs {
		target := ""
		switch rr := rr.(type) {
		case *dns.MX:
			target = rr.Mx
		case *dns.SRV:
			target = rr.Target
		case *dns.NS:
			target = rr.Ns
		}
		target = strings.TrimSuffix(target, ".")
		zone := w.zone(target)
		if target == "" || zone == "" {
			continue
		}
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			f, ok := w.nameserver(zone, target, qtype)
			if !ok {
				f = w.existing(zone, target, qtype)
			}
			if f.result == success {
				list = append(list, owned(f.rrs, target, f.ttl)...)
			}
		}
	}
	return Text("", list)
}

// Text returns records as lines in order, each once, as a client of the server sees them. owner is a name that is left out,
// as it was written.
func Text(owner string, rrs []dns.RR) []string {
	var lines []string
	for _, rr := range rrs {
		wire := make([]byte, dns.Len(rr))
		n, err := dns.PackRR(rr, wire, 0, nil, false)
		if err == nil {
			rr, _, err = dns.UnpackRR(wire[:n], 0)
		}
		if err != nil {
			lines = append(lines, fmt.Sprintf("%s: %v", rr, err))
			continue
		}
		if soa, ok := rr.(*dns.SOA); ok {
			soa.Serial = 0
		}
		h := rr.Header()
		data := strings.TrimPrefix(rr.String(), h.String())
		if owner != "" && h.Name == dns.Fqdn(owner) {
			h.Name = "@"
		}
		lines = append(lines, fmt.Sprintf("%s %d %s %s", h.Name, h.Ttl, dns.TypeToString[h.Rrtype], data))
	}
	return sorted(lines)
}
