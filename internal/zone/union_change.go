package zone

import (
	"k8s.io/utils/third_party/forked/golang/btree"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// unionChange is a new or updated union of a name that questions do not see yet.
type unionChange struct {
	changed  bool
	union    *union // nil for none
	snapshot *btree.BTree[unionItem]
}

// prepare computes the union of a name for the replacement of one record by another, each of which may be nil. It adds the number of
// unions that it makes to made. The caller holds writing.
func (i *Index) prepare(name string, old, new *record.Record, made *int) unionChange {
	if old == new {
		return unionChange{}
	}
	u, n := i.Unions[name], i.Records.CountByValue(record.ByName, name)
	if old != nil {
		n--
	}
	if new != nil {
		n++
	}
	switch {
	case u == nil && (n < MinShared || *made >= maxNewUnions):
		return unionChange{}
	case u == nil:
		*made++
		u = newUnion(i.Steered)
		found := i.Records.ByValue(record.ByName, name)
		for _, rec := range found.All() {
			if rec != old {
				u.add(i, name, rec)
				u.settle()
			}
		}
	case n < MinShared-1: // one less than MinShared, so that an object that comes and goes does not cause a new union each time
		return unionChange{changed: true}
	case old != nil:
		u.remove(i, name, old)
	}
	if new != nil {
		u.add(i, name, new)
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
		c.union.snapshot = c.snapshot
		s.Unions[name] = c.union
	}
}

// Recount updates the union of a name after the targets of a binding's Gateway have changed. find returns the record of the binding.
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
	snapshot := u.tree.Clone()
	db.mu.Lock()
	u.snapshot = snapshot
	db.mu.Unlock()
}

// Binding returns the record of a binding at a pattern, or nil if there is none. No other goroutine may change bindings at that time.
func (db *Database) Binding(index *Index, pattern string, d *record.Data) *record.Record {
	db.mu.RLock()
	u := index.Unions[pattern]
	if u != nil {
		i, _ := u.snapshot.Get(unionItem{class: bindingItem, text: d.BindingName()})
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
