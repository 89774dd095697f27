package gateway

import (
	"slices"

	"k8s.io/apimachinery/pkg/labels"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// world is what decides which routes are served: as it is, or as it was in an earlier version.
type world struct {
	gateway   func(key store.Key) *parentGateway
	set       func(key store.Key) *listenerSet
	namespace func(key store.Key) *namespace
	zones     *zone.Zones
}

func (j *join) world() world {
	return world{j.gateways.get, j.sets.get, j.namespaces.get, j.Settings.Zones}
}

// worldAt returns the world as it was in a version.
func (j *join) worldAt(v version) world {
	return world{j.gateways.at(v), j.sets.at(v), j.namespaces.at(v), j.Settings.Zones}
}

// selects reports whether a selector matches the labels of a Namespace.
func (w *world) selects(selector labels.Selector, name string) bool {
	ns := w.namespace(store.Key{Name: name})
	return ns != nil && ns.matches(selector)
}

// bind returns the binding of a route and a Gateway for a pattern.
func (rt *route) bind(pattern string, gw *parentGateway) binding {
	if rt.targets != nil {
		return binding{pattern: pattern, ttl: rt.ttl, own: rt.targets, ready: rt.targets.Targets.Usable(pattern)}
	}
	return binding{pattern: pattern, ttl: rt.ttl, gateway: gw.Key(), ready: gw.Usable(pattern)}
}

// listeners returns those that a reference means, and the namespace of the object they stand in. A route
// that refers to a Gateway means the Gateway's own, not those of its ListenerSets, and the other way round.
func (w *world) listeners(p parent) (gw *parentGateway, list []listener, namespace string) {
	if !p.isSet {
		if gw = w.gateway(p.key); gw == nil {
			return nil, nil, ""
		}
		return gw, gw.listeners, gw.Meta.Namespace
	}
	return w.setListeners(w.set(p.key))
}

// earlierListeners returns the listeners that a reference means through a ListenerSet as it was before a relist that moved it to
// another Gateway.
func (w *world) earlierListeners(p parent) (gw *parentGateway, list []listener, namespace string) {
	if !p.isSet {
		return nil, nil, ""
	}
	set := w.set(p.key)
	if set == nil {
		return nil, nil, ""
	}
	return w.setListeners(set.earlier)
}

// setListeners returns the listeners that a ListenerSet adds to its Gateway, and the namespace of the ListenerSet.
func (w *world) setListeners(set *listenerSet) (gw *parentGateway, list []listener, namespace string) {
	if set == nil {
		return nil, nil, ""
	}
	gw = w.gateway(set.gateway)
	if gw == nil || !gw.sets.admit(set.Namespace, gw.Meta.Namespace, w.selects) {
		return nil, nil, ""
	}
	return gw, set.listeners, set.Namespace
}

// affected is a set of routes, with the kinds they are of.
type affected map[*route]*routes

func (a affected) add(b affected) {
	for rt, r := range b {
		a[rt] = r
	}
}

func (j *join) routesOf(p parent) affected { return j.routesBy(byParent, p.index()) }

func (j *join) routesBy(index int, value string) affected {
	a := affected{}
	for _, r := range j.kinds {
		found := r.index.ByValue(index, value)
		for _, rt := range found.All() {
			a[rt] = r
		}
	}
	return a
}

func (j *join) setsBy(index int, value string) []*listenerSet {
	found := j.sets.index.ByValue(index, value)
	return slices.Clone(found.All())
}

// demandNamespaces has Namespaces watched if one of these selects by their labels.
func (j *join) demandNamespaces(before bool, list ...namespaces) {
	for _, n := range list {
		if n.from == gatewayv1.NamespacesFromSelector {
			j.demand(j.namespaces.informers, before)
		}
	}
}

func namespacesOf(listeners []listener) []namespaces {
	var list []namespaces
	for _, l := range listeners {
		list = append(list, l.namespaces)
	}
	return list
}

// The indexes of ListenerSets, under their Gateway, and of routes, under what they refer to; and of both, under
// their namespace.
const (
	byGateway   = 0
	byParent    = 0
	byNamespace = 1
)

func setGateway(s *listenerSet, file func(string)) {
	file(s.gateway.String())
	if s.earlier != nil {
		file(s.earlier.gateway.String())
	}
}

func routeParents(rt *route, file func(string)) {
	for _, p := range rt.parents {
		file(p.index())
	}
}

// index is what routes that refer to the same are filed under.
func (p parent) index() string { return p.kind() + "/" + p.key.String() }

func namespaceOf[T interface{ Key() store.Key }](obj T, file func(string)) { file(obj.Key().Namespace) }
