package gateway

import (
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
)

// finder returns the records that a kind files under a name.
type finder func(s *served, name string) found[record]

// indexed is the finder that asks the kinds' stores.
func indexed(s *served, name string) found[record] { return s.index.under(byName, name) }

// view is what the kinds have for one name.
type view struct {
	*Gateway
	find    finder
	match   names.Match
	name    string // that is asked for; match.Name, unless that is a wildcard
	zone    *zone
	certain bool // false once a kind was asked that has not been listed completely
	pointed bool // true once a target was found
}

// answer answers a question of one type. One of type ANY gets one RRset that the name has (RFC 8482).
func (v *view) answer(qtype uint16) answer {
	if qtype != dns.TypeANY {
		return v.typed(qtype)
	}
	var a answer
	for _, t := range anyTypes {
		if a = v.typed(t); a.result != noData {
			break
		}
	}
	return a
}

func isAddress(qtype uint16) bool { return qtype == dns.TypeA || qtype == dns.TypeAAAA }

var addressTypes = []uint16{dns.TypeA, dns.TypeAAAA}

// anyTypes is the order in which a name's types are tried for ANY, and all types that records have but NS.
var anyTypes = append(addressTypes[:2:2], otherTypes[1:]...)

func (v *view) typed(qtype uint16) answer {
	if !isAddress(qtype) {
		if rs, by := v.others(qtype); !rs.empty() {
			return rs.answer(by)
		}
	}
	p := v.point(qtype)
	v.pointed = v.pointed || p.addressed || len(p.hosts) > 0 || p.cname != ""
	if p.addressed && isAddress(qtype) {
		return p.rrset.answer(p.by)
	}
	if p.addressed || len(p.hosts) == 0 && p.cname == "" {
		return answer{result: noData}
	}
	return v.alias(p, qtype)
}

// alias decides what becomes of hostnames. One is a CNAME, for every type (RFC 1034 section 3.6.2). At
// the apex, beside other data or as several, which no CNAME may be, their addresses are taken in its
// place (C2); only the CNAME of a DNSEndpoint gives way to other data altogether (D3).
func (v *view) alias(p pointed, qtype uint16) answer {
	beside := v.hasOthers()
	hosts, ttl := p.hosts, p.hostTTL
	if len(hosts) == 0 {
		if beside {
			return answer{result: noData}
		}
		hosts, ttl = []string{p.cname}, p.cnameTTL
	}
	a := answer{rrset: rrset{qtype: qtype, ttl: ttl}, hosts: hosts, by: p.by}
	switch {
	case len(hosts) == 1 && v.name != v.zone.name && !beside:
		a.result, a.target = alias, hosts[0]
	case isAddress(qtype):
		a.result = flatten
	default:
		a.result = noData
	}
	return a
}

// pointed is where the kinds point a name, and its addresses of the family asked for.
type pointed struct {
	rrset
	addressed bool // there are addresses, of whichever family
	hosts     []string
	hostTTL   uint32
	cname     string
	cnameTTL  uint32
	by        *kindServed
}

// point asks the kinds in the order of priority: the first that has a target for the name answers
// alone (Z14). The CNAME of a DNSEndpoint counts only where no other has one.
func (v *view) point(qtype uint16) pointed {
	var cname pointed
	for i := range v.kinds {
		k := &v.kinds[i]
		if !v.asks(k) {
			continue
		}
		p := v.targets(k, qtype)
		if p.addressed || len(p.hosts) > 0 {
			return p
		}
		if cname.cname == "" {
			cname = p
		}
	}
	return cname
}

// asks reports whether a kind may have the match, and notes whether what it has is all there is.
func (v *view) asks(k *kindServed) bool {
	if v.match.Result == names.Wildcard && !v.match.Applies[k.sort] {
		return false
	}
	v.certain = v.certain && k.known()
	return true
}

// targets unites where the objects of one kind point the name, in all clusters. Addresses beat
// hostnames (C1).
func (v *view) targets(k *kindServed, qtype uint16) pointed {
	p := pointed{rrset: rrset{qtype: qtype}, by: k}
	for _, s := range k.parts {
		found := v.find(s, v.match.Name)
		for _, rec := range found.all() {
			for _, e := range rec.at(v.match.Name) {
				t := e.data.targets
				if e.data.via != (objectKey{}) {
					t = s.join.targets(e.data.via)
				}
				p.point(e.data, t, v.name)
			}
		}
	}
	if p.addressed {
		p.hosts, p.cname = nil, ""
	}
	p.settle()
	return p
}

// point adds the targets of one object. The name is none for itself (C5).
func (p *pointed) point(d *data, t targets, name string) {
	if len(t.addrs) > 0 {
		p.addressed = true
		p.add(d.ttl, t.addrs, nil)
		return
	}
	hosts, cname := t.hosts, d.cname
	if slices.Contains(hosts, name) {
		hosts = slices.DeleteFunc(slices.Clone(hosts), func(host string) bool { return host == name })
	}
	if cname == name {
		cname = ""
	}
	if len(hosts) == 0 && cname == "" {
		return
	}
	if len(hosts) > 0 && (len(p.hosts) == 0 || d.ttl < p.hostTTL) {
		p.hostTTL = d.ttl
	}
	p.hosts = union(p.hosts, hosts)
	if cname != "" && (p.cname == "" || cname < p.cname || cname == p.cname && d.ttl < p.cnameTTL) {
		p.cname, p.cnameTTL = cname, d.ttl
	}
}

// others unites what every kind has of a type that is not an address (Z14). It also returns the first that has.
func (v *view) others(qtype uint16) (rs rrset, by *kindServed) {
	rs.qtype = qtype
	for i := range v.kinds {
		k := &v.kinds[i]
		if !slices.Contains(k.others, qtype) || !v.asks(k) {
			continue
		}
		for _, s := range k.parts {
			found := v.find(s, v.match.Name)
			for _, rec := range found.all() {
				for _, e := range rec.at(v.match.Name) {
					rs.add(e.data.ttl, nil, e.data.rrs)
				}
			}
		}
		if by == nil && !rs.empty() {
			by = k
		}
	}
	rs.settle()
	return rs, by
}

// hasOthers reports whether the name has records of any type that is not an address.
func (v *view) hasOthers() bool {
	for i := range v.kinds {
		k := &v.kinds[i]
		if len(k.others) == 0 || !v.asks(k) {
			continue
		}
		for _, s := range k.parts {
			found := v.find(s, v.match.Name)
			for _, rec := range found.all() {
				if slices.ContainsFunc(rec.at(v.match.Name), func(e entry) bool { return len(e.data.rrs) > 0 }) {
					return true
				}
			}
		}
	}
	return false
}

// union returns the sorted union of two sorted lists.
func union(a, b []string) []string {
	if len(a) == 0 {
		return slices.Clip(b)
	}
	list := slices.Concat(a, b)
	slices.Sort(list)
	return slices.Compact(list)
}
