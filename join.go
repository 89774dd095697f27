package gateway

import (
	"cmp"
	"slices"
	"sync"

	"k8s.io/utils/third_party/forked/golang/btree"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// join brings routes and Gateways together. A route and the listeners that take it make bindings: the
// patterns that the route's hosts and the listeners' have in common. Each binding is a record of the route's
// kind, once for however many routes share it, so that a query for a name costs the same whether one
// route has it or hundreds do. Targets are not part of a binding: a query takes them from the Gateway.
//
// Bindings are worked out when a route, a Gateway, a ListenerSet or the labels of a Namespace change, not
// when a question comes, because only then does the table of names know what exists.
type join struct {
	gateway *Gateway
	cluster *cluster
	kinds   []*routes
	self    *served // Gateways as a kind of their own; nil unless configured

	gateways   parents[parentGateway]
	sets       parents[listenerSet] // watched once a Gateway lets ListenerSets in
	namespaces parents[namespace]   // watched once a listener selects by their labels

	mu sync.Mutex // one change, or one piece of it, at a time; no query waits for it
	rebinder
}

// parents holds one of the things that decide which routes are served.
type parents[T any] struct {
	index     *store[T]
	informers []*informer
	past      map[objectKey][]superseded[T] // guarded by join.mu
}

// superseded is what an object was up to a version of the world, nil being none.
type superseded[T any] struct {
	last version
	old  *T
}

// get returns one of them, or nil where there is none.
func (p *parents[T]) get(key objectKey) *T { return p.index.get(key) }

// put stores one of them, nil being none, and keeps what it was in a version of the world.
func (p *parents[T]) put(key objectKey, old, new *T, last version) {
	p.index.replace(old, new)
	if p.past == nil {
		p.past = map[objectKey][]superseded[T]{}
	}
	p.past[key] = append(p.past[key], superseded[T]{last, old})
}

// at returns get as it was in a version of the world.
func (p *parents[T]) at(v version) func(key objectKey) *T {
	return func(key objectKey) *T {
		for _, s := range p.past[key] {
			if s.last >= v {
				return s.old
			}
		}
		return p.get(key)
	}
}

// demand has more watched. Until it is listed, not everything is known any more if what was served before may hang on
// it. What is new may come a moment later.
func (j *join) demand(informers []*informer, before bool) {
	if j.cluster.demand(informers...) && before {
		j.gateway.completed.Store(false)
	}
}

// routes holds the routes of one kind.
type routes struct {
	served *served
	last   *data         // that a binding was given
	refs   []parent      // of the route that was stored last
	index  *store[route] // by parent and by namespace
}

// binding is a pattern that a Gateway serves for some route.
type binding struct {
	pattern string
	gateway objectKey   // empty where the targets are the route's own
	ready   bool        // there is a target
	ttl     uint32      // seconds
	own     *ownTargets // of the route, in place of the Gateway's; nil for none
}

// routeJoin returns the cluster's join, which its route kinds share.
func (c *cluster) routeJoin(g *Gateway) *join {
	if c.join != nil {
		return c.join
	}
	j := &join{gateway: g, cluster: c}
	j.gateways.index = newStore((*parentGateway).id)
	j.gateways.informers = informers(g, "Gateway", custom(gatewayAPI, "gateways"), j.gateways.index,
		func(gw *gatewayObject) (*parentGateway, *leftOut) { return newParentGateway(g, gw) }, j.putGateway)
	j.sets.index = newStore((*listenerSet).id, setGateway, namespaceOf[*listenerSet])
	j.sets.informers = informers(g, "ListenerSet", custom(gatewayAPI, "listenersets"), j.sets.index, newListenerSet, j.putSet)
	j.namespaces.index = newStore((*namespace).id)
	j.namespaces.informers = informers(g, "Namespace", namespaceLabels, j.namespaces.index, newNamespace, j.putNamespace)
	c.demand(j.gateways.informers...)
	c.join = j
	return j
}

func (j *join) add(s *served) *routes {
	indexes := []func(*route, func(string)){routeParents, namespaceOf[*route]}
	if j.gateway.explains || j.gateway.status != "" {
		indexes = append(indexes, routeHosts)
	}
	s.index = newStore(nil, recordNames) // of bindings, which are found by their pattern
	r := &routes{served: s, index: newStore((*route).id, indexes...)}
	j.kinds = append(j.kinds, r)
	return r
}

// missing returns an informer that has to list something before it is known which routes are served, or nil.
func (j *join) missing() *informer {
	return cmp.Or(unsettled(j.gateways.informers), unsettled(j.sets.informers), unsettled(j.namespaces.informers))
}

// targets returns those of a Gateway.
func (j *join) targets(key objectKey) targets {
	if gw := j.gateways.get(key); gw != nil {
		return gw.targets
	}
	return targets{}
}

// putRoute replaces a route, nil being none.
func (j *join) putRoute(r *routes, old, new *route) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if new != nil { // most routes refer to the same
		if slices.Equal(r.refs, new.parents) {
			new.parents = r.refs
		}
		r.refs = new.parents
	}
	r.index.replace(old, new)
	j.rebind(r, old, new)
	for range 2 * maxBindings { // more are there only while a change is at it
		if !j.releaseNext() {
			break
		}
	}
}

