package model

import (
	"net/netip"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// route is a route of any kind.
type route struct {
	kind     string
	meta     *metav1.ObjectMeta
	parents  []gatewayv1.ParentReference
	status   []gatewayv1.RouteParentStatus
	hosts    []gatewayv1.Hostname
	backends []gatewayv1.BackendRef
}

func (w *World) routesOf(kind string) []route {
	var list []route
	switch kind {
	case "HTTPRoute":
		for _, r := range w.HTTPRoutes {
			var backends []gatewayv1.BackendRef
			for _, rule := range r.Spec.Rules {
				for _, ref := range rule.BackendRefs {
					backends = append(backends, ref.BackendRef)
				}
			}
			list = append(list, route{kind, &r.ObjectMeta, r.Spec.ParentRefs, r.Status.Parents, r.Spec.Hostnames, backends})
		}
	case "TLSRoute":
		for _, r := range w.TLSRoutes {
			var backends []gatewayv1.BackendRef
			for _, rule := range r.Spec.Rules {
				backends = append(backends, rule.BackendRefs...)
			}
			list = append(list, route{kind, &r.ObjectMeta, r.Spec.ParentRefs, r.Status.Parents, r.Spec.Hostnames, backends})
		}
	case "GRPCRoute":
		for _, r := range w.GRPCRoutes {
			var backends []gatewayv1.BackendRef
			for _, rule := range r.Spec.Rules {
				for _, ref := range rule.BackendRefs {
					backends = append(backends, ref.BackendRef)
				}
			}
			list = append(list, route{kind, &r.ObjectMeta, r.Spec.ParentRefs, r.Status.Parents, r.Spec.Hostnames, backends})
		}
	case "TCPRoute":
		for _, r := range w.TCPRoutes {
			var backends []gatewayv1.BackendRef
			for _, rule := range r.Spec.Rules {
				backends = append(backends, rule.BackendRefs...)
			}
			list = append(list, route{kind, &r.ObjectMeta, r.Spec.ParentRefs, r.Status.Parents, nil, backends})
		}
	case "UDPRoute":
		for _, r := range w.UDPRoutes {
			var backends []gatewayv1.BackendRef
			for _, rule := range r.Spec.Rules {
				backends = append(backends, rule.BackendRefs...)
			}
			list = append(list, route{kind, &r.ObjectMeta, r.Spec.ParentRefs, r.Status.Parents, nil, backends})
		}
	}
	return list
}

// routes claims what routes of a kind and the listeners that count for them have in common.
func (w *World) routes(kind string) {
	for _, r := range w.routesOf(kind) {
		if !w.counts(r.meta) {
			continue
		}
		for _, p := range r.parents {
			id := identify(p, r.meta.Namespace)
			if id.group != gatewayv1.GroupName || r.refused(id) { // G1, G2
				continue
			}
			for _, at := range w.attachments(id) {
				if at.listener.takes(r.kind, id) && w.admits(&at, r.meta.Namespace) {
					w.route(r, &at)
				}
			}
		}
	}
}

// route claims the names that match both a host of a route and that of a listener (G5).
func (w *World) route(r route, at *attachment) {
	a := w.annotations(r.kind, r.meta)
	c := Claim{Kind: r.kind, From: append([]Ref{ref(r.kind, r.meta)}, at.from...), TTL: a.ttl, stated: w.stated(r.meta)}
	w.backed(&c, routeBackends(r.meta.Namespace, r.backends))
	c.Addresses, c.Hosts = a.or(w.gatewayTargets(at.gateway))
	for _, host := range r.patterns(a) {
		if name, ok := common(host, at.listener.host); ok {
			c.Name = name
			w.claim(c)
		}
	}
}

// patterns returns the hosts of a route, "" standing for any: none in the spec are those of the listener, except for
// TCPRoute and UDPRoute, which have none there. An annotation adds to them.
func (r *route) patterns(a annotations) []string {
	var list []string
	for _, host := range r.hosts {
		if name, ok := canonical(string(host), false); ok {
			list = append(list, name)
		}
	}
	if len(r.hosts) == 0 && r.kind != "TCPRoute" && r.kind != "UDPRoute" {
		list = append(list, "")
	}
	return append(list, a.names...)
}

// common returns the pattern of the names that match two others, "" matching all: the narrower one, if it lies within
// the wider.
func common(a, b string) (string, bool) {
	matches := func(pattern, name string) bool { return isWildcard(pattern) && below(name, suffix(pattern)) }
	switch {
	case a == "":
		return b, b != ""
	case b == "", a == b, matches(b, a):
		return a, true
	case matches(a, b):
		return b, true
	}
	return "", false
}

// parentID is a reference with all its fields filled in.
type parentID struct {
	group, kind, namespace, name, section string
	port                                  int
}

// identify fills in the fields that a reference does not have (G1).
func identify(p gatewayv1.ParentReference, namespace string) parentID {
	id := parentID{group: gatewayv1.GroupName, kind: "Gateway", namespace: namespace, name: string(p.Name)}
	if p.Group != nil {
		id.group = string(*p.Group)
	}
	if p.Kind != nil {
		id.kind = string(*p.Kind)
	}
	if p.Namespace != nil {
		id.namespace = string(*p.Namespace)
	}
	if p.SectionName != nil {
		id.section = string(*p.SectionName)
	}
	if p.Port != nil {
		id.port = int(*p.Port)
	}
	return id
}

// refused reports whether the status says that a parent does not accept the route (G2).
func (r *route) refused(id parentID) bool {
	return slices.ContainsFunc(r.status, func(s gatewayv1.RouteParentStatus) bool {
		return identify(s.ParentRef, r.meta.Namespace) == id && has(s.Conditions, "Accepted", metav1.ConditionFalse)
	})
}

func has(conditions []metav1.Condition, name string, status metav1.ConditionStatus) bool {
	return slices.ContainsFunc(conditions, func(c metav1.Condition) bool { return c.Type == name && c.Status == status })
}

// gatewayTargets returns where a Gateway is reached (G6), or where an annotation says that it is (L2).
func (w *World) gatewayTargets(gw *gatewayv1.Gateway) (addrs []netip.Addr, hosts []string) {
	for _, a := range gw.Status.Addresses {
		switch {
		case a.Type == nil, *a.Type == gatewayv1.IPAddressType:
			addrs, hosts = target(addrs, hosts, a.Value, "")
		case *a.Type == gatewayv1.HostnameAddressType:
			addrs, hosts = target(addrs, hosts, "", a.Value)
		}
	}
	return w.annotations("Gateway", &gw.ObjectMeta).or(addrs, hosts)
}

// gatewayNames claims the names of the hostname annotation of Gateways, as a kind of their own (K2).
func (w *World) gatewayNames() {
	for _, gw := range w.Gateways {
		if !w.there(gw) || !w.counts(&gw.ObjectMeta) {
			continue
		}
		a := w.annotations("Gateway", &gw.ObjectMeta)
		c := Claim{Kind: "Gateway", From: []Ref{ref("Gateway", &gw.ObjectMeta)}, TTL: a.ttl, stated: w.stated(&gw.ObjectMeta)}
		c.Addresses, c.Hosts = w.gatewayTargets(gw)
		for _, name := range a.names {
			c.Name = name
			w.claim(c)
		}
	}
}
