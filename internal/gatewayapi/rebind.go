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

// Version counts the changes of Gateways, ListenerSets and Namespaces.
type Version uint64

// rebinder is the state of changes that are made in pieces. A change of a Gateway, a ListenerSet or a Namespace may concern
// all routes of a cluster, with thousands of names each, and nobody else's change should wait for that (N7). So Join.mu is
// released between pieces. A route that a change concerns stays bound as it was in the version of the parents before, until a
// piece comes to it. It keeps what it loses until no change can give the same name to another route (release.go), so that a
// name that one route hands to another does not go away in between. All of it is guarded by Join.mu.
type rebinder struct {
	version Version
	Unbound map[*Route]Version       // the version by which a route is still bound
	Open    []*Change                // the changes that have not come to all of their routes, in order
	Kept    map[routeBinding]Version // the bindings that a route has lost and keeps for now, and the version when that was noticed
	Queue   []routeBinding           // those of kept that changes of routes took away, in that order; some may have been taken up again
}

// routeBinding is a binding that a route is behind.
type routeBinding struct {
	routes *Routes
	route  *Route
	Binding
}

// Change is one change on its way through the routes that it concerns.
type Change struct {
	before Version
	gives  bool            // it may give a route a binding that the route did not have
	routes []affectedRoute // to be rebound
	lost   []routeBinding  // the bindings that its routes lost, to be released after its last route was rebound
	held   []routeBinding  // the bindings that changes of routes took away, and whose names this change may give to another route
	names  nameRange       // of the routes that were to be rebound when a binding was first to be released
}

type affectedRoute struct {
	*Routes
	route *Route
}

const (
	heldFor   = 2 * time.Millisecond // of one piece, if it is not a single route
	immediate = 1 << 14              // bindings that a change makes before the next one of the same kind has its turn
)

// change makes a change, which apply stores, and has it come to the routes that apply returns. What is much is finished in the
// background, once everything is known: until then, who waits for what is known waits for this as well.
func (j *Join) change(gives bool, apply func(last Version) Affected) {
	c := j.Begin(gives, apply)
	if !j.Proceed(c, immediate) {
		j.run(func() { j.Proceed(c, 0) })
	}
}

// Begin stores a change, and notes the routes that it concerns.
func (j *Join) Begin(gives bool, apply func(last Version) Affected) *Change {
	j.Mu.Lock()
	defer j.Mu.Unlock()
	c := &Change{before: j.version, gives: gives}
	j.version++
	for rt, r := range apply(c.before) {
		c.routes = append(c.routes, affectedRoute{r, rt})
		if _, ok := j.Unbound[rt]; !ok {
			if j.Unbound == nil {
				j.Unbound = map[*Route]Version{}
			}
			j.Unbound[rt] = c.before
		}
	}
	j.Open = append(j.Open, c)
	return c
}

// Proceed works off about so many bindings of a change, 0 being all, and reports whether none are left.
func (j *Join) Proceed(c *Change, most int) bool {
	p := pace.Pace{Since: time.Now()}
	known := j.Completed.Load()
	for worked := 0; !j.over(); {
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
	return true // nobody is there to see it
}

// piece does one piece of a change: first what is new for all routes, then what goes away. What routes lost by changes of
// their own has precedence, because it is little and does not wait for this change.
func (j *Join) piece(c *Change) (worked int, done bool) {
	j.Mu.Lock()
	defer j.Mu.Unlock()
	for start := time.Now(); j.releaseNext(); {
		if worked++; time.Since(start) > heldFor {
			return worked, false
		}
	}
	for start := time.Now(); time.Since(start) < heldFor; {
		if n := len(c.routes); n > 0 {
			next := c.routes[n-1]
			c.routes = c.routes[:n-1]
			if _, ok := j.Unbound[next.route]; ok {
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

// close notes that a change has come to all of its routes.
func (j *Join) close(c *Change) {
	n := slices.Index(j.Open, c)
	if n < 0 {
		return
	}
	j.Open = slices.Delete(j.Open, n, n+1)
	j.Queue = append(j.Queue, c.held...)
	c.held, c.names = nil, nameRange{}
	if len(j.Open) == 0 {
		j.Gateways.Past, j.Sets.Past, j.namespaces.Past = nil, nil, nil
	}
}

// rebind takes a route from what it was bound to before a change, of its own or of the parents, to what it is bound to now. Nil
// is no route. The Change is the one that the route is rebound for, or nil. It returns how many bindings it looked at.
func (j *Join) rebind(r *Routes, before, after *Route, by *Change) int {
	now := j.Current()
	then, m := now, movement{Join: j, since: j.version}
	if v, ok := j.Unbound[before]; ok {
		then, m.since = j.snapshotAt(v), v
		delete(j.Unbound, before)
	}
	old, excessBefore := then.Bindings(r, before)
	new, excess := now.Bindings(r, after)
	t := zone.Touched{Zones: j.Settings.Zones}
	for _, b := range new {
		if _, found := slices.BinarySearchFunc(old, b, Binding.compare); !found {
			// A record that only lost bindings kept has missed what became of its Gateway meanwhile.
			if j.restore(routeBinding{r, after, b}) || !j.bind(r, b, after) && len(j.Kept) > 0 {
				j.renew(&t, r, b)
			}
			continue
		}
		if before != after {
			r.record(b).Routes().Replace(&before.Meta, &after.Meta)
		}
		if m.of(b) {
			j.renew(&t, r, b)
		}
	}
	for _, b := range old {
		if _, found := slices.BinarySearchFunc(new, b, Binding.compare); !found {
			j.keep(routeBinding{r, before, b}, by)
			if m.of(b) {
				j.renew(&t, r, b)
			}
		}
	}
	t.Bump(time.Now())
	if after != nil {
		kube.ReportSkipped(r.Kind, after.Key().String(), excessBefore, excess)
	}
	return len(old) + len(new)
}

// renew has what is served under a binding follow its Gateway, which may have other targets than before.
func (j *Join) renew(t *zone.Touched, r *Routes, b Binding) {
	j.Recount(r.Bindings, b.Pattern, func() *record.Record { return r.record(b) })
	t.Add(b.Pattern, dnsname.AnyDepth)
}

// movement finds the Gateways that had other targets, or none, at some time since a version of the parents. Most bindings of a
// route are under the same.
type movement struct {
	*Join
	since   Version
	gateway store.Key
	moved   bool
}

func (m *movement) of(b Binding) bool {
	if b.Own == nil && b.Gateway != m.gateway {
		now := m.Gateways.get(b.Gateway)
		m.gateway, m.moved = b.Gateway, slices.ContainsFunc(m.Gateways.Past[b.Gateway], func(s superseded[ParentGateway]) bool {
			return s.last >= m.since && (s.old == nil || now == nil || !s.old.Targets.Equal(&now.Targets))
		})
	}
	return b.Own == nil && m.moved
}
