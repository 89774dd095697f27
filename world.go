package gateway

import (
	"slices"

	"k8s.io/apimachinery/pkg/labels"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
)

// world is what decides which routes are served: as it is, or as it was before a change.
type world struct {
	gateway   func(key string) *parentGateway
	set       func(key string) *listenerSet
	namespace func(name string) *namespace
	zones     *zones
}

func (j *join) world() world {
	return world{j.gateways.get, j.sets.get, j.namespaces.get, &j.gateway.zones}
}

func (w *world) labels(name string) labels.Set {
	if ns := w.namespace(name); ns != nil {
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
		for i := range listeners {
			l := &listeners[i]
			if !l.admits(p, r.served.name) || !l.namespaces.admit(rt.namespace, owner, w.labels) {
				continue
			}
			for _, host := range hosts {
				if pattern, ok := intersect(host, l.host); ok && w.zones.reach(pattern, names.AnyDepth) {
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
	b := binding{pattern: pattern, gateway: gw.key(), ttl: rt.ttl, own: rt.targets, ready: gw.usable(pattern)}
	if b.own != nil {
		b.ready = b.own.usable(pattern)
	}
	return b
}

// listeners returns those that a reference means, and the namespace of the object they stand in. A route
// that refers to a Gateway means the Gateway's own, not those of its ListenerSets, and the other way round.
func (w *world) listeners(p parent) (gw *parentGateway, list []listener, namespace string) {
	if p.kind == "Gateway" {
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

func (j *join) routesOf(parent string) affected { return j.routesBy(byParent, parent) }

func (j *join) routesBy(index, value string) affected {
	a := affected{}
	for _, r := range j.kinds {
		found, _ := r.index.ByIndex(index, value)
		for _, obj := range found {
			a[obj.(*route)] = r
		}
	}
	return a
}

func (j *join) setsBy(index, value string) []*listenerSet {
	found, _ := j.sets.index.ByIndex(index, value)
	var sets []*listenerSet
	for _, obj := range found {
		sets = append(sets, obj.(*listenerSet))
	}
	return sets
}

// rebindAll takes routes from what they were bound to before a change to what they are bound to now.
func (j *join) rebindAll(routes affected, before world, moved string) {
	after := j.world()
	var list []rebinding
	for rt, r := range routes {
		list = append(list, rebinding{r, rt, rt, before.bindings(r, rt), after.bindings(r, rt)})
	}
	j.rebind(moved, list...)
}

// demandNamespaces has Namespaces watched if one of these selects by their labels.
func (j *join) demandNamespaces(list ...namespaces) {
	for _, n := range list {
		if n.from == gatewayv1.NamespacesFromSelector {
			j.demand(j.namespaces.informers)
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

// byGateway is the index that files ListenerSets under their Gateway, byParent that which files routes
// under what they refer to.
const (
	byGateway = "gateway"
	byParent  = "parent"
)

func setGateway(obj any) ([]string, error) { return []string{obj.(*listenerSet).gateway}, nil }

func routeParents(obj any) ([]string, error) {
	var keys []string
	for _, p := range obj.(*route).parents {
		keys = append(keys, parentKey(p.kind, p.key))
	}
	return keys, nil
}

func parentKey(kind, key string) string { return kind + "/" + key }

func namespaceOf(obj any) ([]string, error) {
	return []string{obj.(interface{ in() string }).in()}, nil
}
