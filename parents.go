package gateway

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
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
func newParentGateway(g *Gateway, gw *gatewayv1.Gateway) (*parentGateway, *leftOut) {
	f := &g.filters
	if why := f.excludesGateway(gw); why != "" {
		return nil, &leftOut{meta: metaOf(gw), reason: why}
	}
	var skipped skips
	p := &parentGateway{meta: metaOf(gw), sets: namespaces{from: gatewayv1.NamespacesFromNone}}
	conditions := map[gatewayv1.SectionName][]metav1.Condition{}
	for _, s := range gw.Status.Listeners {
		conditions[s.Name] = s.Conditions
	}
	for _, l := range gw.Spec.Listeners {
		if l, ok := skipped.listener(l, conditions[l.Name]); ok {
			p.listeners = append(p.listeners, l)
		}
	}
	if a := gw.Spec.AllowedListeners; a != nil && a.Namespaces != nil {
		p.sets = skipped.namespaces(a.Namespaces.From, a.Namespaces.Selector, gatewayv1.NamespacesFromNone)
	}
	p.selected = f.selector == nil || f.selector.Matches(labels.Set(gw.Labels))
	a := f.annotate(&skipped, gw.Annotations, "Gateway", g.ttl)
	p.ttl = a.ttl
	for _, host := range a.hostnames {
		if name, ok := skipped.name(host, names.Hostname); ok {
			p.names = append(p.names, name)
		}
	}
	if a.targets != nil {
		p.targets, p.skipped = *a.targets, skipped.kept()
		return p, nil
	}
	for _, a := range gw.Status.Addresses { // G6: a missing type is IPAddress, and types unknown to us do not count
		switch {
		case a.Type == nil || *a.Type == gatewayv1.IPAddressType:
			skipped.address(&p.targets, a.Value)
		case *a.Type == gatewayv1.HostnameAddressType:
			skipped.host(&p.targets, a.Value)
		}
	}
	skipped.settle(&p.targets)
	p.skipped = skipped.kept()
	return p, nil
}

// excludesGateway returns why a Gateway does not count.
func (f *filters) excludesGateway(gw *gatewayv1.Gateway) string {
	class := string(gw.Spec.GatewayClassName)
	switch {
	case len(f.gateways) > 0 && !slices.Contains(f.gateways, metaOf(gw).key()):
		return "it is not in gateways"
	case len(f.gatewayClasses) > 0 && !slices.Contains(f.gatewayClasses, class):
		return "its class " + quote(class) + " is not in gatewayClasses"
	case conditionStatus(gw.Status.Conditions, string(gatewayv1.GatewayConditionAccepted)) == metav1.ConditionFalse:
		return "its status says that it is not accepted"
	}
	return f.excludes(gw)
}

// listenerSet is what routes need of a ListenerSet: more listeners for a Gateway. It is immutable once
// stored.
type listenerSet struct {
	meta
	gateway   objectKey
	listeners []listener
}

// newListenerSet reads a ListenerSet. One that is not accepted is not there (G3).
func newListenerSet(set *gatewayv1.ListenerSet) (*listenerSet, *leftOut) {
	ref := set.Spec.ParentRef
	id := identify(gatewayv1.ParentReference{Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}, set.Namespace)
	switch {
	case ignored(set):
		return nil, &leftOut{meta: metaOf(set), reason: "it has the label " + ignoreLabel}
	case conditionStatus(set.Status.Conditions, string(gatewayv1.ListenerSetConditionAccepted)) == metav1.ConditionFalse:
		return nil, &leftOut{meta: metaOf(set), reason: "its status says that it is not accepted"}
	case id.kind != "Gateway" || id.group != gatewayv1.GroupName:
		return nil, nil
	}
	var skipped skips
	s := &listenerSet{meta: metaOf(set), gateway: objectKey{id.namespace, id.name}}
	conditions := map[gatewayv1.SectionName][]metav1.Condition{}
	for _, st := range set.Status.Listeners {
		conditions[st.Name] = st.Conditions
	}
	for _, l := range set.Spec.Listeners {
		if l, ok := skipped.listener(gatewayv1.Listener(l), conditions[l.Name]); ok {
			s.listeners = append(s.listeners, l)
		}
	}
	s.skipped = skipped.kept()
	return s, nil
}

// namespace is what listeners need of a Namespace: its labels.
type namespace struct {
	meta
	labels map[string]string
}

// newNamespace reads the metadata of a Namespace.
func newNamespace(ns *metav1.PartialObjectMetadata) (*namespace, *leftOut) {
	if ns.Labels == nil {
		ns.Labels = map[string]string{}
	}
	return &namespace{metaOf(ns), ns.Labels}, nil
}
