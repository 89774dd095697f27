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
	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// ParentGateway has the data of a Gateway that routes need. It is immutable after it is stored.
type ParentGateway struct {
	record.Meta
	listeners []listener
	sets      namespaces // the namespaces whose ListenerSets may add listeners
	record.Targets

	// For Gateways as a kind of their own (K2).
	names    []string // the names of the hostname annotation, canonical
	ttl      uint32   // seconds
	stated   *record.Stated
	selected bool // whether `labelSelector` matches
}

// newParentGateway reads a Gateway. For DNS, a Gateway that is not accepted, or whose class is filtered out, does not exist
// (G4).
func newParentGateway(c *object.Settings, gw *gatewayObject) (*ParentGateway, *record.Unserved) {
	f := c.Filters
	if why := whyFiltered(f, gw); why != "" {
		return nil, &record.Unserved{Meta: kube.MetaOf(gw), Reason: why}
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
		p.Targets, p.Skipped = *a.Targets, skipped.OrNil()
		return p, nil
	}
	for _, a := range gw.Status.Addresses { // G6: a missing type is IPAddress, and addresses of other types are skipped
		switch {
		case a.Type == nil || *a.Type == gatewayv1.IPAddressType:
			skipped.AddAddress(&p.Targets, a.Value)
		case *a.Type == gatewayv1.HostnameAddressType:
			skipped.AddHost(&p.Targets, a.Value)
		}
	}
	skipped.SettleTargets(&p.Targets)
	p.Skipped = skipped.OrNil()
	return p, nil
}

// InitUndecodable sets the name of the empty Gateway that is stored instead of one that could not be decoded.
func (p *ParentGateway) InitUndecodable(id record.Meta) {
	*p = ParentGateway{Meta: id, sets: namespaces{from: gatewayv1.NamespacesFromNone}}
}

// UnionWith returns the Gateway together with the listeners, names, namespaces of ListenerSets, and targets that it has lost since an
// earlier version. This union is stored until the whole list is stored (R7).
func (p *ParentGateway) UnionWith(old *ParentGateway) *ParentGateway {
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
	both.Targets = p.Targets.UnionWith(&old.Targets)
	if reflect.DeepEqual(&both, p) {
		return p
	}
	return &both
}

// whyFiltered returns why a Gateway is not served, or "".
func whyFiltered(f *object.Filters, gw *gatewayObject) string {
	class := gw.Spec.GatewayClassName
	switch {
	case len(f.Gateways) > 0 && !slices.Contains(f.Gateways, kube.MetaOf(gw).Key().String()):
		return "it is not in gateways"
	case len(f.GatewayClasses) > 0 && !slices.Contains(f.GatewayClasses, class):
		return "its class " + wording.Quote(class) + " is not in gatewayClasses"
	case conditionStatus(gw.Status.Conditions, string(gatewayv1.GatewayConditionAccepted)) == metav1.ConditionFalse:
		return "its status says that it is not accepted"
	}
	return f.WhyFiltered(gw)
}

// ListenerSet has the data of a ListenerSet that routes need: more listeners for a Gateway. It is immutable after it is stored.
type ListenerSet struct {
	record.Meta
	gateway   store.Key
	listeners []listener
	earlier   *ListenerSet // the version before a relist, if that had another Gateway, until the whole list is stored (R7); nil otherwise
}

// newListenerSet reads a ListenerSet. For DNS, a ListenerSet that is not accepted does not exist (G3).
func newListenerSet(set *listenerSetObject) (*ListenerSet, *record.Unserved) {
	ref := set.Spec.ParentRef
	id := parentIDOf(gatewayv1.ParentReference{Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}, set.GetNamespace())
	switch {
	case object.Ignored(set):
		return nil, &record.Unserved{Meta: kube.MetaOf(set), Reason: "it has the label " + object.IgnoreLabel}
	case conditionStatus(set.Status.Conditions, string(gatewayv1.ListenerSetConditionAccepted)) == metav1.ConditionFalse:
		return nil, &record.Unserved{Meta: kube.MetaOf(set), Reason: "its status says that it is not accepted"}
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
	s.Skipped = skipped.OrNil()
	return s, nil
}

// UnionWith returns the ListenerSet together with the listeners of an earlier version, each with its Gateway. This union is stored
// until the whole list is stored (R7).
func (s *ListenerSet) UnionWith(old *ListenerSet) *ListenerSet {
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

// Namespace has the labels of a Namespace, by which listeners select namespaces.
type Namespace struct {
	record.Meta
	labels  map[string]string
	earlier map[string]string // labels from before a relist, until the whole list is stored (R7); nil otherwise
}

// newNamespace reads the metadata of a Namespace.
func newNamespace(ns *metav1.PartialObjectMetadata) (*Namespace, *record.Unserved) {
	if ns.Labels == nil {
		ns.Labels = map[string]string{}
	}
	return &Namespace{Meta: kube.MetaOf(ns), labels: ns.Labels}, nil
}

// matches reports whether a selector matches the labels.
func (n *Namespace) matches(selector labels.Selector) bool {
	return selector.Matches(labels.Set(n.labels)) || n.earlier != nil && selector.Matches(labels.Set(n.earlier))
}

// UnionWith returns the Namespace together with the labels of an earlier version. A selector matches if it matches either. This
// union is stored until the whole list is stored (R7).
func (n *Namespace) UnionWith(old *Namespace) *Namespace {
	if maps.Equal(n.labels, old.labels) {
		return n
	}
	both := *n
	both.earlier = old.labels
	return &both
}