// putGateway replaces a Gateway, nil being none.
func (j *join) putGateway(old, new *parentGateway) {
	key := cmp.Or(new, old).id()
	if j.self != nil {
		j.putRecord(j.self.index.get(key), j.record(new))
	}
	j.change(func(last version) affected {
		if new != nil && len(j.kinds) > 0 {
			if new.sets.from != gatewayv1.NamespacesFromNone {
				j.demand(j.sets.informers, old != nil)
			}
			j.demandNamespaces(old != nil, new.sets)
			j.demandNamespaces(old != nil, namespacesOf(new.listeners)...)
		}
		j.gateways.put(key, old, new, last)
		routes := j.routesOf(parent{key: key})
		for _, set := range j.setsBy(byGateway, key.String()) {
			routes.add(j.routesOf(parent{isSet: true, key: set.id()}))
		}
		return routes
	})
}

// putSet replaces a ListenerSet, nil being none.
func (j *join) putSet(old, new *listenerSet) {
	j.change(func(last version) affected {
		if new != nil {
			j.demandNamespaces(old != nil, namespacesOf(new.listeners)...)
		}
		key := cmp.Or(new, old).id()
		j.sets.put(key, old, new, last)
		return j.routesOf(parent{isSet: true, key: key})
	})
}

// putNamespace replaces the labels of a Namespace, nil being none.
func (j *join) putNamespace(old, new *namespace) {
	j.change(func(last version) affected {
		key := cmp.Or(new, old).id()
		j.namespaces.put(key, old, new, last)
		routes := j.routesBy(byNamespace, key.name)
		for _, set := range j.setsBy(byNamespace, key.name) {
			routes.add(j.routesOf(parent{isSet: true, key: set.id()}))
		}
		return routes
	})
}

// bind has one more route behind a binding, which is served from the first on.
func (j *join) bind(r *routes, b binding, rt *route) {
	if rec := r.record(b); rec != nil {
		rec.behind.add(rt)
		return
	}
	rec := &record{entries: []entry{{b.pattern, r.data(b)}}, behind: &behind{}}
	rec.behind.add(rt)
	j.gateway.put(replacement{r.served, nil, rec})
}

// release has one route less behind a binding, which is not served after the last.
func (j *join) release(r *routes, b binding, rt *route) {
	rec := r.record(b)
	if rec.behind.remove(rt) {
		j.gateway.put(replacement{r.served, rec, nil})
	}
}

// record returns the record of a binding, or nil where there is none.
func (r *routes) record(b binding) *record {
	if u := r.union(b.pattern); u != nil {
		i, _ := u.Get(item{class: recordItem, text: b.ordered()})
		return i.rec
	}
	found := r.served.index.under(byName, b.pattern)
	for _, rec := range found.all() {
		if b.makes(rec.entries[0].data) {
			return rec
		}
	}
	return nil
}

// union returns what many bindings say at a pattern, or nil where they are few.
func (r *routes) union(pattern string) *btree.BTree[item] {
	g := r.served.join.gateway
	g.mu.RLock()
	defer g.mu.RUnlock()
	if u := r.served.unions[pattern]; u != nil {
		return u.said
	}
	return nil
}

// makes reports whether data are those of a binding.
func (b binding) makes(d *data) bool {
	return d.via == b.gateway && d.ttl == b.ttl && d.ready == b.ready && d.own.compare(b.own) == 0
}

// data returns those of a binding. The bindings of a Gateway, and those of a route with targets of its own, are many, and
// mostly say the same.
func (r *routes) data(b binding) *data {
	if r.last != nil && b.makes(r.last) {
		return r.last
	}
	r.last = &data{ttl: b.ttl, others: &others{via: b.gateway, ready: b.ready, own: b.own}}
	if b.own != nil {
		r.last.targets = b.own.targets
	}
	return r.last
}

func (b binding) compare(c binding) int {
	return cmp.Or(cmp.Compare(b.pattern, c.pattern), b.gateway.compare(c.gateway), cmp.Compare(b.ttl, c.ttl),
		b.own.compare(c.own), compareBool(b.ready, c.ready))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
