package gatewayapi

import (
	"cmp"
	"slices"
	"sync"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/health"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Join joins routes with Gateways. A route and the listeners that admit it result in bindings: the patterns that the hosts of
// the route and of the listeners have in common. Each binding is one record of the route's kind, no matter how many routes
// share it, so the cost of a query does not depend on the number of routes. Targets are not part of a binding: a query takes
// them from the Gateway.
//
// Bindings are computed when a route, a Gateway, a ListenerSet or the labels of a Namespace change, and not when a question
// arrives, because the table of names must know which names exist.
type Join struct {
	*object.Settings
	*zone.Database
	cluster      *kube.Cluster
	run          func(func()) // runs a function in a goroutine of the instance
	ended        func() bool  // reports whether the instance has ended
	Kinds        []*Routes
	Backends     *health.Join // the readiness of the routes' backends; nil unless the stanza has the filter healthy (T2)
	GatewayIndex *zone.Index  // the index of Gateways as a kind of their own (K2); nil unless configured

	Gateways   parents[ParentGateway]
	Sets       parents[ListenerSet] // watched once a Gateway allows ListenerSets
	namespaces parents[Namespace]   // watched once a listener selects namespaces by label

	mu sync.Mutex // held for one change, or for one piece of a large change; no query waits for it
	rebinder
}

// parents holds the objects of one kind that decide which routes are served: Gateways, ListenerSets or Namespaces.
type parents[T any] struct {
	Index     *store.Store[T]
	informers []*kube.Informer
	past      map[store.Key][]superseded[T] // guarded by Join.mu
}

// superseded is an object as it was until a version of the parents. Nil means that there was none.
type superseded[T any] struct {
	last version
	old  *T
}

// get returns an object, or nil if there is none.
func (p *parents[T]) get(key store.Key) *T { return p.Index.Get(key) }

// put replaces an object, and keeps the old one for earlier versions of the parents. Nil is no object.
func (p *parents[T]) put(key store.Key, old, new *T, last version) {
	p.Index.Replace(old, new)
	if p.past == nil {
		p.past = map[store.Key][]superseded[T]{}
	}
	p.past[key] = append(p.past[key], superseded[T]{last, old})
}

// at returns a function like get for an earlier version of the parents.
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

// demand starts informers. If affectsServed is true, names that are already served may depend on the new objects, so the zones
// count as incomplete until these are listed. If it is false, only new names depend on the objects, and may appear later.
func (j *Join) demand(informers []*kube.Informer, affectsServed bool) {
	if j.cluster.Demand(informers...) && affectsServed {
		j.Completed.Store(false)
	}
}

// Routes holds the routes of one kind.
type Routes struct {
	join     *Join
	Kind     string
	Bindings *zone.Index
	last     *record.Data        // the data of the last binding, to be shared with the next
	refs     []parent            // the parents of the last route that was stored, to be shared with the next
	Index    *store.Store[Route] // by parent and by namespace
}

// Binding is a pattern that a Gateway serves for a route.
type Binding struct {
	Pattern   string
	Gateway   store.Key          // empty if the route has its own targets
	hasTarget bool               // there is a target
	ttl       uint32             // seconds
	Own       *record.OwnTargets // the route's own targets, which replace those of the Gateway; nil for none

	route    store.Key        // with the property steer, the route, because each route is a target of its own (T1); otherwise empty
	steering *record.Steering // the route's data for filters; nil for none
}

// NewJoin returns the join of a cluster. It makes the cluster watch Gateways, and stores bindings in db. run runs a function in a
// goroutine of the instance; ended reports whether the instance has ended.
func NewJoin(c *object.Settings, db *zone.Database, cluster *kube.Cluster, run func(func()), ended func() bool) *Join {
	j := &Join{Settings: c, Database: db, cluster: cluster, run: run, ended: ended}
	j.Gateways.Index = store.New((*ParentGateway).Key)
	j.Gateways.informers = object.Informers(c, "Gateway", kube.Custom(kube.GatewayAPI, "gateways"), j.Gateways.Index,
		func(gw *gatewayObject) (*ParentGateway, *record.Unserved) { return newParentGateway(c, gw) }, j.putGateway)
	j.Sets.Index = store.New((*ListenerSet).Key, setGateway, namespaceOf[*ListenerSet])
	j.Sets.informers = object.Informers(c, "ListenerSet", kube.Custom(kube.GatewayAPI, "listenersets"), j.Sets.Index, newListenerSet, j.putSet)
	j.namespaces.Index = store.New((*Namespace).Key)
	j.namespaces.informers = object.Informers(c, "Namespace", kube.NamespaceLabels, j.namespaces.Index, newNamespace, j.putNamespace)
	cluster.Demand(j.Gateways.informers...)
	return j
}

// Add adds a kind of routes, whose bindings are stored in an index.
func (j *Join) Add(kind string, bindings *zone.Index) *Routes {
	indexes := []func(*Route, func(string)){routeParents, namespaceOf[*Route]}
	if j.KeepUnserved {
		indexes = append(indexes, routeHosts)
	}
	bindings.Records = store.New(nil, record.OwnerNames) // bindings have no key; they are found by their pattern
	bindings.GatewayTargets = j.GatewayTargets
	r := &Routes{join: j, Kind: kind, Bindings: bindings, Index: store.New((*Route).Key, indexes...)}
	j.Kinds = append(j.Kinds, r)
	return r
}

// Awaited returns an informer that must finish a list before it is certain which routes are served, or nil.
func (j *Join) Awaited() *kube.Informer {
	return cmp.Or(kube.FirstUnsettled(j.Gateways.informers), kube.FirstUnsettled(j.Sets.informers), kube.FirstUnsettled(j.namespaces.informers))
}

// putRoute replaces a route. Nil is no route.
func (j *Join) putRoute(r *Routes, old, new *Route) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if new != nil { // consecutive routes share the list of their parents: most have the same
		if slices.Equal(r.refs, new.parents) {
			new.parents = r.refs
		}
		r.refs = new.parents
	}
	r.Index.Replace(old, new)
	j.rebind(r, old, new, nil)
	j.releaseQueue()
}

