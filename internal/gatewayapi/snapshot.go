package gatewayapi

import (
	"slices"

	"k8s.io/apimachinery/pkg/labels"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// snapshot gives access to the parents that decide which routes are served, as they are now or were in an earlier version.
type snapshot struct {
	gateway   func(key store.Key) *ParentGateway
	set       func(key store.Key) *ListenerSet
	namespace func(key store.Key) *Namespace
	zones     *zone.Zones
}

// Current returns the snapshot of the current parents.
func (j *Join) Current() snapshot {
	return snapshot{j.Gateways.get, j.Sets.get, j.namespaces.get, j.Settings.Zones}
}

// snapshotAt returns the snapshot of the parents in an earlier version.
func (j *Join) snapshotAt(v version) snapshot {
	return snapshot{j.Gateways.at(v), j.Sets.at(v), j.namespaces.at(v), j.Settings.Zones}
}

// selects reports whether a selector matches the labels of a Namespace.
func (s *snapshot) selects(selector labels.Selector, name string) bool {
	ns := s.namespace(store.Key{Name: name})
	return ns != nil && ns.matches(selector)
}

// bind returns the binding of a route and a Gateway for a pattern.
func (rt *Route) bind(pattern string, gw *ParentGateway) Binding {
	b := Binding{Pattern: pattern, ttl: rt.TTL, steering: rt.steering}
	if rt.steers {
		b.route = rt.CurrentKey()
	}
	if rt.targets != nil {
		b.Own, b.hasTarget = rt.targets, rt.targets.Targets.Usable(pattern)
	} else {
		b.Gateway, b.hasTarget = gw.Key(), gw.Usable(pattern)
	}
	return b
}

// listeners returns the listeners of the Gateway or ListenerSet that a reference names, and the namespace of that object. A reference to
// a Gateway does not include the listeners of its ListenerSets.
func (s *snapshot) listeners(p parent) (gw *ParentGateway, list []listener, namespace string) {
	if !p.isSet {
		if gw = s.gateway(p.key); gw == nil {
			return nil, nil, ""
		}
		return gw, gw.listeners, gw.Meta.Namespace
	}
	return s.setListeners(s.set(p.key))
}

// earlierListeners returns the listeners of a ListenerSet as it was before a relist that moved it to another Gateway (R7). It returns
// none for a reference to a Gateway.
func (s *snapshot) earlierListeners(p parent) (gw *ParentGateway, list []listener, namespace string) {
	if !p.isSet {
		return nil, nil, ""
	}
	set := s.set(p.key)
	if set == nil {
		return nil, nil, ""
	}
	return s.setListeners(set.earlier)
}

// setListeners returns the listeners that a ListenerSet adds to its Gateway, and the namespace of the ListenerSet.
func (s *snapshot) setListeners(set *ListenerSet) (gw *ParentGateway, list []listener, namespace string) {
	if set == nil {
		return nil, nil, ""
	}
	gw = s.gateway(set.gateway)
	if gw == nil || !gw.sets.admit(set.Namespace, gw.Meta.Namespace, s.selects) {
		return nil, nil, ""
	}
	return gw, set.listeners, set.Namespace
}

// affected is a set of routes, each with the Routes of its kind.
type affected map[*Route]*Routes

func (a affected) add(b affected) {
	for rt, r := range b {
		a[rt] = r
	}
}

// routesOf returns the routes that refer to a Gateway or ListenerSet.
func (j *Join) routesOf(p parent) affected { return j.routesBy(byParent, p.index()) }

func (j *Join) routesBy(index int, value string) affected {
	a := affected{}
	for _, r := range j.Kinds {
		found := r.Index.ByValue(index, value)
		for _, rt := range found.All() {
			a[rt] = r
		}
	}
	return a
}

func (j *Join) setsBy(index int, value string) []*ListenerSet {
	found := j.Sets.Index.ByValue(index, value)
	return slices.Clone(found.All())
}

// demandNamespaces makes the cluster watch Namespaces if one of the sets selects namespaces by label.
func (j *Join) demandNamespaces(affectsServed bool, list ...namespaces) {
	for _, n := range list {
		if n.from == gatewayv1.NamespacesFromSelector {
			j.demand(j.namespaces.informers, affectsServed)
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

// The indexes: ListenerSets by their Gateway, routes by the parents that they refer to, and both by their namespace.
const (
	byGateway   = 0
	byParent    = 0
	byNamespace = 1
)

func setGateway(s *ListenerSet, file func(string)) {
	file(s.gateway.String())
	if s.earlier != nil {
		file(s.earlier.gateway.String())
	}
}

func routeParents(rt *Route, file func(string)) {
	for _, p := range rt.parents {
		file(p.index())
	}
}

// index returns the value by which routes are indexed that refer to the parent.
func (p parent) index() string { return p.kind() + "/" + p.key.String() }

func namespaceOf[T interface{ Key() store.Key }](obj T, file func(string)) { file(obj.Key().Namespace) }
