package zone

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/miekg/dns"
	"k8s.io/utils/third_party/forked/golang/btree"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// MinShared is how many objects of a kind must share a name before a union of them is kept. Fewer objects are united when a
// question arrives, which takes a fraction of a millisecond.
const MinShared = 64

// MaxNewUnions is how many unions a change of one object may make, because a union of many objects takes a fraction of a
// millisecond, and an object may have thousands of names. The unions of its other shared names are made by later changes.
const MaxNewUnions = 256

// union is the data that the objects which share a name have together. It is updated when one of the objects changes, so the
// cost of a question depends on the size of its answer, and not on the number of objects (N7). The cost of a change depends on
// the data of the changed object. Questions read a copy that shares its nodes with the tree (copy-on-write). Database.writing
// guards all fields except said.
type union struct {
	tree    *btree.BTree[unionItem]
	pending []delta
	parts   map[*record.Record][]part // what each binding was counted with, because the targets of its Gateway may change
	said    *btree.BTree[unionItem]   // the copy that questions read; guarded by Database.mu
	steered bool                      // there is an item for each object
}

// delta is a change of the number of objects that have an item.
type delta struct {
	unionItem
	by int
}

// degree is the degree of the tree. A change copies the nodes on the path to its items, so the nodes are small.
const degree = 4

// part is the data with which one entry of an object was counted. For a binding, it has the targets that the Gateway had then.
type part struct {
	*record.Data
	targets *record.Targets
}

// unionItem is one piece of data at a name, and the number n of objects that have it. The fields before n are the sort key, and
// for some classes rr or rec.
type unionItem struct {
	class  class
	rrtype uint16
	ttl    uint32
	addr   target.Addr
	text   string
	n      int
	rr     dns.RR
	rec    *record.Record
	part   part
}

// longList returns the list of a longItem.
func (a unionItem) longList() longList {
	l := longList{object: a.rec}
	switch v4, v6 := target.Split(a.part.targets.Addrs); a.rrtype {
	case dns.TypeA:
		l.addrs = v4
	case dns.TypeAAAA:
		l.addrs = v6
	default:
		l.rrs = a.part.RRs
	}
	return l
}

type class uint8

const (
	addrItem    class = iota // rrtype and addr
	hostItem                 // text is a hostname of objects without addresses
	hostTTLItem              // ttl; text is the hostname, if the object has only one
	cnameItem                // text is the CNAME of DNSEndpoints, ttl
	rrItem                   // rrtype and rr
	longItem                 // rrtype and rec; the list is in the part, and all names of the object share it
	portsItem                // there are SRV records of Services
	ttlItem                  // rrtype and ttl of addresses or records
	recordItem               // text names rec: a binding or, in a steered index, an object
)

func (a unionItem) less(b unionItem) bool {
	if a.class != b.class {
		return a.class < b.class
	}
	switch {
	case a.class == cnameItem && a.text != b.text:
		return a.text < b.text
	case a.rrtype != b.rrtype:
		return a.rrtype < b.rrtype
	case a.class == rrItem && a.rr != nil && b.rr != nil:
		return record.CompareRRs(a.rr, b.rr) < 0
	case a.class != recordItem && a.rec != nil && b.rec != nil:
		return record.CompareObjects(a.rec, b.rec) < 0
	case a.class == rrItem || a.class == longItem: // an item with only a type sorts before all items of this type
		return a.rr == nil && a.rec == nil && (b.rr != nil || b.rec != nil)
	}
	return cmp.Or(cmp.Compare(a.ttl, b.ttl), bytes.Compare(a.addr[:], b.addr[:]), cmp.Compare(a.text, b.text)) < 0
}

func newUnion(steered bool) *union {
	return &union{tree: btree.New(degree, unionItem.less), steered: steered}
}

