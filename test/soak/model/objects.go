package model

import (
	"encoding/json"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	dnsendpointv1alpha1 "sigs.k8s.io/external-dns/apis/v1alpha1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// Ref names an object: its kind, and its namespace and name.
type Ref struct{ Kind, Namespace, Name string }

func (r Ref) String() string { return r.Kind + " " + r.key() }

func (r Ref) key() string {
	if r.Namespace == "" {
		return r.Name
	}
	return r.Namespace + "/" + r.Name
}

// Objects is what is in a cluster. An object may be there in several versions: then everything is claimed that any
// of them, together with any of the others, claims.
type Objects struct {
	Namespaces     []*corev1.Namespace
	Ingresses      []*networkingv1.Ingress
	Services       []*corev1.Service
	EndpointSlices []*discoveryv1.EndpointSlice
	Nodes          []*corev1.Node
	DNSEndpoints   []*dnsendpointv1alpha1.DNSEndpoint
	Gateways       []*gatewayv1.Gateway
	ListenerSets   []*gatewayv1.ListenerSet
	HTTPRoutes     []*gatewayv1.HTTPRoute
	TLSRoutes      []*gatewayv1.TLSRoute
	GRPCRoutes     []*gatewayv1.GRPCRoute
	TCPRoutes      []*gatewayv1.TCPRoute
	UDPRoutes      []*gatewayv1.UDPRoute
}

// Clone returns a list of the same objects, to which others may be added.
func (o *Objects) Clone() *Objects {
	return &Objects{
		slices.Clone(o.Namespaces), slices.Clone(o.Ingresses), slices.Clone(o.Services), slices.Clone(o.EndpointSlices), slices.Clone(o.Nodes),
		slices.Clone(o.DNSEndpoints), slices.Clone(o.Gateways), slices.Clone(o.ListenerSets), slices.Clone(o.HTTPRoutes), slices.Clone(o.TLSRoutes),
		slices.Clone(o.GRPCRoutes), slices.Clone(o.TCPRoutes), slices.Clone(o.UDPRoutes),
	}
}

// Add adds an object as the API server has it.
func (o *Objects) Add(object map[string]any) error {
	kind, _ := object["kind"].(string)
	switch kind {
	case "Namespace":
		return add(&o.Namespaces, object)
	case "Ingress":
		return add(&o.Ingresses, object)
	case "Service":
		return add(&o.Services, object)
	case "EndpointSlice":
		return add(&o.EndpointSlices, object)
	case "Node":
		return add(&o.Nodes, object)
	case "DNSEndpoint":
		return add(&o.DNSEndpoints, object)
	case "Gateway":
		return add(&o.Gateways, object)
	case "ListenerSet":
		return add(&o.ListenerSets, object)
	case "HTTPRoute":
		return add(&o.HTTPRoutes, object)
	case "TLSRoute":
		return add(&o.TLSRoutes, object)
	case "GRPCRoute":
		return add(&o.GRPCRoutes, object)
	case "TCPRoute":
		return add(&o.TCPRoutes, object)
	case "UDPRoute":
		return add(&o.UDPRoutes, object)
	}
	return fmt.Errorf("the model knows no %q", kind)
}

func add[T any](list *[]*T, object map[string]any) error {
	content, err := json.Marshal(object)
	if err != nil {
		return err
	}
	t := new(T)
	if err := json.Unmarshal(content, t); err != nil {
		return err
	}
	*list = append(*list, t)
	return nil
}

func ref(kind string, m *metav1.ObjectMeta) Ref { return Ref{kind, m.Namespace, m.Name} }

// watched reports whether an object is in a namespace that is watched.
func (w *World) watched(m *metav1.ObjectMeta) bool {
	return len(w.OnlyNamespaces) == 0 || m.Namespace == "" || slices.Contains(w.OnlyNamespaces, m.Namespace)
}

// counts reports whether an object of a configured kind is there, as far as all kinds have that in common (Z13).
func (w *World) counts(m *metav1.ObjectMeta) bool {
	return w.watched(m) && !ignored(m) && selects(w.LabelSelector, m.Labels) && !w.foreign(m)
}

// selects reports whether a selector selects labels. None selects all.
func selects(selector string, set map[string]string) bool {
	s, err := labels.Parse(selector)
	return err == nil && s.Matches(labels.Set(set))
}
