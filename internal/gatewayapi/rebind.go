package gatewayapi

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

// rebinder is the state of changes that are made in pieces. A change of a Gateway, a ListenerSet or a Namespace may affect all
// routes of a cluster, with thousands of names each, and other changes must not wait for it (N7). So Join.mu is released between
// pieces.
//
// An affected route keeps its bindings from the version before the change, until a piece rebinds it. The bindings that the route then
// loses are retained until no open change can give their names to another route. So a name that moves from one route to another is
// served without interruption. The states of a binding of one route:
//
//	            rebind: the route has it
//	(none) -------------------------------> bound <----------------------+
//	                                          |                          |
//	                   rebind: the route lost it                         | restore: the
//	                                          |                          | route has it
//	                                          v                          | again
//	       +------------------------------ retained ---------------------+
//	       |                                 |  ^                        |
//	       | an open change, the holder,     |  | the holder has         |
//	       | may give the name to            |  | rebound its routes     |
//	       | another route                   v  |                        |
//	       |                               waiting ----------------------+
//	       |
//	       +--> released, if there is no such change
//
//	bound     The record of the binding counts the route, so the binding is served.
//	retained  As bound, and in the map retained. It is in the list lost of the change that removed it or, if a change of the route
//	          itself removed it, in the list queue.
//	waiting   As retained, but in a list of its holder: in lost if it was in a list lost, in waiting if it was in queue.
//	released  The record does not count the route. A record without routes is removed.
//
// release.go has the transitions from retained and waiting. Join.mu guards all fields.
type rebinder struct {
	version  version
	unbound  map[*Route]version       // the routes that are to be rebound, with the version of their present bindings
	open     []*change                // the changes that have not rebound all of their routes, in order
	retained map[routeBinding]version // bindings that are retained or waiting, with the version in which they were lost
	queue    []routeBinding           // retained bindings that changes of routes removed, in order; some may have been restored since
}

// routeBinding is a binding of one route.
type routeBinding struct {
	routes *Routes
	route  *Route
	Binding
}

// change is one change of the parents in progress. It rebinds the routes that it affects.
type change struct {
	before         version         // the version before the change
	mayAddBindings bool            // the change may give a route a binding that the route did not have
	routes         []affectedRoute // the routes that are still to be rebound
	lost           []routeBinding  // the bindings that its routes lost, and those that wait for it; released after the last route was rebound
	waiting        []routeBinding  // the bindings from the queue that wait for this change; they return to the queue
	names          nameRange       // the names of the routes in the list routes, collected when a binding is to be released
}

type affectedRoute struct {
	*Routes
	route *Route
}

const (
	pieceDuration      = 2 * time.Millisecond // the duration of one piece, exceeded only if a single route takes longer
	foregroundBindings = 1 << 14              // bindings that a change processes before it continues in the background
)

// change makes a change of the parents: apply stores it, and returns the routes that are to be rebound. The rest of a large change is
// made in the background, so that the next change can begin. Until everything is listed it is made at once, because a start waits for
// its result.
func (j *Join) change(mayAddBindings bool, apply func(last version) affected) {
	c := j.begin(mayAddBindings, apply)
	if !j.proceed(c, foregroundBindings) {
		j.run(func() { j.proceed(c, 0) })
	}
}

// begin stores a change, and notes the routes that it affects.
func (j *Join) begin(mayAddBindings bool, apply func(last version) affected) *change {
	j.mu.Lock()
	defer j.mu.Unlock()
	c := &change{before: j.version, mayAddBindings: mayAddBindings}
	j.version++
	for rt, r := range apply(c.before) {
		c.routes = append(c.routes, affectedRoute{r, rt})
		if _, ok := j.unbound[rt]; !ok {
			if j.unbound == nil {
				j.unbound = map[*Route]version{}
			}
			j.unbound[rt] = c.before
		}
	}
	j.open = append(j.open, c)
	return c
}

// proceed processes about most bindings of a change, or all of them if most is 0. It reports whether the change is finished, or the
// instance has ended.
func (j *Join) proceed(c *change, most int) bool {
	p := pace.Pace{Since: time.Now()}
	completed := j.Completed.Load()
	for worked := 0; !j.ended(); {
		n, done := j.piece(c)
		if done {
			return true
		}
		if worked += n; completed && most > 0 && worked > most {
			return false
		}
		if completed {
			p.Yield()
		}
	}
	return true
}

