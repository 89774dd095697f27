package zone

import (
	"slices"

	"github.com/miekg/dns"
	"k8s.io/utils/third_party/forked/golang/btree"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// MinShared is how many objects of a kind must share a name before the name gets a union. The data of fewer objects are united for
// each question, which takes a fraction of a millisecond.
const MinShared = 64

// maxNewUnions limits how many unions a change of one object makes. A union of many objects takes a fraction of a millisecond, and an
// object may have thousands of names. Later changes make the other unions.
const maxNewUnions = 256

// union is the united data of the objects that share a name. It is updated when one of the objects changes, so the cost of a question
// depends on the size of its answer, and not on the number of objects (N7). The cost of a change depends on the data of the changed
// object. Questions read a snapshot that shares its nodes with the tree (copy-on-write). Database.writing guards all fields except
// snapshot.
type union struct {
	tree     *btree.BTree[unionItem]
	pending  []delta
	parts    map[*record.Record][]part // the data that each binding was counted with, because the targets of its Gateway may change
	snapshot *btree.BTree[unionItem]   // guarded by Database.mu
	steered  bool                      // the tree also has items for the objects that have targets
}

// delta is a change to the number of objects that have an item.
type delta struct {
	unionItem
	by int
}

// degree is the degree of the tree. It is small, because a change copies the nodes on the path to its items.
const degree = 4

// part is the data with which one entry of an object was counted. For a binding, targets are those that its Gateway had then.
type part struct {
	*record.Data
	targets *record.Targets
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

// partsOf returns the data of a record at a name.
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

// moved reports whether the targets of the Gateway of a binding differ from those that the binding was counted with.
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
		u.change(unionItem{class: bindingItem, text: rec.Entries[0].Data.BindingName(), rec: rec}, by)
	}
	if !u.steered {
		return
	}
	if n := countTargets(name, parts); n > 0 {
		u.change(unionItem{class: targetItem, text: targetText(rec), rec: rec}, by)
		u.change(unionItem{class: namespaceItem, text: namespaceOf(rec)}, by*n)
	}
}

func (u *union) countPart(name string, rec *record.Record, p part, by int) {
	if len(p.RRs) > 0 {
		rrtype := p.RRs[0].Header().Rrtype
		u.countList(rrtype, p, longList{object: rec, rrs: p.RRs}, by)
		if p.ServiceSRV {
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

// countList counts the addresses or records of one type. A long list is a single item, so its values are not stored again for each name.
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

// change records that more or fewer objects have an item. settle makes the change.
func (u *union) change(i unionItem, by int) { u.pending = append(u.pending, delta{i, by}) }

// settle makes the pending changes. Most data of a changed object are the same as before. Their changes cancel out, except for items
// with a record, which must have the new one.
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
		if i := u.pending[n-1].unionItem; sum != 0 || i.rec != nil { // the last delta is of the new record, if there is one
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

// countTargets returns how many parts of an object are targets of a name. The name is not a target of itself (C5).
func countTargets(name string, parts []part) (n int) {
	for _, p := range parts {
		if p.targets.Usable(name) || p.CNAME != "" && p.CNAME != name {
			n++
		}
	}
	return n
}

// namespaceOf returns the namespace of an object or, for a binding, that of its route.
func namespaceOf(rec *record.Record) string {
	if rec.Routes() != nil {
		return rec.Entries[0].Data.Route.Namespace
	}
	return rec.Namespace
}

// targetText returns the sort key of an object among the objects with targets.
func targetText(rec *record.Record) string {
	if rec.Routes() != nil {
		d := rec.Entries[0].Data
		return d.Route.Namespace + "\x00" + d.Route.Name + "\x00" + d.BindingName()
	}
	return rec.Namespace + "\x00" + rec.Name
}
