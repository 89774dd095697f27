package fakeapi

import "k8s.io/apimachinery/pkg/runtime/schema"

// resource is a resource that the server serves.
type resource struct {
	group, plural, kind string
	versions            []string
	clusterWide         bool
}

// builtin reports whether the resource is one of Kubernetes itself: items in a list do not repeat their kind then.
func (r *resource) builtin() bool {
	return r.group == "" || r.group == "networking.k8s.io" || r.group == "discovery.k8s.io"
}

func (r *resource) apiVersion(version string) string {
	return schema.GroupVersion{Group: r.group, Version: version}.String()
}

const gatewayAPI = "gateway.networking.k8s.io"

// resources returns the table of what there is.
func resources() []*resource {
	v1 := []string{"v1"}
	return []*resource{
		{group: "", plural: "services", kind: "Service", versions: v1},
		{group: "", plural: "namespaces", kind: "Namespace", versions: v1, clusterWide: true},
		{group: "", plural: "nodes", kind: "Node", versions: v1, clusterWide: true},
		{group: "discovery.k8s.io", plural: "endpointslices", kind: "EndpointSlice", versions: v1},
		{group: "networking.k8s.io", plural: "ingresses", kind: "Ingress", versions: v1},
		{group: gatewayAPI, plural: "gateways", kind: "Gateway", versions: v1},
		{group: gatewayAPI, plural: "listenersets", kind: "ListenerSet", versions: v1},
		{group: gatewayAPI, plural: "httproutes", kind: "HTTPRoute", versions: v1},
		{group: gatewayAPI, plural: "grpcroutes", kind: "GRPCRoute", versions: v1},
		{group: gatewayAPI, plural: "tlsroutes", kind: "TLSRoute", versions: v1},
		{group: gatewayAPI, plural: "tcproutes", kind: "TCPRoute", versions: v1},
		{group: gatewayAPI, plural: "udproutes", kind: "UDPRoute", versions: v1},
		{group: "externaldns.k8s.io", plural: "dnsendpoints", kind: "DNSEndpoint", versions: []string{"v1alpha1"}},
	}
}
