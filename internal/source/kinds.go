package source

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Kind is a value of the `resources` property.
type Kind struct {
	Name      string
	Wildcards dnsname.Reach // of its wildcards
	Others    []uint16      // types of record it has besides addresses and aliases
	watch     func(*Sources, *Part) []*kube.Informer

	backends bool // Services are behind its targets (T2)
}

// kinds is the table of kinds. A new kind is a line here and a file of its own.
var kinds = []Kind{
	{Name: "Ingress", Wildcards: dnsname.OneLabel, watch: watchObjects(kube.Ingresses, ingressRecord), backends: true},
	{Name: "Service", Others: []uint16{dns.TypeSRV, dns.TypePTR}, watch: watchServices, backends: true},
	{Name: "HTTPRoute", Wildcards: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "httproutes"), true), backends: true},
	{Name: "TLSRoute", Wildcards: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "tlsroutes", "v1alpha3", "v1alpha2"), true), backends: true},
	{Name: "GRPCRoute", Wildcards: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "grpcroutes"), true), backends: true},
	{Name: "TCPRoute", Wildcards: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "tcproutes", "v1alpha2"), false), backends: true},
	{Name: "UDPRoute", Wildcards: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "udproutes", "v1alpha2"), false), backends: true},
	{Name: "Gateway", watch: watchGateways},
	{Name: "DNSEndpoint", Others: zone.OtherTypes, watch: watchObjects(kube.Custom(kube.DNSEndpointAPI, "dnsendpoints"), dnsEndpointRecord)},
	{Name: "Node", watch: watchObjects(kube.Nodes, nodeRecord)},
}

// DefaultKinds are served where `resources` is not given.
var DefaultKinds = []string{"Ingress", "Service"}

// watchObjects is the watch of a kind each of whose objects is one record.
func watchObjects[T kube.Object](r kube.Resource, convert func(*object.Builder, T)) func(*Sources, *Part) []*kube.Informer {
	return func(src *Sources, s *Part) []*kube.Informer {
		return watchRecords(src, s, r, convert, func(old, new *record.Record) { src.Put(zone.Replacement{Index: s.Index, Old: old, New: new}) })
	}
}

// watchRecords returns the informers that make a record of each object and hand it to put.
func watchRecords[T kube.Object](src *Sources, s *Part, r kube.Resource, convert func(*object.Builder, T), put func(old, new *record.Record)) []*kube.Informer {
	r.Labels = src.Filters.LabelSelector
	return object.Informers(src.Settings, s.Name, r, s.Records, func(obj T) (*record.Record, *record.Unserved) {
		return object.Convert(src.Settings, s.Name, s.Index.Wildcards, obj, func(b *object.Builder, obj T) {
			b.Backends = s.health
			convert(b, obj)
		})
	}, put)
}

// KindNames returns the kinds of the table.
func KindNames() (list []string) {
	for _, k := range kinds {
		list = append(list, k.Name)
	}
	return list
}

// KindNamed returns the kind of a name, or nil.
func KindNamed(name string) *Kind {
	for i := range kinds {
		if kinds[i].Name == name {
			return &kinds[i]
		}
	}
	return nil
}
