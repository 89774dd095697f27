package gateway

import (
	"slices"

	"k8s.io/apimachinery/pkg/labels"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
)

// world is what decides which routes are served: as it is, or as it was before a change.
type world struct {
	gateway   func(key objectKey) *parentGateway
	set       func(key objectKey) *listenerSet
	namespace func(key objectKey) *namespace
	zones     *zones
}

func (j *join) world() world {
	return world{j.gateways.get, j.sets.get, j.namespaces.get, &j.gateway.zones}
}

func (w *world) labels(name string) labels.Set {
	if ns := w.namespace(objectKey{name: name}); ns != nil {
		return ns.labels
	}
	return nil
}

// bindings returns what a route is served under: in order, and each once.
func (w *world) bindings(r *routes, rt *route) []binding {
	if rt == nil {
		return nil
	}
	hosts := rt.hosts
	if rt.inherit {
		hosts = append([]string{""}, hosts...)
	}
	var list []binding
	for _, p := range rt.parents {
		gw, listeners, owner := w.listeners(p)
		var done []string // hosts of listeners: many of one Gateway may have the same
		for i := range listeners {
			l := &listeners[i]
			if !l.admits(p, r.served.name) || !l.namespaces.admit(rt.namespace, owner, w.labels) || slices.Contains(done, l.host) {
				continue
			}
			done = append(done, l.host)
			for _, host := range hosts {
				if pattern, ok := intersect(host, l.host); ok && w.zones.reach(pattern, names.AnyDepth) && len(list) < maxEntries {
					list = append(list, rt.bind(pattern, gw))
				}
			}
		}
	}
	slices.SortFunc(list, binding.compare)
	return slices.CompactFunc(list, func(a, b binding) bool { return a.compare(b) == 0 })
}

// bind returns the binding of a route and a Gateway for a pattern.
func (rt *route) bind(pattern string, gw *parentGateway) binding {
	if rt.targets != nil {
		return binding{pattern: pattern, ttl: rt.ttl, own: rt.targets, ready: rt.targets.usable(pattern)}
	}
	return binding{pattern: pattern, ttl: rt.ttl, gateway: gw.id(), ready: gw.usable(pattern)}
}

// listeners returns those that a reference means, and the namespace of the object they stand in. A route
// that refers to a Gateway means the Gateway's own, not those of its ListenerSets, and the other way round.
func (w *world) listeners(p parent) (gw *parentGateway, list []listener, namespace string) {
	if !p.isSet {
		if gw = w.gateway(p.key); gw == nil {
			return nil, nil, ""
		}
		return gw, gw.listeners, gw.meta.namespace
	}
	set := w.set(p.key)
	if set == nil {
		return nil, nil, ""
	}
	gw = w.gateway(set.gateway)
	if gw == nil || !gw.sets.admit(set.namespace, gw.meta.namespace, w.labels) {
		return nil, nil, ""
	}
	return gw, set.listeners, set.namespace
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
		found := r.index.under(index, value)
		for _, rt := range found.all() {
			a[rt] = r
		}
	}
	return a
}

func (j *join) setsBy(index int, value string) []*listenerSet {
	found := j.sets.index.under(index, value)
	return slices.Clone(found.all())
}

// rebindAll takes routes from what they were bound to before a change to what they are bound to now.
func (j *join) rebindAll(routes affected, before world, moved objectKey) {
	after := j.world()
	var list []rebinding
	for rt, r := range routes {
		list = append(list, rebinding{r, rt, rt, before.bindings(r, rt), after.bindings(r, rt)})
	}
	j.rebind(moved, list...)
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

func setGateway(s *listenerSet, file func(string)) { file(s.gateway.String()) }

func routeParents(rt *route, file func(string)) {
	for _, p := range rt.parents {
		file(p.index())
	}
}

// index is what routes that refer to the same are filed under.
func (p parent) index() string { return p.kind() + "/" + p.key.String() }

func namespaceOf[T interface{ in() string }](obj T, file func(string)) { file(obj.in()) }
