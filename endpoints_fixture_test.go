package gateway

import (
	"fmt"
	"strings"
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
