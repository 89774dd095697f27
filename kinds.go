package gateway

import (
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// kind is a value of the `resources` property.
type kind struct {
	name   string
	sort   dnsname.Sort // of its wildcards
	others []uint16     // types of record it has besides addresses and aliases
	watch  func(*sources, *served) []*kube.Informer
}

// kinds is the table of kinds. A new kind is a line here and a file of its own.
var kinds = []kind{
	{name: "Ingress", sort: dnsname.OneLabel, watch: watchObjects(kube.Ingresses, ingressRecord)},
	{name: "Service", others: []uint16{dns.TypeSRV, dns.TypePTR}, watch: watchServices},
	{name: "HTTPRoute", sort: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "httproutes"), true)},
	{name: "TLSRoute", sort: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "tlsroutes", "v1alpha3", "v1alpha2"), true)},
	{name: "GRPCRoute", sort: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "grpcroutes"), true)},
	{name: "TCPRoute", sort: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "tcproutes", "v1alpha2"), false)},
	{name: "UDPRoute", sort: dnsname.AnyDepth, watch: watchRoutes(kube.Custom(kube.GatewayAPI, "udproutes", "v1alpha2"), false)},
	{name: "Gateway", watch: watchGateways},
	{name: "DNSEndpoint", others: zone.OtherTypes, watch: watchObjects(kube.Custom(kube.DNSEndpointAPI, "dnsendpoints"), dnsEndpointRecord)},
	{name: "Node", watch: watchObjects(kube.Nodes, nodeRecord)},
}

// defaultKinds are served where `resources` is not given.
var defaultKinds = []string{"Ingress", "Service"}

// watchObjects is the watch of a kind each of whose objects is one record.
func watchObjects[T kube.Object](r kube.Resource, convert func(*object.Builder, T)) func(*sources, *served) []*kube.Informer {
	return func(src *sources, s *served) []*kube.Informer {
		return watchRecords(src, s, r, convert, func(old, new *record.Record) { src.Put(zone.Replacement{At: s.Index, Old: old, New: new}) })
	}
}

// watchRecords returns the informers that make a record of each object and hand it to put.
func watchRecords[T kube.Object](src *sources, s *served, r kube.Resource, convert func(*object.Builder, T), put func(old, new *record.Record)) []*kube.Informer {
	r.Labels = src.Filters.LabelSelector
	return object.Informers(src.Settings, s.name, r, s.Records, func(obj T) (*record.Record, *record.LeftOut) {
		return object.Convert(src.Settings, s.name, s.sort, obj, convert)
	}, put)
}

func kindNames() (list []string) {
	for _, k := range kinds {
		list = append(list, k.name)
	}
	return list
}

// kindNamed returns the row of the table that bears a name, or nil.
func kindNamed(name string) *kind {
	for i := range kinds {
		if kinds[i].name == name {
			return &kinds[i]
		}
	}
	return nil
}
