package gateway

import (
	"cmp"
	"slices"
	"sync"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// join brings routes and Gateways together. A route and the listeners that take it make bindings: the
// patterns that the route's hosts and the listeners' have in common. Each binding is a record of the route's
// kind, once for however many routes share it, so that a query for a name costs the same whether one
// route has it or hundreds do. Targets are not part of a binding: a query takes them from the Gateway.
//
// Bindings are worked out when a route, a Gateway, a ListenerSet or the labels of a Namespace change, not
// when a question comes, because only then does the table of names know what exists.
type join struct {
	*object.Settings
	*zone.Database
	cluster *kube.Cluster
	run     func(func()) // in the background
	over    func() bool  // reports whether nobody is there any more
	kinds   []*routes
	self    *zone.Index // of Gateways as a kind of their own; nil unless configured

	gateways   parents[parentGateway]
	sets       parents[listenerSet] // watched once a Gateway lets ListenerSets in
	namespaces parents[namespace]   // watched once a listener selects by their labels

	mu sync.Mutex // one change, or one piece of it, at a time; no query waits for it
	rebinder
}

// parents holds one of the things that decide which routes are served.
type parents[T any] struct {
	index     *store.Store[T]
	informers []*kube.Informer
	past      map[store.Key][]superseded[T] // guarded by join.mu
}

// superseded is what an object was up to a version of the world, nil being none.
type superseded[T any] struct {
	last version
	old  *T
}

// get returns one of them, or nil where there is none.
func (p *parents[T]) get(key store.Key) *T { return p.index.Get(key) }

// put stores one of them, nil being none, and keeps what it was in a version of the world.
func (p *parents[T]) put(key store.Key, old, new *T, last version) {
	p.index.Replace(old, new)
	if p.past == nil {
		p.past = map[store.Key][]superseded[T]{}
	}
	p.past[key] = append(p.past[key], superseded[T]{last, old})
}

// at returns get as it was in a version of the world.
func (p *parents[T]) at(v version) func(key store.Key) *T {
	return func(key store.Key) *T {
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
func (j *join) demand(informers []*kube.Informer, before bool) {
	if j.cluster.Demand(informers...) && before {
		j.Listed.Store(false)
	}
}

// routes holds the routes of one kind.
type routes struct {
	join     *join
	kind     string
	bindings *zone.Index
	last     *record.Data        // that a binding was given
	refs     []parent            // of the route that was stored last
	index    *store.Store[route] // by parent and by namespace
}

// binding is a pattern that a Gateway serves for some route.
type binding struct {
	pattern string
	gateway store.Key          // empty where the targets are the route's own
	ready   bool               // there is a target
	ttl     uint32             // seconds
	own     *record.OwnTargets // of the route, in place of the Gateway's; nil for none
}

func newJoin(c *object.Settings, db *zone.Database, cluster *kube.Cluster, run func(func()), over func() bool) *join {
	j := &join{Settings: c, Database: db, cluster: cluster, run: run, over: over}
	j.gateways.index = store.New((*parentGateway).Key)
	j.gateways.informers = object.Informers(c, "Gateway", kube.Custom(kube.GatewayAPI, "gateways"), j.gateways.index,
		func(gw *gatewayObject) (*parentGateway, *record.LeftOut) { return newParentGateway(c, gw) }, j.putGateway)
	j.sets.index = store.New((*listenerSet).Key, setGateway, namespaceOf[*listenerSet])
	j.sets.informers = object.Informers(c, "ListenerSet", kube.Custom(kube.GatewayAPI, "listenersets"), j.sets.index, newListenerSet, j.putSet)
	j.namespaces.index = store.New((*namespace).Key)
	j.namespaces.informers = object.Informers(c, "Namespace", kube.NamespaceLabels, j.namespaces.index, newNamespace, j.putNamespace)
	cluster.Demand(j.gateways.informers...)
	return j
}

// add adds a kind of routes, whose bindings are filed in an index.
func (j *join) add(kind string, bindings *zone.Index) *routes {
	indexes := []func(*route, func(string)){routeParents, namespaceOf[*route]}
	if j.KeepsLeftOut {
		indexes = append(indexes, routeHosts)
	}
	bindings.Records = store.New(nil, record.OwnerNames) // they are found by their pattern
	bindings.Via = j.via
	r := &routes{join: j, kind: kind, bindings: bindings, index: store.New((*route).Key, indexes...)}
	j.kinds = append(j.kinds, r)
	return r
}

// missing returns an informer that has to list something before it is known which routes are served, or nil.
func (j *join) missing() *kube.Informer {
	return cmp.Or(kube.Unsettled(j.gateways.informers), kube.Unsettled(j.sets.informers), kube.Unsettled(j.namespaces.informers))
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
	r.index.Replace(old, new)
	j.rebind(r, old, new, nil)
	j.releaseQueue()
}

// putGateway replaces a Gateway, nil being none.
func (j *join) putGateway(old, new *parentGateway) {
	key := cmp.Or(new, old).Key()
	if j.self != nil {
		j.putRecord(j.self.Records.Get(key), j.record(new))
	}
	j.change(new.gives(old), func(last version) affected {
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
			routes.add(j.routesOf(parent{isSet: true, key: set.Key()}))
		}
		return routes
	})
}

// putSet replaces a ListenerSet, nil being none.
func (j *join) putSet(old, new *listenerSet) {
	j.change(new.gives(old), func(last version) affected {
		if new != nil {
			j.demandNamespaces(old != nil, namespacesOf(new.listeners)...)
		}
		key := cmp.Or(new, old).Key()
		j.sets.put(key, old, new, last)
		return j.routesOf(parent{isSet: true, key: key})
	})
}

// putNamespace replaces the labels of a Namespace, nil being none.
func (j *join) putNamespace(old, new *namespace) {
	j.change(new != nil, func(last version) affected {
		key := cmp.Or(new, old).Key()
		j.namespaces.put(key, old, new, last)
		routes := j.routesBy(byNamespace, key.Name)
		for _, set := range j.setsBy(byNamespace, key.Name) {
			routes.add(j.routesOf(parent{isSet: true, key: set.Key()}))
		}
		return routes
	})
}

// bind has one more route behind a binding, which is served from the first on, and reports whether this is the first.
func (j *join) bind(r *routes, b binding, rt *route) (first bool) {
	if rec := r.record(b); rec != nil {
		rec.RouteSet.Add(&rt.Meta)
		return false
	}
	rec := &record.Record{Entries: []record.Entry{{Name: b.pattern, Data: r.data(b)}}, RouteSet: &record.RouteSet{}}
	rec.RouteSet.Add(&rt.Meta)
	j.Put(zone.Replacement{At: r.bindings, Old: nil, New: rec})
	return true
}

// release has one route less behind a binding, which is not served after the last.
func (j *join) release(r *routes, b binding, rt *route) {
	rec := r.record(b)
	if rec.RouteSet.Remove(&rt.Meta) {
		j.Put(zone.Replacement{At: r.bindings, Old: rec, New: nil})
	}
}

// record returns the record of a binding, or nil where there is none.
func (r *routes) record(b binding) *record.Record {
	return r.join.Binding(r.bindings, b.pattern, r.data(b))
}

// data returns those of a binding. The bindings of a Gateway, and those of a route with targets of its own, are many, and
// mostly say the same.
func (r *routes) data(b binding) *record.Data {
	if d := r.last; d != nil && d.Gateway == b.gateway && d.TTL == b.ttl && d.Ready == b.ready && d.Own.Compare(b.own) == 0 {
		return d
	}
	r.last = &record.Data{TTL: b.ttl, Extra: &record.Extra{Gateway: b.gateway, Ready: b.ready, Own: b.own}}
	if b.own != nil {
		r.last.Targets = b.own.Targets
	}
	return r.last
}

func (b binding) compare(c binding) int {
	return cmp.Or(cmp.Compare(b.pattern, c.pattern), b.gateway.Compare(c.gateway), cmp.Compare(b.ttl, c.ttl),
		b.own.Compare(c.own), compareBool(b.ready, c.ready))
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

// via returns the targets of a Gateway, which are not written to.
func (j *join) via(key store.Key) *record.Targets {
	if gw := j.gateways.get(key); gw != nil {
		return &gw.Targets
	}
	return &record.Targets{}
}
