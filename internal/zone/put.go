package zone

import (
	"cmp"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/pace"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// Replacement is the change of an object's record in one index. Old or New is nil if there is no record before or after.
type Replacement struct {
	Index    *Index
	Old, New *record.Record
}

// Put makes the changes that one object causes, at most maxChanges of them, and moves the serials of the zones in which names changed.
// Each name changes atomically for lookups. An object may have thousands of names with many labels, so Put releases mu between pieces
// (N7). It first changes the names that the object has now, and then the names that it no longer has, so a renamed object has at least
// one of its names at any time.
func (db *Database) Put(changes ...Replacement) {
	p := Putter{Database: db, Changes: changes, Touched: Touched{Zones: &db.Zones}}
	p.Put()
}

// maxChanges is how many records one object may have: that of a Service, and that of the Service's endpoints.
const maxChanges = 2

// Putter is a Put in progress. It visits the names in order.
type Putter struct {
	*Database
	Changes []Replacement
	Touched
	record.Comparison
	cursors [maxChanges][2]cursor // for each change: in the old record, and in the new one
	steps   int                   // steps in the table of names since mu was locked; 0 while mu is not locked
	Pieces  int                   // how often mu was locked
	made    int                   // how many unions were made
	pace.Pace
}

// stepsHeld is the number of steps in the table of names after which mu is released. They take about 50 µs.
const stepsHeld = 256

// Put makes the changes.
func (p *Putter) Put() {
	for _, c := range p.Changes {
		c.Index.NameCount.Add(namesOf(c.New) - namesOf(c.Old))
		c.Index.Records.ReplaceKey(c.Old, c.New)
	}
	for i := range p.Changes {
		p.walk(i, true)
	}
	for i := range p.Changes {
		p.walk(i, false)
	}
	p.pause()
	p.Bump(time.Now())
}

// namesOf returns how many names an object claims. A copy of an object from before a relist claims none.
func namesOf(rec *record.Record) int64 {
	if rec == nil || rec.IsEarlier() {
		return 0
	}
	return rec.CountNames()
}

// walk changes the names of the n-th change: with isNew the names of its new record, and otherwise those names of its old record that
// no new record has.
func (p *Putter) walk(n int, isNew bool) {
	for i, c := range p.Changes {
		p.cursors[i] = [2]cursor{{c.Old.All()}, {c.New.All()}}
	}
	entries := p.Changes[n].Old.All()
	if isNew {
		entries = p.Changes[n].New.All()
	}
	for i := range entries {
		if name := entries[i].Name; i == 0 || name != entries[i-1].Name {
			p.move(name, n, isNew)
		}
	}
}

// move makes all changes at a name of the n-th change, unless the walk of an earlier change has made them.
func (p *Putter) move(name string, n int, isNew bool) {
	var old, new [maxChanges][]record.Entry
	for i := range p.Changes {
		old[i], new[i] = p.cursors[i][0].at(name), p.cursors[i][1].at(name)
		first := old[i]
		if isNew {
			first = new[i]
		}
		if i < n && len(first) > 0 || !isNew && len(new[i]) > 0 {
			return
		}
	}
	for i, c := range p.Changes {
		if !p.sameEntries(old[i], new[i]) {
			p.Touched.Add(name, c.Index.Wildcards)
		}
	}
	if p.steps > 0 && p.shared(name) {
		p.pause()
	}
	if p.steps == 0 {
		p.writing.Lock()
	}
	var unions [maxChanges]unionChange
	for i, c := range p.Changes {
		unions[i] = c.Index.prepare(name, filed(c.Old, old[i]), filed(c.New, new[i]), &p.made)
	}
	if p.steps == 0 {
		p.mu.Lock()
	}
	p.steps++
	for i, c := range p.Changes {
		unions[i].publish(c.Index, name)
		if len(old[i])+len(new[i]) > 0 {
			c.Index.Records.ReplaceValue(record.ByName, name, filed(c.Old, old[i]), filed(c.New, new[i]))
			p.claim(c.Index, name, old[i], new[i])
		}
	}
	if p.steps >= stepsHeld {
		p.pause()
	}
}

// shared reports whether so many objects share a name that preparing its union may take long. The caller holds writing.
func (p *Putter) shared(name string) bool {
	for _, c := range p.Changes {
		if c.Index.Records.CountByValue(record.ByName, name) >= MinShared-1 {
			return true
		}
	}
	return false
}

// filed returns the record if it has entries for a name, and otherwise nil.
func filed(r *record.Record, entries []record.Entry) *record.Record {
	if len(entries) == 0 {
		return nil
	}
	return r
}

// claim replaces the claims that a record makes on a name in the table.
func (p *Putter) claim(s *Index, name string, old, new []record.Entry) {
	if len(old) == 1 && len(new) == 1 && old[0].Usable() == new[0].Usable() && old[0].Data.Delegates() == new[0].Data.Delegates() {
		return
	}
	p.steps += dnsname.Labels(name) * (len(old) + len(new))
	for i := range new {
		p.Database.Names.Add(name, s.Wildcards, new[i].Usable())
		if new[i].Data.Delegates() {
			p.Database.Names.AddCut(name)
		}
	}
	for i := range old {
		if old[i].Data.Delegates() {
			p.Database.Names.RemoveCut(name)
		}
		p.Database.Names.Remove(name, s.Wildcards, old[i].Usable())
	}
}

// pause releases the locks, so that questions and other changes can go on.
func (p *Putter) pause() {
	if p.steps == 0 {
		return
	}
	p.mu.Unlock()
	p.writing.Unlock()
	p.steps = 0
	if p.Pieces++; p.Pieces == 1 {
		p.Since = time.Now()
	} else if p.Completed.Load() {
		p.Yield()
	}
}

// sameEntries reports whether two records have the same data at a name.
func (p *Putter) sameEntries(old, new []record.Entry) bool {
	if len(old) != len(new) {
		return false
	}
	for i := range old {
		if !p.Same(old[i].Data, new[i].Data) {
			return false
		}
	}
	return true
}

// cursor finds the entries of names. The names must be looked up in ascending order.
type cursor struct{ rest []record.Entry }

// at returns the entries at a name.
func (c *cursor) at(name string) []record.Entry {
	for len(c.rest) > 0 && cmp.Compare(c.rest[0].Name, name) < 0 {
		c.rest = c.rest[1:]
	}
	n := 0
	for n < len(c.rest) && c.rest[n].Name == name {
		n++
	}
	return c.rest[:n:n]
}