// add counts the data of a record at a name.
func (u *union) add(s *Index, name string, rec *record.Record) {
	parts := partsOf(s, name, rec)
	if rec.Routes() != nil {
		if u.parts == nil {
			u.parts = map[*record.Record][]part{}
		}
		u.parts[rec] = parts
	}
	u.count(name, rec, parts, 1)
}

// remove reverts add.
func (u *union) remove(s *Index, name string, rec *record.Record) {
	if rec.Routes() == nil {
		u.count(name, rec, partsOf(s, name, rec), -1)
		return
	}
	u.count(name, rec, u.parts[rec], -1)
	delete(u.parts, rec)
}

func partsOf(s *Index, name string, rec *record.Record) []part {
	entries := rec.At(name)
	parts := make([]part, len(entries))
	for i, e := range entries {
		parts[i] = part{e.Data, &e.Data.Targets}
		if e.Data.Gateway != (store.Key{}) {
			parts[i].targets = s.GatewayTargets(e.Data.Gateway)
		}
	}
	return parts
}

// moved reports whether the targets of a record differ from those that it was counted with.
func (u *union) moved(s *Index, rec *record.Record) bool {
	for _, p := range u.parts[rec] {
		if p.Gateway != (store.Key{}) && p.targets != s.GatewayTargets(p.Gateway) {
			return true
		}
	}
	return false
}

func (u *union) count(name string, rec *record.Record, parts []part, by int) {
	for _, p := range parts {
		u.countPart(name, rec, p, by)
	}
	if rec.Routes() != nil {
		u.change(unionItem{class: recordItem, text: rec.Entries[0].Data.BindingName(), rec: rec}, by)
	} else if u.steered {
		u.change(unionItem{class: recordItem, text: rec.Namespace + "\x00" + rec.Name, rec: rec}, by)
	}
}

func (u *union) countPart(name string, rec *record.Record, p part, by int) {
	if len(p.RRs) > 0 {
		rrtype := p.RRs[0].Header().Rrtype
		u.countList(rrtype, p, longList{object: rec, rrs: p.RRs}, by)
		if p.Ports {
			u.change(unionItem{class: portsItem}, by)
		}
	}
	if v4, v6 := target.Split(p.targets.Addrs); len(v4)+len(v6) > 0 {
		u.countList(dns.TypeA, p, longList{object: rec, addrs: v4}, by)
		u.countList(dns.TypeAAAA, p, longList{object: rec, addrs: v6}, by)
		return
	}
	hosts, last := 0, ""
	for _, host := range p.targets.Hosts {
		if host != name { // C5
			u.change(unionItem{class: hostItem, text: host}, by)
			hosts, last = hosts+1, host
		}
	}
	if hosts > 1 {
		last = ""
	}
	if hosts > 0 {
		u.change(unionItem{class: hostTTLItem, ttl: p.TTL, text: last}, by)
	}
	if p.CNAME != "" && p.CNAME != name {
		u.change(unionItem{class: cnameItem, ttl: p.TTL, text: p.CNAME}, by)
	}
}

// countList counts the records of one type. A long list is a single item, so its values take no memory for each name.
func (u *union) countList(rrtype uint16, p part, list longList, by int) {
	if list.length() == 0 {
		return
	}
	u.change(unionItem{class: ttlItem, rrtype: rrtype, ttl: p.TTL}, by)
	if list.isLong() {
		u.change(unionItem{class: longItem, rrtype: rrtype, rec: list.object, part: p}, by)
		return
	}
	for _, a := range list.addrs {
		u.change(unionItem{class: addrItem, rrtype: rrtype, addr: a}, by)
	}
	for _, rr := range list.rrs {
		u.change(unionItem{class: rrItem, rrtype: rrtype, rr: rr}, by)
	}
}

// change notes that more or fewer objects have an item than before.
func (u *union) change(i unionItem, by int) { u.pending = append(u.pending, delta{i, by}) }

