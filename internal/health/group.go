package health

import (
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// group is several backend Services of an object, one of which has to have a ready endpoint.
type group struct {
	steering  record.Steering // of an object that has these backends
	readiness record.Readiness
	members   []*service
	ready     int // members that are not known to be unready
}

// groups holds the groups that records refer to, by ID. A group that was collected stays in both maps until the next sweep.
type groups struct {
	sweepable[group]
	byMember map[uint64][]uint64 // IDs of groups, by that of a member
}

// of returns the Steering of a group. Its members are in order of their IDs.
func (g *groups) of(id uint64, members []*service) *record.Steering {
	if found := g.get(id); found != nil {
		return &found.steering
	}
	n := &group{members: members}
	n.readiness.Backends = id
	n.steering = record.Steering{Readiness: &n.readiness, Stated: record.NothingStated}
	for _, m := range members {
		if m.readiness.Ready() {
			n.ready++
		}
	}
	n.judge()
	_, listed := g.entries[id]
	if g.put(id, n) {
		for member, ids := range g.byMember {
			ids = slices.DeleteFunc(ids, func(id uint64) bool { _, ok := g.entries[id]; return !ok })
			if g.byMember[member] = ids; len(ids) == 0 {
				delete(g.byMember, member)
			}
		}
	}
	if !listed {
		if g.byMember == nil {
			g.byMember = map[uint64][]uint64{}
		}
		for _, m := range members {
			g.byMember[m.readiness.Backends] = append(g.byMember[m.readiness.Backends], id)
		}
	}
	return &n.steering
}

// follow has the groups of a Service follow a change of its readiness.
func (g *groups) follow(changed *service) {
	for _, id := range g.byMember[changed.readiness.Backends] {
		n := g.get(id)
		switch {
		case n == nil: // it was collected
			continue
		case changed.readiness.Ready():
			n.ready++
		default:
			n.ready--
		}
		n.judge()
	}
}

// judge works out whether all members are known to be unready.
func (n *group) judge() {
	var facts record.Fact
	if n.ready == 0 {
		facts = record.Unready
	}
	n.readiness.Set(facts)
}
