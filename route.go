package gateway

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// route is what the route kinds of the Gateway API have in common: host names, and the parents that
// may serve them. It is immutable once stored.
type route struct {
	record.Meta
	hosts   []string           // canonical patterns
	inherit bool               // there are no hosts in the spec: those of the listeners are taken (G5)
	parents []parent           // that count (G1, G2)
	ttl     uint32             // seconds
	targets *record.OwnTargets // of an annotation, in place of the Gateway's; nil for none
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

// watch returns the informers of a route kind. Routes of a kind that inherits take the hosts of listeners where they have none in their
// spec; TCPRoutes and UDPRoutes have the names of the hostname annotation only.
func (r *routes) watch(resource kube.Resource, inherits bool) []*kube.Informer {
	j := r.join
	resource.Labels = j.Filters.LabelSelector
	return object.Informers(j.Settings, r.kind, resource, r.index,
		func(obj *routeObject) (*route, *record.LeftOut) {
			var skipped record.Skips
			rt := newRoute(&skipped, obj, inherits)
			rt.annotate(&skipped, j.Filters.Annotate(&skipped, obj.GetAnnotations(), r.kind, j.TTL))
			rt.Skipped = skipped.Kept()
			if why := j.Filters.Excludes(obj); why != "" {
				return nil, &record.LeftOut{Meta: kube.MetaOf(obj), Reason: why, Names: rt.hosts}
			}
			return rt, nil
		},
		func(old, new *route) { j.putRoute(r, old, new) },
	)
}

func newRoute(s *record.Skips, obj *routeObject, inherits bool) *route {
	rt := &route{Meta: kube.MetaOf(obj), inherit: inherits && len(obj.Spec.Hostnames) == 0}
	hosts := obj.Spec.Hostnames
	if !inherits {
		hosts = nil
	}
	for _, host := range hosts {
		if name, ok := s.ParseName(host, dnsname.Hostname); ok {
			rt.hosts = append(rt.hosts, name)
		}
	}
	rt.hosts = record.Limit(s, "name", rt.hosts, maxHosts)
	for _, p := range obj.Spec.ParentRefs {
		id := identify(p, rt.Namespace)
		if id.holdsListeners() && !refused(obj.Status.Parents, id, rt.Namespace) {
			rt.parents = append(rt.parents, parent{id.kind == "ListenerSet", store.Key{Namespace: id.namespace, Name: id.name}, id.section, id.port})
		}
	}
	return rt
}

// annotate adds what the annotations say (L2). Names that they add still have to match a listener.
func (rt *route) annotate(s *record.Skips, a object.Annotations) {
	rt.ttl, rt.targets = a.TTL, record.NewOwnTargets(a.Targets)
	s.From(a.HostnameKey, func() {
		for _, host := range a.Hostnames {
			if name, ok := s.ParseName(host, dnsname.Hostname); ok {
				rt.hosts = append(rt.hosts, name)
			}
		}
	})
	rt.hosts = record.Limit(s, "name", rt.hosts, maxHosts)
}

// parentID is a ParentReference with its defaults filled in: all six fields by which two of them are
// the same.
type parentID struct {
	group, kind, namespace, name, section string
	port                                  int32
}

// identify fills in the defaults of one reference, its own group and kind and the route's namespace.
func identify(p gatewayv1.ParentReference, namespace string) parentID {
	id := parentID{group: gatewayv1.GroupName, kind: "Gateway", namespace: namespace, name: string(p.Name)}
	set(&id.group, p.Group)
	set(&id.kind, p.Kind)
	set(&id.namespace, p.Namespace)
	set(&id.section, p.SectionName)
	if p.Port != nil {
		id.port = *p.Port
	}
	return id
}

func set[S ~string](field *string, value *S) {
	if value != nil {
		*field = string(*value)
	}
}

// holdsListeners reports whether the reference is to something that a route can be attached to.
func (id parentID) holdsListeners() bool {
	return id.group == gatewayv1.GroupName && (id.kind == "Gateway" || id.kind == "ListenerSet")
}

// refused reports whether a parent's own entry in the status says that it does not take the route.
func refused(status []routeParentStatus, id parentID, namespace string) bool {
	refused := false
	for _, s := range status {
		if identify(s.ParentRef, namespace) != id {
			continue
		}
		switch conditionStatus(s.Conditions, string(gatewayv1.RouteConditionAccepted)) {
		case metav1.ConditionTrue:
			return false // by one of several controllers
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

// Covers reports whether the route has the hosts and the parents of an earlier one.
func (rt *route) Covers(old *route) bool {
	return rt.inherit == old.inherit && record.HoldsAll(rt.hosts, old.hosts) && record.HoldsAll(rt.parents, old.parents) &&
		(rt.targets == nil) == (old.targets == nil) && (rt.targets == nil || rt.targets.Targets.Covers(&old.targets.Targets))
}
