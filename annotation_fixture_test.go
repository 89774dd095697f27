package gateway

// annotated is an object of a kind that has web.example.com and 192.0.2.1 of its own, with annotations as YAML.
// Route kinds come with a Gateway.
func annotated(kind, annotations string) string {
	annotations = "annotations: {" + annotations + "}"
	switch kind {
	case "Ingress":
		return anObject("Ingress", "shop/web", annotations, "spec: {rules: [{host: web.example.com}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}")
	case "Service":
		return anObject("Service", "example/web", annotations, "spec: {type: LoadBalancer}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}")
	case "Node":
		return anObject("Node", "web", annotations, "status: {addresses: [{type: Hostname, address: web}, {type: InternalIP, address: 192.0.2.1}]}")
	case "DNSEndpoint":
		return anObject("DNSEndpoint", "shop/web", annotations, "spec: {endpoints: [{dnsName: web.example.com, recordType: A, targets: [192.0.2.1]}]}")
	case "Gateway":
		return anObject("Gateway", "infra/web", annotations, "spec: {gatewayClassName: public, listeners: []}", "status: {addresses: [{value: 192.0.2.1}]}")
	}
	hosts := ", hostnames: [web.example.com]"
	if kind == "TCPRoute" || kind == "UDPRoute" {
		hosts = ""
	}
	return edge("{name: http, port: 80, protocol: HTTP}, {name: tls, port: 443, protocol: TLS}, {name: tcp, port: 90, protocol: TCP}, {name: udp, port: 90, protocol: UDP}") +
		"---\n" + anObject(kind, "infra/web", annotations, "spec: {parentRefs: [{name: gw}]"+hosts+"}")
}

// annotatedKinds are the kinds whose object of annotated answers at web.example.com, if its hostname annotation
// says so: the name is theirs already, or the annotation gives it.
var annotatedKinds = []string{"Ingress", "Service", "Node", "Gateway", "HTTPRoute", "TLSRoute", "GRPCRoute", "TCPRoute", "UDPRoute"}

const namedWeb = "coredns.io/hostname: web.example.com"
