package gateway

import (
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// rrset is what was gathered for one type. The slices are shared with records: they are capped, and
// never written to.
type rrset struct {
	qtype uint16
	over  bool   // there are more addresses than limit; addrs may lack some
	ttl   uint32 // seconds; of an alias, that of the alias
	addrs []target.Addr
	rrs   []dns.RR
	parts int32          // how many lists it consists of
	limit int32          // the largest number of addresses that the reply has room for; 0 for what any reply has room for
	first *record.Record // the first object, if only this object is in addrs and rrs
	long  []longList     // the long lists of several objects, which settle adds to addrs and rrs
}

// longList is a list of one object that is longer than record.MaxShort.
type longList struct {
	object *record.Record
	addrs  []target.Addr
	rrs    []dns.RR
}

func (l longList) length() int { return len(l.addrs) + len(l.rrs) }

func (rs *rrset) empty() bool { return len(rs.addrs) == 0 && len(rs.rrs) == 0 }

// add puts records of rs's type beside those already there. The TTL of an RRset is the least of its
// parts' (Z15). The object is nil for what many objects have together.
func (rs *rrset) add(object *record.Record, ttl uint32, addrs []target.Addr, rrs []dns.RR) {
	switch v4, v6 := target.Split(addrs); rs.qtype {
	case dns.TypeA:
		addrs = v4
	case dns.TypeAAAA:
		addrs = v6
	default:
		addrs = nil
	}
	if len(rrs) > 0 && rrs[0].Header().Rrtype != rs.qtype {
		rrs = nil
	}
	list := longList{object, slices.Clip(addrs), slices.Clip(rrs)}
	if list.length() == 0 {
		return
	}
	if rs.over = rs.over || rs.limit > 0 && len(addrs) > int(rs.limit); rs.over {
		return
	}
	if rs.parts == 0 {
		rs.parts, rs.ttl, rs.addrs, rs.rrs, rs.first = 1, ttl, list.addrs, list.rrs, object
		return
	}
	rs.ttl = min(rs.ttl, ttl)
	if len(rrs) == 0 && slices.Equal(rs.addrs, addrs) {
		return
	}
	rs.parts++
	if first := (longList{rs.first, rs.addrs, rs.rrs}); first.isLong() {
		rs.addrs, rs.rrs, rs.long = nil, nil, append(rs.long, first)
	}
	rs.first = nil
	if list.isLong() {
		rs.long = append(rs.long, list)
		return
	}
	rs.addrs, rs.rrs = append(rs.addrs, addrs...), append(rs.rrs, rrs...)
	if len(rs.addrs)+len(rs.rrs) > 4*record.MaxRecords { // only the first are answered with
		rs.sort()
	}
}

func (l longList) isLong() bool { return l.object != nil && l.length() > record.MaxShort }

// settle orders what came from several objects, and drops what they have in common and what the reply has no room for.
func (rs *rrset) settle() {
	rs.first = nil
	if rs.parts < 2 {
		return
	}
	rs.addLong()
	rs.sort()
	rs.parts = 1
}

// addLong adds the long lists, up to record.MaxLongLists values. A name of usual objects has fewer.
func (rs *rrset) addLong() {
	total := 0
	for _, l := range rs.long {
		total += l.length()
	}
	if total > record.MaxLongLists {
		slices.SortStableFunc(rs.long, func(a, b longList) int { return record.CompareObjects(a.object, b.object) })
	}
	room := record.MaxLongLists
	for _, l := range rs.long {
		addrs, rrs := l.addrs[:min(len(l.addrs), room)], l.rrs[:min(len(l.rrs), room)]
		rs.addrs, rs.rrs = append(rs.addrs, addrs...), append(rs.rrs, rrs...)
		room -= len(addrs) + len(rrs)
	}
	rs.long = nil
}

// sort orders the records, and drops repeated ones and what the reply has no room for.
func (rs *rrset) sort() {
	most := record.FittingAddrs(rs.addrs)
	if rs.limit > 0 {
		most = min(most, int(rs.limit)+1)
	}
	rs.addrs = target.Unite(rs.addrs, most)
	rs.rrs = record.SortRRs(rs.rrs)
	rs.rrs = slices.Clip(rs.rrs[:record.FittingRRs(rs.rrs)])
	rs.over = rs.over || rs.limit > 0 && len(rs.addrs) > int(rs.limit)
}

// answers makes an answer of an RRset that no kind has.
func (rs *rrset) answers(a *answer) {
	if rs.empty() {
		*a = answer{result: noData}
		return
	}
	a.result, a.rrset = success, *rs
}
