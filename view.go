package gateway

import (
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// finder returns the records that a kind files under a name.
type finder func(s *zoneIndex, name string) store.Found[record.Record]

// indexed is the finder that asks the kinds' stores.
func indexed(s *zoneIndex, name string) store.Found[record.Record] {
	return s.index.ByValue(record.ByName, name)
}

// shared returns the union of what many objects of a kind say at the name, where there is one.
func (v *view) shared(s *zoneIndex) (said, bool) {
	if v.whole || len(s.unions) == 0 { // a transfer sets whole, and does not hold the lock that guards unions
		return said{}, false
	}
	u := s.unions[v.match.Name]
	if u == nil {
		return said{}, false
	}
	return said{u.said}, true
}

// view is what the kinds have for one name.
type view struct {
	*database
	find    finder
	match   dnsname.Match
	name    string // that is asked for; match.Name, unless that is a wildcard
	zone    *zone
	certain bool // false once a kind was asked that has not been listed completely
	pointed bool // true once a target was found
	whole   bool // find has not what the unions have
}

// answer answers a question of one type. One of type ANY gets one RRset that the name has (RFC 8482).
func (v *view) answer(qtype uint16, a *answer) {
	if qtype != dns.TypeANY {
		v.typed(qtype, a)
		return
	}
	for _, t := range anyTypes {
		if v.typed(t, a); a.result != noData {
			return
		}
	}
}

func isAddress(qtype uint16) bool { return qtype == dns.TypeA || qtype == dns.TypeAAAA }

// otherTypes are the types of record besides addresses and aliases, NS first.
var otherTypes = []uint16{dns.TypeNS, dns.TypeMX, dns.TypeTXT, dns.TypeSRV, dns.TypePTR, dns.TypeNAPTR, dns.TypeCAA}

var addressTypes = []uint16{dns.TypeA, dns.TypeAAAA}

// anyTypes is the order in which a name's types are tried for ANY, and all types that records have but NS.
var anyTypes = append(addressTypes[:2:2], otherTypes[1:]...)

func (v *view) typed(qtype uint16, a *answer) {
	if !isAddress(qtype) && v.others(qtype, a) {
		return
	}
	*a = answer{rrset: rrset{qtype: qtype}}
	v.point(a)
	v.pointed = v.pointed || a.addressed || a.hostnames()
	switch {
	case a.addressed && !a.empty():
		a.result = success
	case a.addressed || !a.hostnames():
		*a = answer{result: noData}
	default:
		v.alias(a)
	}
}

// alias decides what becomes of hostnames. One is a CNAME, for every type (RFC 1034 section 3.6.2). At
// the apex, beside other data or as several, which no CNAME may be, their addresses are taken in its
// place (C2); only the CNAME of a DNSEndpoint gives way to other data altogether (D3).
func (v *view) alias(a *answer) {
	beside := v.hasOthers()
	if a.ttl = a.hostTTL; len(a.hosts) == 0 {
		if beside {
			*a = answer{result: noData}
			return
		}
		a.hosts, a.ttl = []string{a.cname}, a.cnameTTL
	}
	switch {
	case len(a.hosts) == 1 && v.name != v.zone.name && !beside:
		a.result, a.target = alias, a.hosts[0]
	case isAddress(a.qtype):
		a.result = flatten
	default:
		a.result = noData
	}
}

// pointed is where the kinds point a name, besides the addresses of the family asked for and the hostnames in the answer.
type pointed struct {
	addressed bool // there are addresses, of whichever family
	hostTTL   uint32
	cname     string
	cnameTTL  uint32
}

func (a *answer) hostnames() bool { return len(a.hosts) > 0 || a.cname != "" }

// point asks the kinds in the order of priority: the first that has a target for the name answers
// alone (Z14). The CNAME of a DNSEndpoint counts only where no other has one.
func (v *view) point(a *answer) {
	for _, k := range v.kinds {
		if !v.asks(k) {
			continue
		}
		v.targets(k, a)
		if a.by == nil && a.cname != "" {
			a.by = k
		}
		if a.addressed || len(a.hosts) > 0 {
			a.by = k
			return
		}
	}
}

// asks reports whether a kind may have the match, and notes whether what it has is all there is.
func (v *view) asks(k *zoneKind) bool {
	if v.match.Result == dnsname.Wildcard && !v.match.Applies[k.wildcards] {
		return false
	}
	v.certain = v.certain && k.certain()
	return true
}

// targets unites where the objects of one kind point the name, in all clusters. Addresses beat
// hostnames (C1).
func (v *view) targets(k *zoneKind, a *answer) {
	for _, s := range k.parts {
		if u, ok := v.shared(s); ok {
			u.point(a, v.name)
			continue
		}
		found := v.find(s, v.match.Name)
		for _, rec := range found.All() {
			for _, e := range rec.At(v.match.Name) {
				if d := e.Data; d.Gateway != (store.Key{}) {
					a.point(rec, d, s.via(d.Gateway), v.name)
				} else {
					a.point(rec, d, &d.Targets, v.name)
				}
			}
		}
	}
	if a.addressed {
		a.hosts, a.cname = nil, ""
	}
	a.settle()
}

// point adds the targets of one object. The name is none for itself (C5).
func (a *answer) point(object *record.Record, d *record.Data, t *record.Targets, name string) {
	if len(t.Addrs) > 0 {
		a.addressed = true
		a.add(object, d.TTL, t.Addrs, nil)
	} else if len(t.Hosts) > 0 || d.CNAME != "" {
		a.alias(d, t, name)
	}
}

// alias is point for an object that has no addresses.
func (a *answer) alias(d *record.Data, t *record.Targets, name string) {
	hosts, cname := t.Hosts, d.CNAME
	if slices.Contains(hosts, name) {
		hosts = slices.DeleteFunc(slices.Clone(hosts), func(host string) bool { return host == name })
	}
	if cname == name {
		cname = ""
	}
	if len(hosts) == 0 && cname == "" {
		return
	}
	if len(hosts) > 0 && (len(a.hosts) == 0 || d.TTL < a.hostTTL) {
		a.hostTTL = d.TTL
	}
	a.hosts = unite(a.hosts, hosts)
	if cname != "" && (a.cname == "" || cname < a.cname || cname == a.cname && d.TTL < a.cnameTTL) {
		a.cname, a.cnameTTL = cname, d.TTL
	}
}

// others unites what every kind has of a type that is not an address (Z14), and reports whether there is any. It is by
// the first that has.
func (v *view) others(qtype uint16, a *answer) bool {
	*a = answer{rrset: rrset{qtype: qtype}}
	for _, k := range v.kinds {
		if !slices.Contains(k.others, qtype) || !v.asks(k) {
			continue
		}
		for _, s := range k.parts {
			if u, ok := v.shared(s); ok {
				u.others(a)
				continue
			}
			found := v.find(s, v.match.Name)
			for _, rec := range found.All() {
				for _, e := range rec.At(v.match.Name) {
					a.add(rec, e.Data.TTL, nil, e.Data.RRs)
					a.ports = a.ports || e.Data.Ports && qtype == dns.TypeSRV
				}
			}
		}
		if a.by == nil && !a.empty() {
			a.by = k
		}
	}
	a.settle()
	return !a.empty()
}

// hasOthers reports whether the name has records of any type that is not an address.
func (v *view) hasOthers() bool {
	for _, k := range v.kinds {
		if len(k.others) == 0 || !v.asks(k) {
			continue
		}
		for _, s := range k.parts {
			if u, ok := v.shared(s); ok {
				if u.hasOthers() {
					return true
				}
				continue
			}
			found := v.find(s, v.match.Name)
			for _, rec := range found.All() {
				if slices.ContainsFunc(rec.At(v.match.Name), func(e record.Entry) bool { return len(e.Data.RRs) > 0 }) {
					return true
				}
			}
		}
	}
	return false
}

// unite returns the sorted union of two sorted lists.
func unite(a, b []string) []string {
	if len(a) == 0 {
		return slices.Clip(b)
	}
	list := slices.Concat(a, b)
	slices.Sort(list)
	return slices.Compact(list)
}
