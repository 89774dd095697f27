package model

import (
	"net/netip"
	"slices"

	"github.com/miekg/dns"
)

// result says how a question ended.
type result int

const (
	success result = iota
	alias          // hosts has one name, which the question is passed on to
	flatten        // hosts has names whose addresses are taken
	noData
	nxdomain
	referral
	unavailable // SERVFAIL
)

// found is what the objects say about a name, before any alias is followed.
type found struct {
	result
	zone  string // whose SOA a negative answer has
	ttl   uint32
	rrs   []dns.RR // of one type; owner and TTL are still to be set
	hosts []string
	cut   string   // of a referral
	other []string // names that decide what the records are
}

// local answers for a name in one of our zones.
func (w *World) local(name string, qtype uint16) found {
	zone := w.zone(name)
	if up := w.zone(parent(name)); qtype == dns.TypeDS && name == zone && up != "" {
		return found{result: noData, zone: up} // it is for the zone above to say, which has none (RFC 4035 section 3.1.4.1)
	}
	if f, ok := w.apex(zone, name, qtype); ok { // Z3
		return f
	}
	if f, ok := w.nameserver(zone, name, qtype); ok { // Z4
		return f
	}
	f := w.delegated(zone, name, qtype) // Z5
	if f.result == success {
		f = w.existing(zone, name, qtype)
	}
	switch {
	case name == zone && f.result == nxdomain, // Z3
		w.isNameserver(name) && f.result == nxdomain, // A2
		w.isNameserver(name) && f.result == alias:    // RFC 2181 section 10.3
		f = found{result: noData}
	}
	f.zone = zone
	return f
}

// delegated answers with a referral at and below a name that an NS record delegates, the topmost if there are several
// (Z5). Success means that there is none.
func (w *World) delegated(zone, name string, qtype uint16) found {
	cut := ""
	if w.excluded(name) { // L5
		return found{}
	}
	for _, c := range w.cuts {
		if below(c.Name, zone) && atOrBelow(name, c.Name) && (cut == "" || len(c.Name) < len(cut)) {
			cut = c.Name
		}
	}
	switch {
	case cut == "":
		return found{}
	case qtype == dns.TypeDS && name == cut:
		return found{result: noData}
	}
	f := records(w.at(cut), dns.TypeNS)
	f.result, f.cut = referral, cut
	return f
}

// existing answers for a name that is not delegated: steps Z6 to Z9.
func (w *World) existing(zone, name string, qtype uint16) found {
	exact := w.at(name)
	switch {
	case anyUsable(exact, name), w.isNameserver(name): // Z6
		return w.answer(zone, name, exact, qtype)
	case len(exact) > 0: // Z12
		return negative(w.existsBelow(name))
	case name != zone && w.existsBelow(name): // Z7
		return found{result: noData}
	}
	covering, ok := w.covering(name) // Z8
	if !ok || !anyUsable(covering, name) {
		return negative(false)
	}
	return w.answer(zone, name, covering, qtype)
}

// unclaimed reports whether no object answers for a name, whatever the type: what falls through is every question for such
// a name (Z9). SOA and NS of the apex (Z3), the nameservers' names (A1), what is delegated (Z5) and a DS at the apex of a
// zone of ours are ours.
func (w *World) unclaimed(zone, name string, qtype uint16) bool {
	switch {
	case name == zone && (qtype == dns.TypeSOA || qtype == dns.TypeNS),
		name == zone && qtype == dns.TypeDS && w.zone(parent(name)) != "",
		w.isNameserver(name),
		w.delegated(zone, name, dns.TypeA).result == referral:
		return false
	}
	exact := w.at(name)
	switch {
	case len(exact) > 0: // Z12 where it is pending
		return !anyUsable(exact, name)
	case name != zone && w.existsBelow(name): // Z7
		return true
	}
	covering, ok := w.covering(name)
	return !ok || !anyUsable(covering, name)
}

func negative(exists bool) found {
	if exists {
		return found{result: noData}
	}
	return found{result: nxdomain}
}

// at returns the claims on a name.
func (w *World) at(name string) []*Claim { return w.claimed[name] }

func anyUsable(claims []*Claim, name string) bool {
	return slices.ContainsFunc(claims, func(c *Claim) bool { return c.usable(name) })
}

// exists reports whether there is anything at a name, or below it.
func (w *World) exists(name string) bool {
	return w.fixed(name) || anyUsable(w.at(name), name) || w.existsBelow(name)
}

