package gateway

import (
	"slices"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// version counts the changes of Gateways, ListenerSets and Namespaces.
type version uint64

// rebinder is the state of changes that are made in pieces. A change of a Gateway, a ListenerSet or a Namespace may concern
// all routes of a cluster, with thousands of names each, and nobody else's change should wait for that (N7). So join.mu is
// released between pieces. A route that a change concerns stays bound as it was in the version of the world before, until a
// piece comes to it. It keeps what it loses until all routes have got what is new, so that a name that one route hands to
// another does not go away in between. All of it is guarded by join.mu.
type rebinder struct {
	version version
	unbound map[*route]version // the version by which a route is still bound
	open    []version          // before the changes that have not come to all of their routes, in order
	kept    map[tie]version    // the bindings that a route has lost and keeps for now, and the version when that was noticed
	queue   []tie              // the same, in that order; some may have been taken up again
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
	routes []affectedRoute // to be rebound
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
func (j *join) change(apply func(last version) affected) {
	j.mu.Lock()
	c := &worldChange{before: j.version}
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
	j.open = append(j.open, c.before)
	j.mu.Unlock()
	if g := j.gateway; !j.proceed(c, immediate) {
		g.running.Go(func() { j.proceed(c, 0) })
	}
}

// proceed works on a change, at most about as many bindings as are given, 0 being all, and reports whether it is done.
func (j *join) proceed(c *worldChange, most int) bool {
	p := pace{time.Now()}
	known := j.gateway.completed.Load()
	for worked := 0; j.gateway.ctx == nil || j.gateway.ctx.Err() == nil; {
		n, done := j.piece(c)
		if done {
			return true
		}
		if worked += n; known && most > 0 && worked > most {
			return false
		}
		if known {
			p.keep()
		}
	}
	return true // nobody is there to see it
}

// piece does one piece of a change: first what is new for all routes, then what goes away.
func (j *join) piece(c *worldChange) (worked int, done bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for start := time.Now(); time.Since(start) < heldFor; {
		if n := len(c.routes); n > 0 {
			next := c.routes[n-1]
			c.routes = c.routes[:n-1]
			if _, ok := j.unbound[next.route]; ok {
				worked += j.rebind(next.routes, next.route, next.route)
			}
			continue
		}
		if n := slices.Index(j.open, c.before); n >= 0 {
			j.open = slices.Delete(j.open, n, n+1)
			if len(j.open) == 0 {
				j.gateways.past, j.sets.past, j.namespaces.past = nil, nil, nil
			}
		}
		if !j.releaseNext() {
			return worked, true
		}
		worked++
	}
	return worked, false
}

// rebind takes a route from what it was bound to before a change, of its own or of the world, to what it is bound to now. Nil
// is no route. It returns how many bindings it looked at.
func (j *join) rebind(r *routes, before, after *route) int {
	now := j.world()
	then := now
	if v, ok := j.unbound[before]; ok {
		then = j.worldAt(v)
		delete(j.unbound, before)
	}
	old, excessBefore := then.bindings(r, before)
	new, excess := now.bindings(r, after)
	m := movement{then: then, now: now}
	for _, b := range new {
		if _, found := slices.BinarySearchFunc(old, b, binding.compare); !found {
			if !j.takeUp(tie{r, after, b}) {
				j.bind(r, b, after)
			}
			continue
		}
		if before != after {
			r.record(b).RouteSet.Replace(&before.Meta, &after.Meta)
		}
		if m.of(b) {
			j.gateway.recount(r.served, b.pattern, func() *record.Record { return r.record(b) })
			j.gateway.zones.touch(b.pattern, dnsname.AnyDepth, time.Now())
		}
	}
	for _, b := range old {
		if _, found := slices.BinarySearchFunc(new, b, binding.compare); !found {
			j.keep(tie{r, before, b})
		}
	}
	if after != nil {
		report(r.served.name, after.Key().String(), excessBefore, excess)
	}
	return len(old) + len(new)
}

// keep has a route keep a binding that it has lost, until releaseNext takes it away.
func (j *join) keep(t tie) {
	if j.kept == nil {
		j.kept = map[tie]version{}
	}
	j.kept[t] = j.version
	j.queue = append(j.queue, t)
}

// takeUp has a route have a binding again that it has lost and still keeps, and reports whether there is one.
func (j *join) takeUp(t tie) bool {
	if _, ok := j.kept[t]; !ok {
		return false
	}
	delete(j.kept, t)
	return true
}

// releaseNext takes the next binding away that was lost, unless a change is on its way that may give it to another route. It
// reports whether there was one.
func (j *join) releaseNext() bool {
	for len(j.queue) > 0 {
		t := j.queue[0]
		lost, ok := j.kept[t]
		if ok && len(j.open) > 0 && lost > j.open[0] {
			return false
		}
		j.queue = j.queue[1:]
		if ok {
			delete(j.kept, t)
			j.release(t.routes, t.binding, t.route)
			return true
		}
	}
	j.queue = nil
	return false
}

// movement finds the Gateways that have other targets after a change than before. Most bindings of a route are under the same.
type movement struct {
	then, now world
	gateway   store.Key
	moved     bool
}

func (m *movement) of(b binding) bool {
	if b.own == nil && b.gateway != m.gateway {
		m.gateway, m.moved = b.gateway, false
		if then, now := m.then.gateway(b.gateway), m.now.gateway(b.gateway); then != now && then != nil && now != nil {
			m.moved = !then.Targets.Equal(&now.Targets)
		}
	}
	return b.own == nil && m.moved
}