// piece makes one piece of a change. A change first rebinds all of its routes, then releases the bindings that they lost. Before that,
// each piece releases the bindings in the queue, because they are few and do not depend on this change. piece returns how many bindings
// it processed, and whether the change is finished.
func (j *Join) piece(c *change) (worked int, done bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for start := time.Now(); j.releaseNext(); {
		if worked++; time.Since(start) > pieceDuration {
			return worked, false
		}
	}
	for start := time.Now(); time.Since(start) < pieceDuration; {
		if n := len(c.routes); n > 0 {
			next := c.routes[n-1]
			c.routes = c.routes[:n-1]
			if _, ok := j.unbound[next.route]; ok {
				worked += j.rebind(next.Routes, next.route, next.route, c)
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

// close removes a change that has rebound all of its routes from the open ones. The bindings that waited for it return to the queue.
func (j *Join) close(c *change) {
	n := slices.Index(j.open, c)
	if n < 0 {
		return
	}
	j.open = slices.Delete(j.open, n, n+1)
	j.queue = append(j.queue, c.waiting...)
	c.waiting, c.names = nil, nameRange{}
	if len(j.open) == 0 {
		j.Gateways.past, j.Sets.past, j.namespaces.past = nil, nil, nil
	}
}

// rebind replaces the bindings that a route had before a change, of the route itself or of the parents, by those that it has
// now. Nil is no route. by is the change of the parents for which the route is rebound; it is nil for a change of the route. rebind
// returns the number of bindings before and after.
func (j *Join) rebind(r *Routes, before, after *Route, by *change) int {
	now := j.Current()
	then, m := now, movement{Join: j, since: j.version}
	if v, ok := j.unbound[before]; ok {
		then, m.since = j.snapshotAt(v), v
		delete(j.unbound, before)
	}
	old, excessBefore := then.Bindings(r, before)
	new, excess := now.Bindings(r, after)
	t := zone.Touched{Zones: j.Settings.Zones}
	for _, b := range new {
		if _, found := slices.BinarySearchFunc(old, b, Binding.compare); !found {
			// A record that exists only because of retained bindings has missed changes of its Gateway.
			if j.restore(routeBinding{r, after, b}) || !j.bind(r, b, after) && len(j.retained) > 0 {
				j.renew(&t, r, b)
			}
			continue
		}
		if before != after {
			r.record(b).Routes().Replace(&before.Meta, &after.Meta)
		}
		if m.moved(b) {
			j.renew(&t, r, b)
		}
	}
	for _, b := range old {
		if _, found := slices.BinarySearchFunc(new, b, Binding.compare); !found {
			j.retain(routeBinding{r, before, b}, by)
			if m.moved(b) {
				j.renew(&t, r, b)
			}
		}
	}
	t.Bump(time.Now())
	if after != nil {
		kube.ReportSkipped(r.Kind, r.Kind, after.Key().String(), excessBefore, excess)
	}
	return len(old) + len(new)
}

// renew updates the data of a binding after the targets of its Gateway may have changed.
func (j *Join) renew(t *zone.Touched, r *Routes, b Binding) {
	j.Recount(r.Bindings, b.Pattern, func() *record.Record { return r.record(b) })
	t.Add(b.Pattern, dnsname.AnyDepth)
}

// movement finds the Gateways that had other targets than now, or did not exist, at some time since a version of the parents. It caches
// the result for the last Gateway, because most bindings of a route have the same.
type movement struct {
	*Join
	since     version
	gateway   store.Key // the last Gateway
	lastMoved bool      // the result for it
}

// moved reports whether a binding takes its targets from such a Gateway.
func (m *movement) moved(b Binding) bool {
	if b.Own == nil && b.Gateway != m.gateway {
		now := m.Gateways.get(b.Gateway)
		m.gateway, m.lastMoved = b.Gateway, slices.ContainsFunc(m.Gateways.past[b.Gateway], func(s superseded[ParentGateway]) bool {
			return s.last >= m.since && (s.old == nil || now == nil || !s.old.Targets.Equal(&now.Targets))
		})
	}
	return b.Own == nil && m.lastMoved
}
