package model

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// listener is one of a Gateway or of a ListenerSet.
type listener struct {
	name       string
	port       int
	host       string // canonical, "" for all
	protocol   string
	kinds      []gatewayv1.RouteGroupKind
	namespaces namespaces
}

// namespaces says which namespaces something may come from.
type namespaces struct {
	from     string
	selector *metav1.LabelSelector
}

// attachment is a listener that a reference may mean.
type attachment struct {
	gateway  *gatewayv1.Gateway
	owner    string // namespace of what the listener stands in
	listener listener
	from     []Ref
}

// there reports whether a Gateway is there at all (G4).
func (w *World) there(gw *gatewayv1.Gateway) bool {
	m := &gw.ObjectMeta
	return w.watched(m) && !ignored(m) && !w.foreign(m) && !has(gw.Status.Conditions, "Accepted", metav1.ConditionFalse) &&
		(len(w.GatewayClasses) == 0 || slices.Contains(w.GatewayClasses, string(gw.Spec.GatewayClassName))) &&
		(len(w.OnlyGateways) == 0 || slices.Contains(w.OnlyGateways, ref("", m).key()))
}

// attachments returns the listeners of the Gateway or of the ListenerSet that a reference names (G3).
func (w *World) attachments(id parentID) []attachment {
	var list []attachment
	for _, gw := range w.Gateways {
		if !w.there(gw) {
			continue
		}
		from := []Ref{ref("Gateway", &gw.ObjectMeta)}
		if id.kind == "Gateway" && gw.Namespace == id.namespace && gw.Name == id.name {
			for _, l := range gw.Spec.Listeners {
				list = append(list, attached(gw, gw.Namespace, l, gw.Status.Listeners, from)...)
			}
		}
		for _, set := range w.ListenerSets {
			if id.kind == "ListenerSet" && set.Namespace == id.namespace && set.Name == id.name {
				list = append(list, w.ofSet(gw, set, from)...)
			}
		}
	}
	return list
}

// ofSet returns the listeners of a ListenerSet, if a Gateway is the one that it is for, and lets it in.
func (w *World) ofSet(gw *gatewayv1.Gateway, set *gatewayv1.ListenerSet, from []Ref) []attachment {
	p := set.Spec.ParentRef
	id := identify(gatewayv1.ParentReference{Group: p.Group, Kind: p.Kind, Namespace: p.Namespace, Name: p.Name}, set.Namespace)
	allowed := namespaces{from: "None"}
	if a := gw.Spec.AllowedListeners; a != nil && a.Namespaces != nil {
		allowed = namespacesOf(a.Namespaces.From, a.Namespaces.Selector, "None")
	}
	in, ok := w.admit(allowed, gw.Namespace, set.Namespace)
	if id.group != gatewayv1.GroupName || id.kind != "Gateway" || id.namespace != gw.Namespace || id.name != gw.Name || !ok ||
		!w.watched(&set.ObjectMeta) || ignored(&set.ObjectMeta) || has(set.Status.Conditions, "Accepted", metav1.ConditionFalse) {
		return nil
	}
	from = slices.Concat(from, []Ref{ref("ListenerSet", &set.ObjectMeta)}, in)
	var status []gatewayv1.ListenerStatus
	for _, s := range set.Status.Listeners {
		status = append(status, gatewayv1.ListenerStatus{Name: s.Name, Conditions: s.Conditions})
	}
	var list []attachment
	for _, l := range set.Spec.Listeners {
		list = append(list, attached(gw, set.Namespace, gatewayv1.Listener(l), status, from)...)
	}
	return list
}

// attached returns one listener, unless its status says that it is not there (G3), or its host is no name.
func attached(gw *gatewayv1.Gateway, owner string, l gatewayv1.Listener, status []gatewayv1.ListenerStatus, from []Ref) []attachment {
	for _, s := range status {
		if s.Name == l.Name && (has(s.Conditions, "Conflicted", metav1.ConditionTrue) || has(s.Conditions, "Accepted", metav1.ConditionFalse)) {
			return nil
		}
	}
	li := listener{name: string(l.Name), port: int(l.Port), protocol: string(l.Protocol), namespaces: namespaces{from: "Same"}}
	if l.Hostname != nil && *l.Hostname != "" {
		var ok bool
		if li.host, ok = canonical(string(*l.Hostname), false); !ok {
			return nil
		}
	}
	if a := l.AllowedRoutes; a != nil {
		li.kinds = a.Kinds
		if n := a.Namespaces; n != nil {
			li.namespaces = namespacesOf(n.From, n.Selector, "Same")
		}
	}
	return []attachment{{gateway: gw, owner: owner, listener: li, from: from}}
}

func namespacesOf(from *gatewayv1.FromNamespaces, selector *metav1.LabelSelector, missing string) namespaces {
	n := namespaces{missing, selector}
	if from != nil {
		n.from = string(*from)
	}
	return n
}

// takes reports whether a listener is one that a reference means, and is for routes of a kind (G3).
func (l *listener) takes(kind string, id parentID) bool {
	if id.section != "" && id.section != l.name || id.port != 0 && id.port != l.port {
		return false
	}
	named := slices.ContainsFunc(l.kinds, func(k gatewayv1.RouteGroupKind) bool {
		return (k.Group == nil || *k.Group == gatewayv1.GroupName) && string(k.Kind) == kind
	})
	if strings.Contains(l.protocol, "/") {
		return named
	}
	suits := map[string][]string{
		"HTTPRoute": {"HTTP", "HTTPS"},
		"GRPCRoute": {"HTTP", "HTTPS"},
		"TLSRoute":  {"TLS"},
		"TCPRoute":  {"TCP", "TLS"},
		"UDPRoute":  {"UDP"},
	}
	return slices.Contains(suits[kind], l.protocol) && (named || len(l.kinds) == 0)
}

// admits reports whether an attachment's listener takes routes from a namespace, and notes why.
func (w *World) admits(at *attachment, namespace string) bool {
	in, ok := w.admit(at.listener.namespaces, at.owner, namespace)
	at.from = slices.Concat(at.from, in)
	return ok
}

// admit reports whether a namespace is one of some. own is the namespace of what says so. If it is for its labels, the
// Namespace is returned.
func (w *World) admit(n namespaces, own, namespace string) ([]Ref, bool) {
	switch n.from {
	case "All":
		return nil, true
	case "Same":
		return nil, namespace == own
	case "Selector":
		selector, err := metav1.LabelSelectorAsSelector(n.selector)
		for _, ns := range w.Namespaces {
			if err == nil && ns.Name == namespace && selector.Matches(labels.Set(ns.Labels)) {
				return []Ref{ref("Namespace", &ns.ObjectMeta)}, true
			}
		}
	}
	return nil, false
}
