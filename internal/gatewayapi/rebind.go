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
// An affected route keeps its bindings from the version before the change, until a piece rebinds it. It also keeps the bindings
// that it then loses, until no change can give the same name to another route (release.go). So a name that moves from one route
// to another does not disappear in between. Join.mu guards all fields.
type rebinder struct {
	version  version
	unbound  map[*Route]version       // for each route that is to be rebound: the version of its present bindings
	open     []*change                // the changes that have not rebound all of their routes, in order
	retained map[routeBinding]version // bindings that a route has lost and still keeps, with the version at which this was noticed
	queue    []routeBinding           // the kept bindings that changes of routes removed, in that order; some may have been restored since
}

// routeBinding is a binding of one route.
type routeBinding struct {
	routes *Routes
	route  *Route
	Binding
}

// change is one change in progress. It rebinds the routes that it affects.
type change struct {
	before         version
	mayAddBindings bool            // the change may give a route a binding that the route did not have
	routes         []affectedRoute // the routes that are still to be rebound
	lost           []routeBinding  // the bindings that its routes lost; they are released after the last route was rebound
	waiting        []routeBinding  // bindings that changes of routes removed, and whose names this change may give to another route
	names          nameRange       // the names of the routes in the list routes, collected as soon as a binding was to be released
}

type affectedRoute struct {
	*Routes
	route *Route
}

const (
	pieceDuration      = 2 * time.Millisecond // the duration of one piece, unless a single route takes longer
	foregroundBindings = 1 << 14              // bindings that a change makes before it continues in the background, so that the next change can begin
)

// change makes a change: apply stores it, and returns the routes that are to be rebound. A large change is finished in the
// background, but only after everything was listed. Until then it is finished at once, because a start waits for its result.
func (j *Join) change(gives bool, apply func(last version) affected) {
	c := j.begin(gives, apply)
	if !j.proceed(c, foregroundBindings) {
		j.run(func() { j.proceed(c, 0) })
	}
}

// begin stores a change, and notes the routes that it affects.
func (j *Join) begin(gives bool, apply func(last version) affected) *change {
	j.mu.Lock()
	defer j.mu.Unlock()
	c := &change{before: j.version, mayAddBindings: gives}
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

// proceed makes about most bindings of a change, or all of them if most is 0. It reports whether the change is finished.
func (j *Join) proceed(c *change, most int) bool {
	p := pace.Pace{Since: time.Now()}
	known := j.Completed.Load()
	for worked := 0; !j.ended(); {
		n, done := j.piece(c)
		if done {
			return true
		}
		if worked += n; known && most > 0 && worked > most {
			return false
		}
		if known {
			p.Yield()
		}
	}
	return true // the instance has ended
}

// piece makes one piece of a change: first the additions for all routes, then the removals. Bindings that changes of routes
// removed have precedence, because these are few and do not depend on this change.
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

// close notes that a change has rebound all of its routes.
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
// now. Nil is no route. by is the change of the parents for which the route is rebound, or nil. It returns the number of
// bindings before and after.
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
			// A record that only lost bindings kept alive has missed changes of its Gateway.
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

// movement finds the Gateways that had other targets, or none, at some time since a version of the parents. It remembers the
// last Gateway, because most bindings of a route have the same.
type movement struct {
	*Join
	since     version
	gateway   store.Key
	lastMoved bool
}

func (m *movement) moved(b Binding) bool {
	if b.Own == nil && b.Gateway != m.gateway {
		now := m.Gateways.get(b.Gateway)
		m.gateway, m.lastMoved = b.Gateway, slices.ContainsFunc(m.Gateways.past[b.Gateway], func(s superseded[ParentGateway]) bool {
			return s.last >= m.since && (s.old == nil || now == nil || !s.old.Targets.Equal(&now.Targets))
		})
	}
	return b.Own == nil && m.lastMoved
}