// settle makes the changes that are noted. Most of what an object says it also said before, which costs nothing but where
// the item knows the object.
func (u *union) settle() {
	slices.SortStableFunc(u.pending, func(a, b delta) int {
		switch {
		case a.unionItem.less(b.unionItem):
			return -1
		case b.unionItem.less(a.unionItem):
			return 1
		}
		return 0
	})
	for len(u.pending) > 0 {
		n, sum := 0, 0
		for ; n < len(u.pending) && !u.pending[0].unionItem.less(u.pending[n].unionItem); n++ {
			sum += u.pending[n].by
		}
		if i := u.pending[n-1].unionItem; sum != 0 || i.rec != nil { // the last one is of the new record, if there is one
			u.set(i, sum)
		}
		u.pending = u.pending[n:]
	}
	u.pending = nil
}

// set adds a number of objects to the count of an item.
func (u *union) set(i unionItem, by int) {
	if old, ok := u.tree.Get(i); ok {
		i.n = old.n
	}
	if i.n += by; i.n > 0 {
		u.tree.ReplaceOrInsert(i)
	} else {
		u.tree.Delete(i)
	}
}

// unionChange is the new union of a name, before questions see it.
type unionChange struct {
	changed bool
	union   *union // nil for none
	said    *btree.BTree[unionItem]
}

// prepare computes the union of a name when one record replaces another. Nil is no record. It adds the unions that it makes to
// made. The caller holds writing.
func (s *Index) prepare(name string, old, new *record.Record, made *int) unionChange {
	if old == new {
		return unionChange{}
	}
	u, n := s.Unions[name], s.Records.CountByValue(record.ByName, name)
	if old != nil {
		n--
	}
	if new != nil {
		n++
	}
	switch {
	case u == nil && (n < MinShared || *made >= MaxNewUnions):
		return unionChange{}
	case u == nil:
		*made++
		u = newUnion(s.Steered)
		found := s.Records.ByValue(record.ByName, name)
		for _, rec := range found.All() {
			if rec != old {
				u.add(s, name, rec)
				u.settle()
			}
		}
	case n < MinShared-1: // one object fewer, so that an object that comes and goes does not make a new union each time
		return unionChange{changed: true}
	case old != nil:
		u.remove(s, name, old)
	}
	if new != nil {
		u.add(s, name, new)
	}
	u.settle()
	return unionChange{true, u, u.tree.Clone()}
}

// publish makes the union visible to questions. The caller holds mu.
func (c unionChange) publish(s *Index, name string) {
	switch {
	case !c.changed:
	case c.union == nil:
		delete(s.Unions, name)
	default:
		if s.Unions == nil {
			s.Unions = map[string]*union{}
		}
		c.union.said = c.said
		s.Unions[name] = c.union
	}
}

// Recount updates the union of a name after the targets of the Gateway of a binding have changed. find returns the record of
// the binding.
func (db *Database) Recount(s *Index, name string, find func() *record.Record) {
	db.writing.Lock()
	defer db.writing.Unlock()
	u := s.Unions[name]
	if u == nil {
		return
	}
	rec := find()
	if !u.moved(s, rec) {
		return
	}
	u.remove(s, name, rec)
	u.add(s, name, rec)
	u.settle()
	said := u.tree.Clone()
	db.mu.Lock()
	u.said = said
	db.mu.Unlock()
}

// Binding returns the record of a binding at a pattern, or nil if there is none. Only the caller may change bindings at that
// time.
func (db *Database) Binding(index *Index, pattern string, d *record.Data) *record.Record {
	db.mu.RLock()
	u := index.Unions[pattern]
	if u != nil {
		i, _ := u.said.Get(unionItem{class: recordItem, text: d.BindingName()})
		db.mu.RUnlock()
		return i.rec
	}
	db.mu.RUnlock()
	found := index.Records.ByValue(record.ByName, pattern)
	for _, rec := range found.All() {
		if d.SameBinding(rec.Entries[0].Data) {
			return rec
		}
	}
	return nil
}
