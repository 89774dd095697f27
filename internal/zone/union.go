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

// MinShared is how many objects of a kind have to share a name for a union to be kept. Fewer are united when a question comes,
// which takes a fraction of a millisecond.
const MinShared = 64

// MaxNewUnions is how many unions a change of one object makes. The other names that its objects share wait for the next changes: a
// union of many objects takes a fraction of a millisecond to make, and an object may have thousands of names.
const MaxNewUnions = 256

// union is what the objects that share a name say together, kept up to date as they come and go, so that a question costs by
// the size of its answer and not by the number of objects (N7). A change costs by what its object says. Questions read a copy
// that shares its nodes with the tree (copy-on-write). All but said is guarded by Database.writing.
type union struct {
	tree    *btree.BTree[unionItem]
	pending []delta
	parts   map[*record.Record][]part // of bindings, whose Gateway may have other targets later
	said    *btree.BTree[unionItem]   // as questions see it; guarded by Database.mu
	steered bool                      // there is an item for each object
}

// delta is how often an item is said more than before, or less.
type delta struct {
	unionItem
	by int
}

// degree of the tree. A change copies the nodes on the way to its items, so they are small.
const degree = 4

// part is what one entry of an object was counted with: of a binding, the targets that its Gateway had then.
type part struct {
	*record.Data
	targets *record.Targets
}

// unionItem is one thing that objects say at a name, and how many do. What is ordered comes first.
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
	hostTTLItem              // ttl, and text is the hostname where an object has but one
	cnameItem                // text is the CNAME of DNSEndpoints, ttl
	rrItem                   // rrtype and rr
	longItem                 // rrtype and rec, whose part has the list, once for all names of the object
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
	case a.class == rrItem || a.class == longItem: // what has only a type goes before all of this type
		return a.rr == nil && a.rec == nil && (b.rr != nil || b.rec != nil)
	}
	return cmp.Or(cmp.Compare(a.ttl, b.ttl), bytes.Compare(a.addr[:], b.addr[:]), cmp.Compare(a.text, b.text)) < 0
}

func newUnion(steered bool) *union {
	return &union{tree: btree.New(degree, unionItem.less), steered: steered}
}

// add counts what a record says at a name.
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

// remove takes back what add counted.
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

// moved reports whether a record has other targets than it was counted with.
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

// countList counts the records of one type. A long list is one item, so that a name takes no memory for each of its values.
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

// change notes that an item is said more or less often than before.
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

// set counts an item.
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

// unionChange is what a change makes of the union of a name, ready to be seen.
type unionChange struct {
	changed bool
	union   *union // nil for none
	said    *btree.BTree[unionItem]
}

// prepare works out the union of a name for a record that replaces another, nil being none. It counts the unions that were
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
	case n < MinShared-1: // one more than that comes and goes without a new union each time
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

// publish has questions see the union. The caller holds mu.
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

// Recount updates the union of a name after the Gateway behind a binding has other targets. find returns the record of the binding.
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

// Binding returns the record of a binding at a pattern, or nil where there is none. The caller is the only one that changes
// bindings.
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