// existsBelow reports whether there is anything below a name.
func (w *World) existsBelow(name string) bool { return w.above[name] || w.fixedBelow(name) }

// answer answers from the claims on a name, or on the wildcard that covers it (Z14).
func (w *World) answer(zone, name string, claims []*Claim, qtype uint16) found {
	if qtype != dns.TypeA && qtype != dns.TypeAAAA {
		if f := records(claims, qtype); len(f.rrs) > 0 {
			return w.pointed(f, claims, qtype)
		}
	}
	beside := slices.ContainsFunc(claims, func(c *Claim) bool { return len(c.Records) > 0 })
	aliases := claims
	if w.steers() {
		aliases = nil
	}
	for _, kind := range w.Resources {
		of := slices.DeleteFunc(slices.Clone(claims), func(c *Claim) bool { return c.Kind != kind })
		if w.steers() {
			if of = w.steered(of, name); len(of) == 0 && refused(claims, kind, name) {
				return found{result: noData} // T1
			}
			aliases = append(aliases, of...)
		}
		if slices.ContainsFunc(of, func(c *Claim) bool { return len(c.Addresses) > 0 }) {
			return addresses(of, qtype)
		}
		if f := hosts(of, name); len(f.hosts) > 0 {
			return f.as(name == zone || beside || len(f.hosts) > 1, qtype)
		}
	}
	if f := w.cname(aliases, name); len(f.hosts) > 0 && !beside { // D3
		return f.as(name == zone, qtype)
	}
	return found{result: noData}
}

// as makes an alias a CNAME or, where the name can have none, the addresses behind it (C2).
func (f found) as(flattened bool, qtype uint16) found {
	switch {
	case !flattened:
		f.result = alias
	case qtype == dns.TypeA || qtype == dns.TypeAAAA:
		f.result = flatten
	default:
		f.result = noData
	}
	return f
}

// records unites the records of a type (Z14), with the least TTL (Z15).
func records(claims []*Claim, qtype uint16) found {
	f := found{result: noData}
	for _, c := range claims {
		if !c.has(qtype) {
			continue
		}
		f.least(c.TTL)
		f.rrs = append(f.rrs, c.Records...)
	}
	return f
}

// pointed has SRV records of Services point at a name that is no alias (S4): the Service's, or where that leads to.
func (w *World) pointed(f found, claims []*Claim, qtype uint16) found {
	i := slices.IndexFunc(claims, func(c *Claim) bool { return c.Service != "" })
	if qtype != dns.TypeSRV || i < 0 {
		return f
	}
	name := claims[i].Service
	if w.steers() { // T8: where its addresses are is the same for every client
		all := *w
		all.Steer, w = nil, &all
	}
	path := []string{name}
	for w.zone(path[len(path)-1]) != "" && len(path) <= maxAliases {
		to := w.local(path[len(path)-1], dns.TypeA)
		if to.result != alias {
			break
		}
		path = append(path, to.hosts[0])
	}
	f.other = path
	end := path[len(path)-1]
	if len(path) > maxAliases { // without an end
		end = path[1]
	}
	for i, rr := range f.rrs {
		if srv := rr.(*dns.SRV); srv.Target == dns.Fqdn(name) {
			srv = dns.Copy(srv).(*dns.SRV)
			srv.Target = dns.Fqdn(end)
			f.rrs[i] = srv
		}
	}
	return f
}

// addresses unites the addresses of the family that a type stands for.
func addresses(claims []*Claim, qtype uint16) found {
	f := found{result: noData}
	for _, c := range claims {
		for _, a := range c.Addresses {
			if a.Is4() && qtype == dns.TypeA || a.Is6() && qtype == dns.TypeAAAA {
				f.least(c.TTL)
				f.rrs = append(f.rrs, addressRecord(a))
			}
		}
	}
	return f
}

func addressRecord(a netip.Addr) dns.RR {
	if a.Is4() {
		return &dns.A{Hdr: dns.RR_Header{Rrtype: dns.TypeA, Class: dns.ClassINET}, A: a.AsSlice()}
	}
	return &dns.AAAA{Hdr: dns.RR_Header{Rrtype: dns.TypeAAAA, Class: dns.ClassINET}, AAAA: a.AsSlice()}
}

// least notes the TTL of one more contributor (Z15), after which there is an answer.
func (f *found) least(ttl uint32) {
	if f.result == noData || ttl < f.ttl {
		f.result, f.ttl = success, ttl
	}
}
