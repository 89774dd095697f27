package zone

import (
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// RRset collects the data of one type. Its slices may be those of records, so they are read-only, and capped so that append copies them.
type RRset struct {
	Qtype      uint16
	OverLimit  bool   // there are more addresses than Limit, so Addrs may be incomplete
	TTL        uint32 // seconds; for an alias, the alias's own TTL
	Addrs      []target.Addr
	RRs        []dns.RR
	Lists      int32          // how many different lists were added since the last Settle; at most 1 after it
	Limit      int32          // how many addresses the reply has room for; 0 means the largest possible reply
	onlyObject *record.Record // the first object, as long as Addrs and RRs are only its data
	longLists  []longList     // long lists, which Settle adds to Addrs and RRs
}

// longList is the addresses or the records that one object has. It is long if it has more than record.MaxShort values.
type longList struct {
	object *record.Record
	addrs  []target.Addr
	rrs    []dns.RR
}

func (l longList) length() int { return len(l.addrs) + len(l.rrs) }

// Empty reports whether there is no record.
func (rs *RRset) Empty() bool { return len(rs.Addrs) == 0 && len(rs.RRs) == 0 }

// Add adds those addresses and records that are of the RRset's type. The TTL of an RRset is the lowest of those added (Z15). The object
// is nil for the united data of several objects.
func (rs *RRset) Add(object *record.Record, ttl uint32, addrs []target.Addr, rrs []dns.RR) {
	switch v4, v6 := target.Split(addrs); rs.Qtype {
	case dns.TypeA:
		addrs = v4
	case dns.TypeAAAA:
		addrs = v6
	default:
		addrs = nil
	}
	if len(rrs) > 0 && rrs[0].Header().Rrtype != rs.Qtype {
		rrs = nil
	}
	list := longList{object, slices.Clip(addrs), slices.Clip(rrs)}
	if list.length() == 0 {
		return
	}
	if rs.OverLimit = rs.OverLimit || rs.Limit > 0 && len(addrs) > int(rs.Limit); rs.OverLimit {
		return
	}
	if rs.Lists == 0 {
		rs.Lists, rs.TTL, rs.Addrs, rs.RRs, rs.onlyObject = 1, ttl, list.addrs, list.rrs, object
		return
	}
	rs.TTL = min(rs.TTL, ttl)
	if len(rrs) == 0 && !list.isLong() && slices.Equal(rs.Addrs, addrs) {
		return
	}
	rs.Lists++
	if first := (longList{rs.onlyObject, rs.Addrs, rs.RRs}); first.isLong() {
		rs.Addrs, rs.RRs, rs.longLists = nil, nil, append(rs.longLists, first)
	}
	rs.onlyObject = nil
	if list.isLong() {
		rs.longLists = append(rs.longLists, list)
		return
	}
	rs.Addrs, rs.RRs = append(rs.Addrs, addrs...), append(rs.RRs, rrs...)
	if len(rs.Addrs)+len(rs.RRs) > 4*record.MaxRecords { // a reply has only the first MaxRecords
		rs.sort()
	}
}

func (l longList) isLong() bool { return l.object != nil && l.length() > record.MaxShort }

// Settle ends a series of Adds. It adds the long lists, sorts the records of several objects, and drops duplicates and records that
// the reply has no room for.
func (rs *RRset) Settle() {
	rs.onlyObject = nil
	if rs.Lists < 2 {
		return
	}
	rs.addLong()
	rs.sort()
	rs.Lists = 1
}

// addLong adds the long lists, up to record.MaxLongLists values in total, far more than usual names have.
func (rs *RRset) addLong() {
	total := 0
	for _, l := range rs.longLists {
		total += l.length()
	}
	if total > record.MaxLongLists {
		slices.SortStableFunc(rs.longLists, func(a, b longList) int { return record.CompareObjects(a.object, b.object) })
	}
	room := record.MaxLongLists
	for _, l := range rs.longLists {
		addrs, rrs := l.addrs[:min(len(l.addrs), room)], l.rrs[:min(len(l.rrs), room)]
		rs.Addrs, rs.RRs = append(rs.Addrs, addrs...), append(rs.RRs, rrs...)
		room -= len(addrs) + len(rrs)
	}
	rs.longLists = nil
}

// sort sorts the records, and drops duplicates and records that the reply has no room for.
func (rs *RRset) sort() {
	most := record.FittingAddrs(rs.Addrs)
	if rs.Limit > 0 {
		most = min(most, int(rs.Limit)+1)
	}
	rs.Addrs = target.Unite(rs.Addrs, most)
	rs.RRs = record.SortRRs(rs.RRs)
	rs.RRs = slices.Clip(rs.RRs[:record.FittingRRs(rs.RRs)])
	rs.OverLimit = rs.OverLimit || rs.Limit > 0 && len(rs.Addrs) > int(rs.Limit)
}

// FillAnswer fills in an answer with records that do not come from objects: those of the apex and of nameservers.
func (rs *RRset) FillAnswer(a *Answer) {
	if rs.Empty() {
		*a = Answer{Result: NoData}
		return
	}
	a.Result, a.RRset = Success, *rs
}
