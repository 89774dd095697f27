package gateway

import (
	"fmt"
	"slices"
	"strings"
)

var apiVersions = map[string]string{
	"Service": "v1", "Node": "v1", "Namespace": "v1", "EndpointSlice": "discovery.k8s.io/v1",
	"Ingress": "networking.k8s.io/v1", "DNSEndpoint": "externaldns.k8s.io/v1alpha1",
}

// anObject writes an object of any kind. key is its name, or namespace/name. Lines that begin with "labels:"
// or "annotations:" stand in the metadata.
func anObject(kind, key string, lines ...string) string {
	apiVersion := apiVersions[kind]
	if apiVersion == "" {
		apiVersion = "gateway.networking.k8s.io/v1"
	}
	namespace, name, ok := strings.Cut(key, "/")
	if !ok {
		namespace, name = "", key
	}
	meta, body := []string{"name: " + name}, []string{}
	if namespace != "" {
		meta = append(meta, "namespace: "+namespace)
	}
	for _, line := range lines {
		if strings.HasPrefix(line, "labels:") || strings.HasPrefix(line, "annotations:") {
			meta = append(meta, line)
		} else {
			body = append(body, line)
		}
	}
	return fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata: {%s}\n%s\n", apiVersion, kind, strings.Join(meta, ", "), strings.Join(body, "\n"))
}

// edge is Gateway infra/gw with the address 192.0.2.1. more is what else stands in its spec, or metadata.
func edge(listeners string, more ...string) string {
	spec, lines := "spec: {gatewayClassName: public, listeners: ["+listeners+"]", []string{}
	for _, line := range more {
		if strings.HasPrefix(line, "allowedListeners:") {
			spec += ", " + line
		} else {
			lines = append(lines, line)
		}
	}
	return anObject("Gateway", "infra/gw", append(lines, spec+"}", "status: {addresses: [{value: 192.0.2.1}]}")...)
}

// fromAll is an HTTP listener for routes from everywhere. An empty host is none.
func fromAll(name, host string) string {
	return fmt.Sprintf("{name: %s, port: 80, protocol: HTTP, hostname: %q, allowedRoutes: {namespaces: {from: All}}}", name, host)
}

// aSet is a ListenerSet of Gateway infra/gw.
func aSet(key, listeners string, lines ...string) string {
	return anObject("ListenerSet", key, append(lines, "spec: {parentRef: {name: gw, namespace: infra}, listeners: ["+listeners+"]}")...)
}

const (
	setsFromAll  = "allowedListeners: {namespaces: {from: All}}"
	setsFromSame = "allowedListeners: {namespaces: {from: Same}}"

	toGateway = "{name: gw, namespace: infra}"
	toSet     = "{kind: ListenerSet, name: set, namespace: infra}"
)

// aRouteTo is a route of any kind with the references given as a YAML list. TCPRoutes and UDPRoutes bear their
// hosts as an annotation.
func aRouteTo(kind, key, refs string, hosts ...string) string {
	if kind == "TCPRoute" || kind == "UDPRoute" {
		return anObject(kind, key, fmt.Sprintf("annotations: {coredns.io/hostname: %q}", strings.Join(hosts, ",")), "spec: {parentRefs: ["+refs+"]}")
	}
	return anObject(kind, key, "spec: {parentRefs: ["+refs+"], hostnames: "+list(hosts...)+"}")
}

// aNamespace is a Namespace with labels such as "team: web".
func aNamespace(name, labels string) string {
	return anObject("Namespace", name, "labels: {"+labels+"}")
}

func contains(list []string, item string) bool { return slices.Contains(list, item) }

// namedGateway is a Gateway with annotations, and addresses or hostnames in its status.
func namedGateway(annotations string, targets ...string) string {
	var list []map[string]string
	for _, target := range targets {
		kind := "IPAddress"
		if target[len(target)-1] >= 'a' && target[len(target)-1] <= 'z' {
			kind = "Hostname"
		}
		list = append(list, map[string]string{"type": kind, "value": target})
	}
	return anObject("Gateway", "infra/gw", "annotations: {"+annotations+"}", "labels: {app: edge}", "spec: {gatewayClassName: public, listeners: ["+fromAll("http", "*.example.com")+"]}",
		"status: {addresses: "+asJSON(list)+"}")
}

// Routes, and ListenerSets, from namespaces with the label team: web.
const (
	teamWeb     = "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}"
	setsTeamWeb = "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}"
)

// slice is an IPv4 EndpointSlice of a Service in its namespace. Each endpoint is written as YAML.
func slice(key, service string, endpoints ...string) string {
	return sliceOf("IPv4", key, service, endpoints...)
}

// sliceOf is slice for any type of address. No Service is no label.
func sliceOf(addressType, key, service string, endpoints ...string) string {
	labels := "labels: {}"
	if service != "" {
		labels = "labels: {kubernetes.io/service-name: " + service + "}"
	}
	return anObject("EndpointSlice", key, labels, "addressType: "+addressType, "endpoints: ["+strings.Join(endpoints, ", ")+"]")
}

const byEndpoints = "labels: {k8s-gateway.dns/resolve-endpoints: \"true\"}"

// resolvedService is Service shop/db that answers with its endpoints at db.example.com. more is what else stands
// in its spec.
func resolvedService(more ...string) string {
	return anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: db.example.com}",
		fmt.Sprintf("spec: {%s}", strings.Join(append([]string{"type: ClusterIP"}, more...), ", ")))
}

// routeWithTTL is a route of Gateway gw. Routes with different TTLs have different bindings.
func routeWithTTL(name string, ttl int, hosts ...string) string {
	return anObject("HTTPRoute", "default/"+name, fmt.Sprintf("annotations: {coredns.io/ttl: \"%d\"}", ttl),
		"spec: {parentRefs: [{name: gw}], hostnames: ["+strings.Join(hosts, ", ")+"]}")
}
