package source

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Kind is a kind that the property resources may name.
type Kind struct {
	Name      string
	Wildcards dnsname.Reach // how far its wildcards reach
	Others    []uint16      // the types of its records besides addresses and aliases
	watch     func(*Sources, *Part) []*kube.Informer

	backends bool // its targets have backend Services (T2)
}

// kinds is the table of kinds. Each kind has a file of its own.
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

// DefaultKinds are served by a stanza without the property resources.
var DefaultKinds = []string{"Ingress", "Service"}

// watchObjects returns the function that watches a kind of which each object makes one record.
func watchObjects[T kube.Object](r kube.Resource, convert func(*object.Builder, T)) func(*Sources, *Part) []*kube.Informer {
	return func(src *Sources, p *Part) []*kube.Informer {
		return watchRecords(src, p, r, convert, func(old, new *record.Record) { src.Put(zone.Replacement{Index: p.Index, Old: old, New: new}) })
	}
}

// watchRecords returns the informers that make a record of each object and hand it to put.
func watchRecords[T kube.Object](src *Sources, p *Part, r kube.Resource, convert func(*object.Builder, T), put func(old, new *record.Record)) []*kube.Informer {
	r.Labels = src.Filters.LabelSelector
	return object.Informers(src.Settings, p.Name, r, p.Records, func(obj T) (*record.Record, *record.Unserved) {
		return object.Convert(src.Settings, p.Name, p.Index.Wildcards, obj, func(b *object.Builder, obj T) {
			b.Backends = p.health
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

// KindNamed returns the kind with a name, or nil.
func KindNamed(name string) *Kind {
	for i := range kinds {
		if kinds[i].Name == name {
			return &kinds[i]
		}
	}
	return nil
}