// putGateway replaces a Gateway. Nil is no Gateway.
func (j *Join) putGateway(old, new *ParentGateway) {
	key := cmp.Or(new, old).Key()
	if j.GatewayIndex != nil {
		j.putRecord(j.GatewayIndex.Records.Get(key), j.record(new))
	}
	j.change(new.mayAddBindings(old), func(last version) affected {
		if new != nil && len(j.Kinds) > 0 {
			if new.sets.from != gatewayv1.NamespacesFromNone {
				j.demand(j.Sets.informers, old != nil)
			}
			j.demandNamespaces(old != nil, new.sets)
			j.demandNamespaces(old != nil, namespacesOf(new.listeners)...)
		}
		j.Gateways.put(key, old, new, last)
		routes := j.routesOf(parent{key: key})
		for _, set := range j.setsBy(byGateway, key.String()) {
			routes.add(j.routesOf(parent{isSet: true, key: set.Key()}))
		}
		return routes
	})
	j.renewRetained(key, old, new)
}

// putSet replaces a ListenerSet. Nil is no ListenerSet.
func (j *Join) putSet(old, new *ListenerSet) {
	j.change(new.mayAddBindings(old), func(last version) affected {
		if new != nil {
			j.demandNamespaces(old != nil, namespacesOf(new.listeners)...)
		}
		key := cmp.Or(new, old).Key()
		j.Sets.put(key, old, new, last)
		return j.routesOf(parent{isSet: true, key: key})
	})
}

// putNamespace replaces the labels of a Namespace. Nil is no Namespace.
func (j *Join) putNamespace(old, new *Namespace) {
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

// bind adds a route to a binding, and reports whether it is the first route. A binding is served as long as it has a route.
func (j *Join) bind(r *Routes, b Binding, rt *Route) (first bool) {
	if rec := r.record(b); rec != nil {
		rec.Routes().Add(&rt.Meta)
		return false
	}
	rec := &record.Record{Entries: []record.Entry{{Name: b.Pattern, Data: r.data(b)}}, Joined: &record.Joined{}}
	rec.Routes().Add(&rt.Meta)
	j.Put(zone.Replacement{Index: r.Bindings, Old: nil, New: rec})
	return true
}

// release removes a route from a binding. A binding without routes is no longer served.
func (j *Join) release(r *Routes, b Binding, rt *Route) {
	rec := r.record(b)
	if rec.Routes().Remove(&rt.Meta) {
		j.Put(zone.Replacement{Index: r.Bindings, Old: rec, New: nil})
	}
}

// record returns the record of a binding, or nil if there is none.
func (r *Routes) record(b Binding) *record.Record {
	return r.join.Binding(r.Bindings, b.Pattern, r.data(b))
}

// data returns the data of a binding. Consecutive bindings share it if it is equal, because a Gateway, or a route with its own
// targets, may have many bindings.
func (r *Routes) data(b Binding) *record.Data {
	if d := r.last; d != nil && d.Gateway == b.Gateway && d.TTL == b.ttl && d.HasTarget == b.hasTarget && d.Own.Compare(b.Own) == 0 && d.Route == b.route && d.Steering == b.steering {
		return d
	}
	r.last = &record.Data{TTL: b.ttl, Extra: &record.Extra{Gateway: b.Gateway, Route: b.route, HasTarget: b.hasTarget, Own: b.Own}, Steering: b.steering}
	if b.Own != nil {
		r.last.Targets = b.Own.Targets
	}
	return r.last
}

func (b Binding) compare(c Binding) int {
	return cmp.Or(cmp.Compare(b.Pattern, c.Pattern), b.route.Compare(c.route), b.Gateway.Compare(c.Gateway), cmp.Compare(b.ttl, c.ttl),
		b.Own.Compare(c.Own), record.CompareBool(b.hasTarget, c.hasTarget), b.steering.Compare(c.steering))
}

// GatewayTargets returns the targets of a Gateway. Callers must not change them.
func (j *Join) GatewayTargets(key store.Key) *record.Targets {
	if gw := j.Gateways.get(key); gw != nil {
		return &gw.Targets
	}
	return &record.Targets{}
}
