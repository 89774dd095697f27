package gatewayapi

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// listener is a listener of a Gateway or of a ListenerSet.
type listener struct {
	name       string
	port       int32
	host       string // canonical pattern; empty for all hosts
	protocol   gatewayv1.ProtocolType
	kinds      []string // kinds of routes that the listener admits; empty for all kinds of its protocol
	namespaces namespaces
}

// readListener reads one listener, with the conditions of its status. It reports false for a listener that does not exist for
// DNS: one that is conflicted or not accepted (G3), or whose host is not a name.
func readListener(s *record.Skips, spec listenerObject, conditions []condition) (listener, bool) {
	if conditionStatus(conditions, string(gatewayv1.ListenerConditionConflicted)) == metav1.ConditionTrue ||
		conditionStatus(conditions, string(gatewayv1.ListenerConditionAccepted)) == metav1.ConditionFalse {
		return listener{}, false
	}
	l := listener{name: spec.Name, port: spec.Port, protocol: spec.Protocol, namespaces: namespaces{from: gatewayv1.NamespacesFromSame}}
	if spec.Hostname != "" {
		var ok bool
		if l.host, ok = s.ParseName(spec.Hostname, dnsname.Hostname); !ok {
			return listener{}, false
		}
	}
	if spec.AllowedRoutes == nil {
		return l, true
	}
	if n := spec.AllowedRoutes.Namespaces; n != nil {
		l.namespaces = readNamespaces(s, n.From, n.Selector, gatewayv1.NamespacesFromSame)
	}
	for _, k := range spec.AllowedRoutes.Kinds {
		if k.Group == nil || *k.Group == gatewayv1.GroupName {
			l.kinds = append(l.kinds, string(k.Kind))
		}
	}
	if len(spec.AllowedRoutes.Kinds) > 0 && len(l.kinds) == 0 {
		return listener{}, false // it admits only kinds of other API groups
	}
	return l, true
}

// protocolsOfKind has the protocols of the listeners that admit a kind of routes.
var protocolsOfKind = map[string][]gatewayv1.ProtocolType{
	"HTTPRoute": {gatewayv1.HTTPProtocolType, gatewayv1.HTTPSProtocolType},
	"GRPCRoute": {gatewayv1.HTTPProtocolType, gatewayv1.HTTPSProtocolType},
	"TLSRoute":  {gatewayv1.TLSProtocolType},
	"TCPRoute":  {gatewayv1.TCPProtocolType, gatewayv1.TLSProtocolType},
	"UDPRoute":  {gatewayv1.UDPProtocolType},
}

// admits reports whether the route's reference selects the listener, and the listener admits routes of the kind.
func (l *listener) admits(p parent, kind string) bool {
	if p.section != "" && p.section != l.name || p.port != 0 && p.port != l.port {
		return false
	}
	if strings.Contains(string(l.protocol), "/") { // an implementation's own protocol admits only the kinds that the listener names
		return slices.Contains(l.kinds, kind)
	}
	return slices.Contains(protocolsOfKind[kind], l.protocol) && (len(l.kinds) == 0 || slices.Contains(l.kinds, kind))
}

// namespaces is a set of namespaces, as in allowedRoutes and allowedListeners.
type namespaces struct {
	from     gatewayv1.FromNamespaces
	selector labels.Selector // for NamespacesFromSelector
	earlier  *namespaces     // the set from before a relist, until the whole list is stored (R7); nil otherwise
}

// readNamespaces reads a set of namespaces. fallback applies if from is not given.
func readNamespaces(s *record.Skips, from *gatewayv1.FromNamespaces, selector *metav1.LabelSelector, fallback gatewayv1.FromNamespaces) namespaces {
	n := namespaces{from: fallback}
	if from != nil && *from != "" {
		n.from = *from
	}
	if n.from == gatewayv1.NamespacesFromSelector {
		var err error
		if n.selector, err = metav1.LabelSelectorAsSelector(selector); err != nil {
			s.Skip("selector", metav1.FormatLabelSelector(selector), err)
			n.from = gatewayv1.NamespacesFromNone
		}
	}
	return n
}

// admit reports whether the set contains a namespace. own is the namespace of the object that states the set. selects reports
// whether a selector matches the labels of a namespace.
func (n *namespaces) admit(namespace, own string, selects func(s labels.Selector, namespace string) bool) bool {
	if n.earlier != nil && n.earlier.admit(namespace, own, selects) {
		return true
	}
	switch n.from {
	case gatewayv1.NamespacesFromAll:
		return true
	case gatewayv1.NamespacesFromSame:
		return namespace == own
	case gatewayv1.NamespacesFromSelector:
		return selects(n.selector, namespace)
	}
	return false
}

// intersect returns the pattern of the names that match both the host of a route and that of a listener (G5). An empty host
// matches all names. A wildcard of the Gateway API matches one or more labels (W2).
func intersect(a, b string) (string, bool) {
	if a == "" || b == "" {
		return a + b, a+b != ""
	}
	sa, wildA := dnsname.CutWildcard(a)
	sb, wildB := dnsname.CutWildcard(b)
	switch {
	case wildA && wildB:
		if dnsname.Within(sa, sb) {
			return a, true
		}
		return b, dnsname.Within(sb, sa)
	case wildA:
		return b, b != sa && dnsname.Within(b, sa)
	case wildB:
		return a, a != sb && dnsname.Within(a, sb)
	}
	return a, a == b
}
