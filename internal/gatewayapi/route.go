package gatewayapi

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Route has the data of a route, of any of the route kinds: host names, and the parents that may serve them. It is immutable
// after it is stored.
type Route struct {
	record.Meta
	Hosts   []string           // canonical patterns
	Inherit bool               // the spec has no hosts, so the route has those of the listeners (G5)
	parents []parent           // the parents that have not refused the route (G1, G2)
	TTL     uint32             // seconds
	targets *record.OwnTargets // targets of an annotation, which replace those of the Gateway; nil for none

	steers   bool             // the stanza has the property steer: the route is a target of its own (T1)
	steering *record.Steering // data for filters; nil for none
}

// parent is a reference to a Gateway or a ListenerSet, or to some of its listeners.
type parent struct {
	isSet   bool // a ListenerSet, not a Gateway
	key     store.Key
	section string // listener name; empty for all
	port    int32  // listener port; 0 for any
}

func (p parent) kind() string {
	if p.isSet {
		return "ListenerSet"
	}
	return "Gateway"
}

// Watch returns the informers of a route kind. If inherits is true, a route without hosts in its spec has the hosts of its listeners (G5).
// If it is false, as for TCPRoutes and UDPRoutes, routes have only the names of the hostname annotation.
func (r *Routes) Watch(resource kube.Resource, inherits bool) []*kube.Informer {
	j := r.join
	resource.Labels = j.Filters.LabelSelector
	put := func(old, new *Route) { j.putRoute(r, old, new) }
	if j.Backends == nil {
		return object.Informers(j.Settings, r.Kind, resource, r.Index, func(obj *routeObject) (*Route, *record.Unserved) {
			var skipped record.Skips
			return r.read(&skipped, obj, inherits, nil)
		}, put)
	}
	return object.Informers(j.Settings, r.Kind, resource, r.Index, func(obj *backedRouteObject) (*Route, *record.Unserved) {
		var skipped record.Skips
		list := backends(&skipped, obj.GetNamespace(), obj.Spec.Rules)
		return r.read(&skipped, &routeObject{obj.CustomObject, routeSpec{obj.Spec.ParentRefs, obj.Spec.Hostnames}, obj.Status}, inherits, j.Backends.Of(list...))
	}, put)
}

// read makes a Route of an object. ready is the readiness of its backends.
func (r *Routes) read(skipped *record.Skips, obj *routeObject, inherits bool, ready *record.Steering) (*Route, *record.Unserved) {
	j := r.join
	rt := newRoute(skipped, obj, inherits)
	rt.steers = j.Steers
	a := j.Annotate(skipped, obj.GetAnnotations(), r.Kind)
	rt.annotate(skipped, a)
	rt.steering = ready.With(a.Stated)
	rt.Skipped = skipped.OrNil()
	if why := j.Filters.WhyFiltered(obj); why != "" {
		return nil, &record.Unserved{Meta: kube.MetaOf(obj), Reason: why, Names: rt.Hosts}
	}
	return rt, nil
}

// newRoute makes a Route of the spec and status of an object, without its annotations.
func newRoute(s *record.Skips, obj *routeObject, inherits bool) *Route {
	rt := &Route{Meta: kube.MetaOf(obj), Inherit: inherits && len(obj.Spec.Hostnames) == 0}
	hosts := obj.Spec.Hostnames
	if !inherits {
		hosts = nil
	}
	for _, host := range hosts {
		if name, ok := s.ParseName(host, dnsname.Hostname); ok {
			rt.Hosts = append(rt.Hosts, name)
		}
	}
	rt.Hosts = record.Limit(s, "name", rt.Hosts, maxHosts)
	for _, p := range obj.Spec.ParentRefs {
		id := parentIDOf(p, rt.Namespace)
		if id.holdsListeners() && !refused(obj.Status.Parents, id, rt.Namespace) {
			rt.parents = append(rt.parents, parent{id.kind == "ListenerSet", store.Key{Namespace: id.namespace, Name: id.name}, id.section, id.port})
		}
	}
	return rt
}

// annotate applies the annotations (L2). Names that they add must also match a listener.
func (rt *Route) annotate(s *record.Skips, a object.Annotations) {
	rt.TTL, rt.targets = a.TTL, record.NewOwnTargets(a.Targets)
	s.WithAnnotation(a.HostnameKey, func() {
		for _, host := range a.Hostnames {
			if name, ok := s.ParseName(host, dnsname.Hostname); ok {
				rt.Hosts = append(rt.Hosts, name)
			}
		}
	})
	rt.Hosts = record.Limit(s, "name", rt.Hosts, maxHosts)
}

// parentID is a ParentReference with its defaults filled in. Two references are the same if all six fields are equal.
type parentID struct {
	group, kind, namespace, name, section string
	port                                  int32
}

// parentIDOf fills in the defaults of one reference: the group of the Gateway API, the kind Gateway, and the route's namespace.
func parentIDOf(p gatewayv1.ParentReference, namespace string) parentID {
	id := parentID{group: gatewayv1.GroupName, kind: "Gateway", namespace: namespace, name: string(p.Name)}
	setIfPresent(&id.group, p.Group)
	setIfPresent(&id.kind, p.Kind)
	setIfPresent(&id.namespace, p.Namespace)
	setIfPresent(&id.section, p.SectionName)
	if p.Port != nil {
		id.port = *p.Port
	}
	return id
}

// setIfPresent sets a field to an optional value, if there is one.
func setIfPresent[S ~string](field *string, value *S) {
	if value != nil {
		*field = string(*value)
	}
}

// holdsListeners reports whether the reference is to a Gateway or a ListenerSet.
func (id parentID) holdsListeners() bool {
	return id.group == gatewayv1.GroupName && (id.kind == "Gateway" || id.kind == "ListenerSet")
}

// refused reports whether the entry of a parent in the route's status says that the parent does not accept the route.
func refused(status []routeParentStatus, id parentID, namespace string) bool {
	refused := false
	for _, s := range status {
		if parentIDOf(s.ParentRef, namespace) != id {
			continue
		}
		switch conditionStatus(s.Conditions, string(gatewayv1.RouteConditionAccepted)) {
		case metav1.ConditionTrue:
			return false // one of several controllers has accepted it
		case metav1.ConditionFalse:
			refused = true
		}
	}
	return refused
}

func conditionStatus(conditions []condition, name string) metav1.ConditionStatus {
	for _, c := range conditions {
		if c.Type == name {
			return c.Status
		}
	}
	return metav1.ConditionUnknown
}

// Covers reports whether the route has all hosts, parents and targets of an earlier version of it.
func (rt *Route) Covers(old *Route) bool {
	return rt.Inherit == old.Inherit && record.ContainsAll(rt.Hosts, old.Hosts) && record.ContainsAll(rt.parents, old.parents) &&
		(rt.targets == nil) == (old.targets == nil) && (rt.targets == nil || rt.targets.Targets.Covers(&old.targets.Targets))
}
