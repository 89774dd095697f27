package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// N5: bad names and addresses cost themselves only, in every kind.
func TestBadValues(t *testing.T) {
	f := newFixture(t, "resources Ingress Service HTTPRoute DNSEndpoint Node", `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: default}
spec: {rules: [{host: bad_host.example.com}, {host: ingress.example.com}, {host: "*.*.example.com"}]}
status: {loadBalancer: {ingress: [{ip: not-an-address}, {ip: 192.0.2.1}, {ip: ""}, {}]}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default, annotations: {coredns.io/hostname: "bad name.example.com,service.example.com"}}
spec: {type: LoadBalancer, externalIPs: [256.0.0.1]}
status: {loadBalancer: {ingress: [{ip: 1.2.3}, {ip: 192.0.2.2}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  gatewayClassName: public
  listeners: [{name: bad, port: 80, protocol: HTTP, hostname: "a.*.com"}, {name: good, port: 80, protocol: HTTP}]
status: {addresses: [{value: example.com}, {value: 192.0.2.3}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default}
spec: {parentRefs: [{name: gw}], hostnames: ["bad_host.example.com", "route.example.com"]}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: web, namespace: default}
spec:
  endpoints:
  - null
  - {dnsName: "", recordType: A, targets: [192.0.2.4]}
  - {dnsName: "bad name.example.com", recordType: A, targets: [192.0.2.4]}
  - {dnsName: bogus.example.com, recordType: BOGUS, targets: [192.0.2.4]}
  - {dnsName: typeless.example.com, targets: [192.0.2.4]}
  - {dnsName: endpoint.example.com, recordType: A, targets: ["2001:db8::4", "", 192.0.2.4]}
---
apiVersion: v1
kind: Node
metadata: {name: node}
status:
  addresses:
  - {type: Hostname, address: bad_node}
  - {type: Hostname, address: node}
  - {type: InternalIP, address: "fe80::1%eth0"}
  - {type: InternalIP, address: 192.0.2.5}
`)
	f.ask(
		a("ingress.example.com.", "192.0.2.1"),
		a("service.example.com.", "192.0.2.2"),
		a("route.example.com.", "192.0.2.3"),
		a("endpoint.example.com.", "192.0.2.4"),
		nodata("endpoint.example.com.", dns.TypeAAAA),
		nxdomain("bogus.example.com.", dns.TypeA),
		nxdomain("typeless.example.com.", dns.TypeA),
		a("node.example.com.", "192.0.2.5"),
	)
}
