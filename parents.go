package gateway

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
)

// parentGateway is what routes need of a Gateway. It is immutable once stored.
type parentGateway struct {
	meta
	listeners []listener
	sets      namespaces // from which ListenerSets may add listeners
	targets

	// As a kind of its own (K2).
	names    []string // of the hostname annotation, canonical
	ttl      uint32   // seconds
	selected bool     // by `labelSelector`
}

// newParentGateway reads a Gateway. One that is not accepted, or of a class that is filtered out, is
// not there (G4).
func newParentGateway(g *Gateway, gw *gatewayv1.Gateway) *parentGateway {
	f := &g.filters
	if f.excludes(gw) ||
		len(f.gateways) > 0 && !slices.Contains(f.gateways, metaOf(gw).key()) ||
		len(f.gatewayClasses) > 0 && !slices.Contains(f.gatewayClasses, string(gw.Spec.GatewayClassName)) ||
		conditionStatus(gw.Status.Conditions, string(gatewayv1.GatewayConditionAccepted)) == metav1.ConditionFalse {
		return nil
	}
	p := &parentGateway{meta: metaOf(gw), sets: namespaces{from: gatewayv1.NamespacesFromNone}}
	conditions := map[gatewayv1.SectionName][]metav1.Condition{}
	for _, s := range gw.Status.Listeners {
		conditions[s.Name] = s.Conditions
	}
	for _, l := range gw.Spec.Listeners {
		if l, ok := p.skipped.listener(l, conditions[l.Name]); ok {
			p.listeners = append(p.listeners, l)
		}
	}
	if a := gw.Spec.AllowedListeners; a != nil && a.Namespaces != nil {
		p.sets = p.skipped.namespaces(a.Namespaces.From, a.Namespaces.Selector, gatewayv1.NamespacesFromNone)
	}
	p.selected = f.selector == nil || f.selector.Matches(labels.Set(gw.Labels))
	a := f.annotate(&p.skipped, gw.Annotations, "Gateway", g.ttl)
	p.ttl = a.ttl
	for _, host := range a.hostnames {
		if name, ok := p.skipped.name(host, names.Hostname); ok {
			p.names = append(p.names, name)
		}
	}
	if a.targets != nil {
		p.targets = *a.targets
		return p
	}
	for _, a := range gw.Status.Addresses { // G6: a missing type is IPAddress, and types unknown to us do not count
		switch {
		case a.Type == nil || *a.Type == gatewayv1.IPAddressType:
			p.skipped.address(&p.targets, a.Value)
		case *a.Type == gatewayv1.HostnameAddressType:
			p.skipped.host(&p.targets, a.Value)
		}
	}
	p.targets.sort()
	return p
}

// listenerSet is what routes need of a ListenerSet: more listeners for a Gateway. It is immutable once
// stored.
type listenerSet struct {
	meta
	gateway   string // key
	listeners []listener
}

// newListenerSet reads a ListenerSet. One that is not accepted is not there (G3).
func newListenerSet(set *gatewayv1.ListenerSet) *listenerSet {
	ref := set.Spec.ParentRef
	id := identify(gatewayv1.ParentReference{Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}, set.Namespace)
	if ignored(set) || id.kind != "Gateway" || id.group != gatewayv1.GroupName ||
		conditionStatus(set.Status.Conditions, string(gatewayv1.ListenerSetConditionAccepted)) == metav1.ConditionFalse {
		return nil
	}
	s := &listenerSet{meta: metaOf(set), gateway: id.namespace + "/" + id.name}
	conditions := map[gatewayv1.SectionName][]metav1.Condition{}
	for _, st := range set.Status.Listeners {
		conditions[st.Name] = st.Conditions
	}
	for _, l := range set.Spec.Listeners {
		if l, ok := s.skipped.listener(gatewayv1.Listener(l), conditions[l.Name]); ok {
			s.listeners = append(s.listeners, l)
		}
	}
	return s
}

// namespace is what listeners need of a Namespace: its labels.
type namespace struct {
	meta
	labels map[string]string
}

// newNamespace reads the metadata of a Namespace.
func newNamespace(ns *metav1.PartialObjectMetadata) *namespace {
	if ns.Labels == nil {
		ns.Labels = map[string]string{}
	}
	return &namespace{metaOf(ns), ns.Labels}
}
