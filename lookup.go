package gateway

import (
	"net/netip"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
	"github.com/k8s-gateway/k8s_gateway/internal/target"
)

// result says how a lookup ended, and so what goes on the wire.
type result uint8

const (
	success     result = iota
	noData             // the name exists, but not with this type
	nameError          // the name does not exist
	unavailable        // not known before every kind has been listed (Z2)
)

// rrset is what a lookup gathered for one type. The slices are shared with records: they are capped,
// and never written to.
type rrset struct {
	qtype uint16 // what was gathered, which for ANY is one type the name has
	ttl   uint32
	addrs []netip.Addr
	txt   [][]string
}

func (rs *rrset) empty() bool { return len(rs.addrs) == 0 && len(rs.txt) == 0 }

// lookup answers for a canonical name from what the kinds hold. The steps are those of RFC 1034
// section 4.3.2 as the table of names takes them; a name that exists does so for every type (RFC 2308).
func (g *Gateway) lookup(name string, qtype uint16) (rrset, result) {
	m := g.names.Find(name)
	complete := g.complete()
	if !complete && m.Result != names.Exact {
		return rrset{}, unavailable
	}
	switch m.Result {
	case names.Exact, names.Wildcard:
		rs, certain := g.gather(&m, qtype)
		switch {
		case !complete && (!certain || rs.empty()):
			return rrset{}, unavailable
		case rs.empty():
			return rs, noData
		}
		return rs, success
	case names.NonTerminal:
		return rrset{}, noData
	}
	return rrset{}, nameError
}

// gather collects the records of one type from the kinds that hold the match. It reports whether a kind
// that has not been listed completely could still change them.
func (g *Gateway) gather(m *names.Match, qtype uint16) (rs rrset, certain bool) {
	switch qtype {
	case dns.TypeA, dns.TypeAAAA:
		return g.addresses(m, qtype)
	case dns.TypeANY: // one RRset the name has (RFC 8482)
		for _, t := range [...]uint16{dns.TypeA, dns.TypeAAAA, dns.TypeTXT} {
			if rs, certain = g.gather(m, t); !rs.empty() {
				break
			}
		}
		return rs, certain
	}
	return g.others(m, qtype)
}

// addresses asks the kinds in the order of priority: the first that has an address for the name, of
// whichever family, answers alone (Z14).
func (g *Gateway) addresses(m *names.Match, qtype uint16) (rs rrset, certain bool) {
	rs.qtype, certain = qtype, true
	for _, s := range g.kinds {
		if m.Result == names.Wildcard && !m.Applies[s.sort] {
			continue
		}
		certain = certain && s.complete()
		if g.collect(s, m.Name, &rs) {
			break
		}
	}
	return rs, certain
}

// others unites what every kind has of a type that is not an address (Z14).
func (g *Gateway) others(m *names.Match, qtype uint16) (rs rrset, certain bool) {
	rs.qtype, certain = qtype, true
	for _, s := range g.kinds {
		if !s.others || m.Result == names.Wildcard && !m.Applies[s.sort] {
			continue
		}
		certain = certain && s.complete()
		g.collect(s, m.Name, &rs)
	}
	return rs, certain
}

// collect adds what a kind files under name to rs, and reports whether it has addresses.
func (g *Gateway) collect(s *served, name string, rs *rrset) (addressed bool) {
	found, _ := s.index.ByIndex(byName, name) // fails only for an index that does not exist
	for _, obj := range found {
		for _, e := range obj.(*record).at(name) {
			d, addrs := e.data, e.data.addrs
			if d.via != "" {
				addrs = g.cluster.join.addresses(d.via)
			}
			addressed = addressed || len(addrs) > 0
			rs.add(d, addrs)
		}
	}
	return addressed
}

// add unites the data's records of rs's type with those already there. The TTL of an RRset is the
// least of its parts' (Z15).
func (rs *rrset) add(d *data, addrs []netip.Addr) {
	first, txt := rs.empty(), d.txt
	switch v4, v6 := target.Split(addrs); rs.qtype {
	case dns.TypeA:
		addrs, txt = v4, nil
	case dns.TypeAAAA:
		addrs, txt = v6, nil
	case dns.TypeTXT:
		addrs = nil
	default:
		return
	}
	if len(addrs)+len(txt) == 0 {
		return
	}
	if first {
		rs.ttl, rs.addrs, rs.txt = d.ttl, slices.Clip(addrs), slices.Clip(txt)
		return
	}
	rs.ttl = min(rs.ttl, d.ttl)
	rs.addrs = target.Sort(slices.Concat(rs.addrs, addrs))
	rs.txt = slices.Concat(rs.txt, txt)
	slices.SortFunc(rs.txt, slices.Compare)
	rs.txt = slices.CompactFunc(rs.txt, slices.Equal)
}
