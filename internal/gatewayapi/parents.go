package gatewayapi

import (
	"maps"
	"reflect"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// ParentGateway is what routes need of a Gateway. It is immutable once stored.
type ParentGateway struct {
	record.Meta
	listeners []listener
	sets      namespaces // from which ListenerSets may add listeners
	record.Targets

	// As a kind of its own (K2).
	names    []string // of the hostname annotation, canonical
	ttl      uint32   // seconds
	stated   *record.Stated
	selected bool // by `labelSelector`
}

// newParentGateway reads a Gateway. One that is not accepted, or of a class that is filtered out, is
// not there (G4).
func newParentGateway(c *object.Settings, gw *gatewayObject) (*ParentGateway, *record.LeftOut) {
	f := c.Filters
	if why := excludesGateway(f, gw); why != "" {
		return nil, &record.LeftOut{Meta: kube.MetaOf(gw), Reason: why}
	}
	var skipped record.Skips
	p := &ParentGateway{Meta: kube.MetaOf(gw), sets: namespaces{from: gatewayv1.NamespacesFromNone}}
	conditions := conditionsByListener(gw.Status.Listeners)
	for _, l := range gw.Spec.Listeners {
		if l, ok := readListener(&skipped, l, conditions[l.Name]); ok {
			p.listeners = append(p.listeners, l)
		}
	}
	if a := gw.Spec.AllowedListeners; a != nil && a.Namespaces != nil {
		p.sets = readNamespaces(&skipped, a.Namespaces.From, a.Namespaces.Selector, gatewayv1.NamespacesFromNone)
	}
	p.selected = f.Selector == nil || f.Selector.Matches(labels.Set(gw.GetLabels()))
	a := c.Annotate(&skipped, gw.GetAnnotations(), "Gateway")
	p.ttl, p.stated = a.TTL, a.Stated
	for _, host := range a.Hostnames {
		if name, ok := skipped.ParseName(host, dnsname.Hostname); ok {
			p.names = append(p.names, name)
		}
	}
	if a.Targets != nil {
		p.Targets, p.Skipped = *a.Targets, skipped.Kept()
		return p, nil
	}
	for _, a := range gw.Status.Addresses { // G6: a missing type is IPAddress, and types unknown to us do not count
		switch {
		case a.Type == nil || *a.Type == gatewayv1.IPAddressType:
			skipped.AddAddress(&p.Targets, a.Value)
		case *a.Type == gatewayv1.HostnameAddressType:
			skipped.AddHost(&p.Targets, a.Value)
		}
	}
	skipped.SettleTargets(&p.Targets)
	p.Skipped = skipped.Kept()
	return p, nil
}

// Identify names the empty stand-in for a Gateway that could not be decoded.
func (p *ParentGateway) Identify(id record.Meta) {
	*p = ParentGateway{Meta: id, sets: namespaces{from: gatewayv1.NamespacesFromNone}}
}

// With returns the Gateway with what it has in common with an earlier version of it, and what it lost: listeners, names,
// namespaces of ListenerSets, and targets. It is stored until all of a list is stored (R7).
func (p *ParentGateway) With(old *ParentGateway) *ParentGateway {
	both := *p
	if !reflect.DeepEqual(p.listeners, old.listeners) {
		both.listeners = slices.Concat(p.listeners, old.listeners)
	}
	if !slices.Equal(p.names, old.names) {
		both.names = slices.Concat(p.names, old.names)
	}
	if !reflect.DeepEqual(p.sets, old.sets) {
		both.sets.earlier = &old.sets
	}
	both.Targets = p.Targets.With(&old.Targets)
	if reflect.DeepEqual(&both, p) {
		return p
	}
	return &both
}

// excludesGateway returns why a Gateway does not count.
func excludesGateway(f *object.Filters, gw *gatewayObject) string {
	class := gw.Spec.GatewayClassName
	switch {
	case len(f.Gateways) > 0 && !slices.Contains(f.Gateways, kube.MetaOf(gw).Key().String()):
		return "it is not in gateways"
	case len(f.GatewayClasses) > 0 && !slices.Contains(f.GatewayClasses, class):
		return "its class " + record.Quote(class) + " is not in gatewayClasses"
	case conditionStatus(gw.Status.Conditions, string(gatewayv1.GatewayConditionAccepted)) == metav1.ConditionFalse:
		return "its status says that it is not accepted"
	}
	return f.Excludes(gw)
}

// ListenerSet is what routes need of a ListenerSet: more listeners for a Gateway. It is immutable once
// stored.
type ListenerSet struct {
	record.Meta
	gateway   store.Key
	listeners []listener
	earlier   *ListenerSet // with another Gateway, until all of a list is stored (R7); nil otherwise
}

// newListenerSet reads a ListenerSet. One that is not accepted is not there (G3).
func newListenerSet(set *listenerSetObject) (*ListenerSet, *record.LeftOut) {
	ref := set.Spec.ParentRef
	id := identify(gatewayv1.ParentReference{Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}, set.GetNamespace())
	switch {
	case object.Ignored(set):
		return nil, &record.LeftOut{Meta: kube.MetaOf(set), Reason: "it has the label " + object.IgnoreLabel}
	case conditionStatus(set.Status.Conditions, string(gatewayv1.ListenerSetConditionAccepted)) == metav1.ConditionFalse:
		return nil, &record.LeftOut{Meta: kube.MetaOf(set), Reason: "its status says that it is not accepted"}
	case id.kind != "Gateway" || id.group != gatewayv1.GroupName:
		return nil, nil
	}
	var skipped record.Skips
	s := &ListenerSet{Meta: kube.MetaOf(set), gateway: store.Key{Namespace: id.namespace, Name: id.name}}
	conditions := conditionsByListener(set.Status.Listeners)
	for _, l := range set.Spec.Listeners {
		if l, ok := readListener(&skipped, l, conditions[l.Name]); ok {
			s.listeners = append(s.listeners, l)
		}
	}
	s.Skipped = skipped.Kept()
	return s, nil
}

// With returns the ListenerSet with the listeners of an earlier version of it besides its own, each under its Gateway. It is
// stored until all of a list is stored (R7).
func (s *ListenerSet) With(old *ListenerSet) *ListenerSet {
	both := *s
	switch {
	case s.gateway != old.gateway:
		both.earlier = old
	case reflect.DeepEqual(s.listeners, old.listeners):
		return s
	default:
		both.listeners = slices.Concat(s.listeners, old.listeners)
	}
	return &both
}

// Namespace is what listeners need of a Namespace: its labels.
type Namespace struct {
	record.Meta
	labels  map[string]string
	earlier map[string]string // labels from before a relist, until all of the list is stored (R7); nil otherwise
}

// newNamespace reads the metadata of a Namespace.
func newNamespace(ns *metav1.PartialObjectMetadata) (*Namespace, *record.LeftOut) {
	if ns.Labels == nil {
		ns.Labels = map[string]string{}
	}
	return &Namespace{Meta: kube.MetaOf(ns), labels: ns.Labels}, nil
}

// matches reports whether a selector matches the labels.
func (n *Namespace) matches(selector labels.Selector) bool {
	return selector.Matches(labels.Set(n.labels)) || n.earlier != nil && selector.Matches(labels.Set(n.earlier))
}

// With returns the Namespace with the labels of an earlier version of it besides its own. A selector matches with either. It is
// stored until all of a list is stored (R7).
func (n *Namespace) With(old *Namespace) *Namespace {
	if maps.Equal(n.labels, old.labels) {
		return n
	}
	both := *n
	both.earlier = old.labels
	return &both
}
