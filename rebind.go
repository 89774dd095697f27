package gateway

import (
	"slices"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/pace"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// version counts the changes of Gateways, ListenerSets and Namespaces.
type version uint64

// rebinder is the state of changes that are made in pieces. A change of a Gateway, a ListenerSet or a Namespace may concern
// all routes of a cluster, with thousands of names each, and nobody else's change should wait for that (N7). So join.mu is
// released between pieces. A route that a change concerns stays bound as it was in the version of the world before, until a
// piece comes to it. It keeps what it loses until no change can give the same name to another route (release.go), so that a
// name that one route hands to another does not go away in between. All of it is guarded by join.mu.
type rebinder struct {
	version version
	unbound map[*route]version // the version by which a route is still bound
	open    []*worldChange     // the changes that have not come to all of their routes, in order
	kept    map[tie]version    // the bindings that a route has lost and keeps for now, and the version when that was noticed
	queue   []tie              // those of kept that changes of routes took away, in that order; some may have been taken up again
}

// tie is a binding that a route is behind.
type tie struct {
	routes *routes
	route  *route
	binding
}

// worldChange is one change on its way through the routes that it concerns.
type worldChange struct {
	before version
	gives  bool            // it may give a route a binding that the route did not have
	routes []affectedRoute // to be rebound
	lost   []tie           // the bindings that its routes lost, to be released after its last route was rebound
	held   []tie           // the bindings that changes of routes took away, and whose names this change may give to another route
	names  nameRange       // of the routes that were to be rebound when a binding was first to be released
}

type affectedRoute struct {
	*routes
	route *route
}

const (
	heldFor   = 2 * time.Millisecond // of one piece, if it is not a single route
	immediate = 1 << 14              // bindings that a change makes before the next one of the same kind has its turn
)

// change makes a change, which apply stores, and has it come to the routes that apply returns. What is much is finished in the
// background, once everything is known: until then, who waits for what is known waits for this as well.
func (j *join) change(gives bool, apply func(last version) affected) {
	c := j.begin(gives, apply)
	if !j.proceed(c, immediate) {
		j.run(func() { j.proceed(c, 0) })
	}
}

// begin stores a change, and notes the routes that it concerns.
func (j *join) begin(gives bool, apply func(last version) affected) *worldChange {
	j.mu.Lock()
	defer j.mu.Unlock()
	c := &worldChange{before: j.version, gives: gives}
	j.version++
	for rt, r := range apply(c.before) {
		c.routes = append(c.routes, affectedRoute{r, rt})
		if _, ok := j.unbound[rt]; !ok {
			if j.unbound == nil {
				j.unbound = map[*route]version{}
			}
			j.unbound[rt] = c.before
		}
	}
	j.open = append(j.open, c)
	return c
}

// proceed works on a change, at most about as many bindings as are given, 0 being all, and reports whether it is done.
func (j *join) proceed(c *worldChange, most int) bool {
	p := pace.Pace{Since: time.Now()}
	known := j.Listed.Load()
	for worked := 0; !j.over(); {
		n, done := j.piece(c)
		if done {
			return true
		}
		if worked += n; known && most > 0 && worked > most {
			return false
		}
		if known {
			p.Keep()
		}
	}
	return true // nobody is there to see it
}

// piece does one piece of a change: first what is new for all routes, then what goes away. What routes lost by changes of
// their own has precedence, because it is little and does not wait for this change.
func (j *join) piece(c *worldChange) (worked int, done bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for start := time.Now(); j.releaseNext(); {
		if worked++; time.Since(start) > heldFor {
			return worked, false
		}
	}
	for start := time.Now(); time.Since(start) < heldFor; {
		if n := len(c.routes); n > 0 {
			next := c.routes[n-1]
			c.routes = c.routes[:n-1]
			if _, ok := j.unbound[next.route]; ok {
				worked += j.rebind(next.routes, next.route, next.route, c)
			}
			continue
		}
		j.close(c)
		if !j.releaseLost(c) && !j.releaseNext() {
			return worked, true
		}
		worked++
	}
	return worked, false
}

// close notes that a change has come to all of its routes.
func (j *join) close(c *worldChange) {
	n := slices.Index(j.open, c)
	if n < 0 {
		return
	}
	j.open = slices.Delete(j.open, n, n+1)
	j.queue = append(j.queue, c.held...)
	c.held, c.names = nil, nameRange{}
	if len(j.open) == 0 {
		j.gateways.past, j.sets.past, j.namespaces.past = nil, nil, nil
	}
}

// rebind takes a route from what it was bound to before a change, of its own or of the world, to what it is bound to now. Nil
// is no route. The worldChange is the one that the route is rebound for, or nil. It returns how many bindings it looked at.
func (j *join) rebind(r *routes, before, after *route, by *worldChange) int {
	now := j.world()
	then, m := now, movement{join: j, since: j.version}
	if v, ok := j.unbound[before]; ok {
		then, m.since = j.worldAt(v), v
		delete(j.unbound, before)
	}
	old, excessBefore := then.bindings(r, before)
	new, excess := now.bindings(r, after)
	t := zone.Touched{Zones: j.Settings.Zones}
	renew := func(b binding) { // the targets of its Gateway may be others than before
		j.Recount(r.bindings, b.pattern, func() *record.Record { return r.record(b) })
		t.Add(b.pattern, dnsname.AnyDepth)
	}
	for _, b := range new {
		if _, found := slices.BinarySearchFunc(old, b, binding.compare); !found {
			// A record that only lost bindings kept has missed what became of its Gateway meanwhile.
			if j.takeUp(tie{r, after, b}) || !j.bind(r, b, after) && len(j.kept) > 0 {
				renew(b)
			}
			continue
		}
		if before != after {
			r.record(b).RouteSet.Replace(&before.Meta, &after.Meta)
		}
		if m.of(b) {
			renew(b)
		}
	}
	for _, b := range old {
		if _, found := slices.BinarySearchFunc(new, b, binding.compare); !found {
			j.keep(tie{r, before, b}, by)
			if m.of(b) {
				renew(b)
			}
		}
	}
	t.Bump(time.Now())
	if after != nil {
		kube.ReportSkipped(r.kind, after.Key().String(), excessBefore, excess)
	}
	return len(old) + len(new)
}

// movement finds the Gateways that had other targets, or none, at some time since a version of the world. Most bindings of a
// route are under the same.
type movement struct {
	*join
	since   version
	gateway store.Key
	moved   bool
}

func (m *movement) of(b binding) bool {
	if b.own == nil && b.gateway != m.gateway {
		now := m.gateways.get(b.gateway)
		m.gateway, m.moved = b.gateway, slices.ContainsFunc(m.gateways.past[b.gateway], func(s superseded[parentGateway]) bool {
			return s.last >= m.since && (s.old == nil || now == nil || !s.old.Targets.Equal(&now.Targets))
		})
	}
	return b.own == nil && m.moved
}
