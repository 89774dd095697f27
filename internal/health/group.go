package health

import (
	"runtime"
	"slices"
	"weak"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// maxMembers is how many backend Services a group may have. It bounds the memory and the time that one name of an object costs
// (N7). A name with more backends counts as ready.
const maxMembers = 256

// group is the set of the backend Services of a name, if there are several. It is ready if one of them is.
type group struct {
	steering  record.Steering // of an object that has these backends
	readiness record.Readiness
	members   []*service
	ready     int // members that are ready
}

// groups holds the groups that records refer to. A cleanup of the garbage collector removes a collected group from both maps.
type groups struct {
	entries  map[uint64]weak.Pointer[group] // by ID
	byMember map[uint64]*memberships        // by the ID of a member
}

// memberships is the groups that a Service is in.
type memberships struct {
	groups []weak.Pointer[group]
	dead   int // the number of removals since the last compaction: at least as many as there are collected groups in the list
}

// removal says what to remove when a group was collected.
type removal struct {
	id      uint64
	group   weak.Pointer[group]
	members []*service
}

// group returns the Steering of the group with these members, which are in order of their IDs.
func (j *Join) group(id uint64, members []*service) *record.Steering {
	g := &j.groups
	if found := g.entries[id].Value(); found != nil {
		return &found.steering
	}
	n := &group{members: members}
	n.readiness.ID = id
	n.steering = record.Steering{Readiness: &n.readiness, Stated: record.NothingStated}
	for _, m := range members {
		if m.readiness.Ready() {
			n.ready++
		}
	}
	n.updateReadiness()
	w := weak.Make(n)
	g.add(id, w, members)
	runtime.AddCleanup(n, j.removeGroup, removal{id, w, members})
	return &n.steering
}

func (g *groups) add(id uint64, w weak.Pointer[group], members []*service) {
	if g.entries == nil {
		g.entries, g.byMember = map[uint64]weak.Pointer[group]{}, map[uint64]*memberships{}
	}
	g.entries[id] = w
	for _, m := range members {
		of := g.byMember[m.readiness.ID]
		if of == nil {
			of = &memberships{}
			g.byMember[m.readiness.ID] = of
		}
		of.groups = append(of.groups, w)
	}
}

// removeGroup removes a collected group from the maps.
func (j *Join) removeGroup(r removal) {
	j.mu.Lock()
	defer j.mu.Unlock()
	g := &j.groups
	if g.entries[r.id] == r.group { // there may be another one with these members by now
		delete(g.entries, r.id)
	}
	for _, m := range r.members {
		id := m.readiness.ID
		if of := g.byMember[id]; of != nil && of.remove() {
			delete(g.byMember, id)
		}
	}
}

// remove notes that one more group was collected, and reports whether none is left. The list is compacted when half of its groups
// may be dead, so that the time for each removal does not grow with the list.
func (m *memberships) remove() (empty bool) {
	m.dead++
	if 2*m.dead >= len(m.groups) {
		kept := slices.DeleteFunc(m.groups, func(w weak.Pointer[group]) bool { return w.Value() == nil })
		m.groups, m.dead = slices.Clip(slices.Clone(kept)), 0
	}
	return len(m.groups) == 0
}

// memberChanged updates the groups of a Service after a change of its readiness.
func (g *groups) memberChanged(changed *service) {
	of := g.byMember[changed.readiness.ID]
	if of == nil {
		return
	}
	for _, w := range of.groups {
		n := w.Value()
		switch {
		case n == nil: // it was collected
			continue
		case changed.readiness.Ready():
			n.ready++
		default:
			n.ready--
		}
		n.updateReadiness()
	}
}

// updateReadiness decides whether the group is unready: all its members are.
func (n *group) updateReadiness() {
	var facts record.Fact
	if n.ready == 0 {
		facts = record.Unready
	}
	n.readiness.Set(facts)
}
