package gatewayapi

import (
	"reflect"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// A retained binding is released, unless an open change may give its name to another route. Such a change began before the binding was
// lost, and a route that it has not yet rebound has a host that overlaps the pattern of the binding. The binding then waits for the
// change. It waits for no other change, however large (N7). The states of a binding are at type rebinder.

// retain retains a binding that a route has lost, until releaseNext or releaseLost releases it. by is as in rebind.
func (j *Join) retain(t routeBinding, by *change) {
	if j.retained == nil {
		j.retained = map[routeBinding]version{}
	}
	j.retained[t] = j.version
	if by != nil {
		by.lost = append(by.lost, t)
	} else {
		j.queue = append(j.queue, t)
	}
}

// renewRetained updates the retained bindings after a change of their Gateway's targets. Nil is no Gateway.
func (j *Join) renewRetained(key store.Key, old, new *ParentGateway) {
	if old != nil && new != nil && old.Targets.Equal(&new.Targets) {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	t := zone.Touched{Zones: j.Settings.Zones}
	for b := range j.retained {
		if b.Own == nil && b.Gateway == key {
			j.renew(&t, b.routes, b.Binding)
		}
	}
	t.Bump(time.Now())
}

// restore gives a retained binding back to its route, and reports whether the binding was retained.
func (j *Join) restore(t routeBinding) bool {
	if _, ok := j.retained[t]; !ok {
		return false
	}
	delete(j.retained, t)
	return true
}

// releaseQueue releases the bindings in the queue, except those that have to wait for an open change. If there are many, the pieces of the
// open changes release the rest.
func (j *Join) releaseQueue() {
	start := time.Now()
	for range 2 * maxBindings { // more are in the queue only while a change is open
		if !j.releaseNext() || len(j.open) > 0 && time.Since(start) > pieceDuration {
			return
		}
	}
}

// releaseNext makes one step of the release of the first binding in the queue, and reports whether there was one.
func (j *Join) releaseNext() bool {
	return j.releaseFirst(&j.queue, func(c *change) *[]routeBinding { return &c.waiting })
}

// releaseLost makes one step of the release of the first binding that a change of the parents removed, and reports whether there was one.
func (j *Join) releaseLost(c *change) bool {
	return j.releaseFirst(&c.lost, func(c *change) *[]routeBinding { return &c.lost })
}

// releaseFirst releases the first binding of a list, or moves it to a list of its holder, which waiting returns. If it cannot decide yet
// (see holder), it leaves the binding in the list. It reports whether the list had a binding.
func (j *Join) releaseFirst(list *[]routeBinding, waiting func(*change) *[]routeBinding) bool {
	if len(*list) == 0 {
		*list = nil
		return false
	}
	t := (*list)[0]
	lost, retained := j.retained[t] // it may have been restored
	var holder *change
	if retained {
		var decided bool
		if holder, decided = j.holder(t.Pattern, lost); !decided {
			return true
		}
	}
	*list = (*list)[1:]
	switch {
	case holder != nil:
		w := waiting(holder)
		*w = append(*w, t)
	case retained:
		delete(j.retained, t)
		j.release(t.routes, t.Binding, t.route)
	}
	return true
}

// holder returns an open change that may give a pattern, which was lost in a version of the parents, to another route. It returns nil
// if there is none. A call that collects the names of a route has no result yet, and returns decided = false: a piece of work must stay
// small.
func (j *Join) holder(pattern string, lost version) (c *change, decided bool) {
	for _, c := range j.open {
		if !c.mayAddBindings || c.before >= lost {
			continue
		}
		if n := c.names.routes; n < len(c.routes) {
			c.names.routes++
			j.collect(&c.names, c.routes[n])
			return nil, false
		}
		if c.names.overlaps(pattern) {
			return c, true
		}
	}
	return nil, true
}

// collect adds the names that a change may give to a route.
func (j *Join) collect(names *nameRange, r affectedRoute) {
	if _, ok := j.unbound[r.route]; !ok {
		return
	}
	for _, host := range r.route.Hosts {
		names.add(host)
	}
	if r.route.Inherit {
		now := j.Current()
		bindings, _ := now.Bindings(r.Routes, r.route)
		for _, b := range bindings {
			names.add(b.Pattern)
		}
	}
}

// nameRange is a set of patterns. It finds every pattern that overlaps one of them, and a few that do not.
type nameRange struct {
	routes int             // how many routes of the change are collected
	names  map[string]bool // the patterns and all names above them; true for a name with a wildcard directly below it
}

// add adds a pattern.
func (r *nameRange) add(pattern string) {
	if r.names == nil {
		r.names = map[string]bool{}
	}
	name, wild := dnsname.CutWildcard(pattern)
	for ok := true; ok; name, ok = dnsname.Parent(name) {
		covered, there := r.names[name]
		r.names[name] = covered || wild
		if there { // so are all names above it
			return
		}
		wild = false
	}
}

// overlaps reports whether a name may match both the pattern and one that was added.
func (r *nameRange) overlaps(pattern string) bool {
	name, _ := dnsname.CutWildcard(pattern)
	if _, ok := r.names[name]; ok {
		return true
	}
	for ok := true; ok; name, ok = dnsname.Parent(name) {
		if r.names[name] {
			return true
		}
	}
	return false
}

// mayAddBindings reports whether a new version of a Gateway may give a route a binding that the route did not have. Most changes of
// Gateways do not: they change addresses only, or nothing that is stored.
func (p *ParentGateway) mayAddBindings(old *ParentGateway) bool {
	switch {
	case p == nil:
		return false
	case old == nil || !reflect.DeepEqual(p.listeners, old.listeners) || !reflect.DeepEqual(p.sets, old.sets):
		return true
	}
	return len(p.Addrs)+len(p.Hosts) > 0 && !(alwaysUsable(&p.Targets) && alwaysUsable(&old.Targets))
}

// alwaysUsable reports whether targets are usable for every name: one hostname alone is not usable for that name itself (C5).
func alwaysUsable(t *record.Targets) bool { return len(t.Addrs) > 0 || len(t.Hosts) > 1 }

// mayAddBindings reports whether a new version of a ListenerSet may give a route a binding that the route did not have.
func (s *ListenerSet) mayAddBindings(old *ListenerSet) bool {
	return s != nil && (old == nil || s.gateway != old.gateway || !reflect.DeepEqual(s.listeners, old.listeners))
}
