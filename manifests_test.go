package gateway

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// Manifests that many tests use, as short as they can be. Tests of one kind write theirs out.

// anIngress is an Ingress of one host. Without addresses its load balancer is pending.
func anIngress(host string, addrs ...string) string {
	return fmt.Sprintf(`
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: %q, namespace: default}
spec: {rules: %s}
status: {loadBalancer: {ingress: %s}}
---`, objectName(host), objects("host", []string{host}), ips(addrs))
}

// aService is a Service of type LoadBalancer in namespace default. An empty hostname is no annotation.
func aService(name, hostname string, addrs ...string) string {
	annotations := "{}"
	if hostname != "" {
		annotations = fmt.Sprintf("{coredns.io/hostname: %q}", hostname)
	}
	return fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: %q, namespace: default, annotations: %s}
spec: {type: LoadBalancer}
status: {loadBalancer: {ingress: %s}}
---`, name, annotations, ips(addrs))
}

// aGateway is a Gateway in namespace default whose listeners take all hosts.
func aGateway(name string, addrs ...string) string {
	return fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: %q, namespace: default}
spec:
  gatewayClassName: public
  listeners: [{name: http, port: 80, protocol: HTTP}, {name: tls, port: 443, protocol: TLS}]
status: {addresses: %s}
---`, name, values(addrs))
}

// aListener is a Gateway in namespace default with one HTTP listener for a host.
func aListener(name, host string, addrs ...string) string {
	return fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: %q, namespace: default}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP, hostname: %q}]}
status: {addresses: %s}
---`, name, host, values(addrs))
}

// aRoute is a route in namespace default of a kind such as HTTPRoute, with one Gateway as its parent.
func aRoute(kind, name, gateway string, hosts ...string) string {
	return fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: %s
metadata: {name: %q, namespace: default}
spec: {parentRefs: [{name: %s}], hostnames: %s}
---`, kind, name, gateway, list(hosts...))
}

// anEndpoint is a DNSEndpoint of one endpoint.
func anEndpoint(name, recordType string, targets ...string) string {
	return fmt.Sprintf(`
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: %q, namespace: default}
spec: {endpoints: [{dnsName: %q, recordType: %s, targets: %s}]}
---`, strings.ToLower(objectName(name)+"-"+recordType), name, recordType, list(targets...))
}

// objectName makes the name of an object out of a host.
func objectName(host string) string {
	return strings.ToLower(strings.Trim(strings.ReplaceAll(host, "*", "any"), "."))
}

// list is a YAML list of strings.
func list(items ...string) string { return asJSON(append([]string{}, items...)) }

// ips is the list in the status of a load balancer, values that of a Gateway.
func ips(addrs []string) string { return objects("ip", addrs) }

func values(addrs []string) string { return objects("value", addrs) }

func objects(field string, items []string) string {
	maps := []map[string]string{}
	for _, item := range items {
		maps = append(maps, map[string]string{field: item})
	}
	return asJSON(maps)
}

// asJSON writes a value in a way that YAML reads as well.
func asJSON(value any) string {
	b, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// oneEndpoint is a DNSEndpoint with one name. Its targets may be any string.
func oneEndpoint(t testing.TB, name, rrtype string, targets ...string) string {
	list, err := json.Marshal([]any{map[string]any{"dnsName": name, "recordType": rrtype, "targets": targets}})
	if err != nil {
		t.Fatal(err)
	}
	return endpoints(fmt.Sprintf("o%x", name), " "+string(list))
}
