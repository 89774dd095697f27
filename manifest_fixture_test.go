package gateway

import (
	"fmt"
	"net/netip"
	"strings"
)

// endpoints is a DNSEndpoint. The list is what stands in spec.endpoints.
func endpoints(name, list string) string {
	return fmt.Sprintf(`
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: %s, namespace: default}
spec:
  endpoints:%s
---`, name, list)
}

// status returns targets as a load balancer's status has them.
func status(targets []string) string {
	list := []string{}
	for _, t := range targets {
		field := "hostname"
		if _, err := netip.ParseAddr(t); err == nil {
			field = "ip"
		}
		list = append(list, fmt.Sprintf("{%s: %q}", field, t))
	}
	return "{loadBalancer: {ingress: [" + strings.Join(list, ", ") + "]}}"
}

// ingressAt is an Ingress of one host.
func ingressAt(name, host string, targets ...string) string {
	return fmt.Sprintf(`
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: %s, namespace: default}
spec: {rules: [{host: %q}]}
status: %s
---`, name, host, status(targets))
}

// serviceAt is a Service of type LoadBalancer with a hostname annotation and the ports http and dns.
func serviceAt(name, host string, targets ...string) string {
	return fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: %s, namespace: default, annotations: {coredns.io/hostname: %q}}
spec:
  type: LoadBalancer
  ports: [{name: http, port: 80, protocol: TCP}, {name: dns, port: 53, protocol: UDP}, {name: quic, port: 443}]
status: %s
---`, name, host, status(targets))
}

// gatewayAt is a Gateway and an HTTPRoute of the same name that is attached to it.
func gatewayAt(name, host string, targets ...string) string {
	list := []string{}
	for _, t := range targets {
		kind := "Hostname"
		if _, err := netip.ParseAddr(t); err == nil {
			kind = "IPAddress"
		}
		list = append(list, fmt.Sprintf("{type: %s, value: %q}", kind, t))
	}
	return fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: %[1]s, namespace: default}
spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}
status: {addresses: [%[3]s]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: %[1]s, namespace: default}
spec: {parentRefs: [{name: %[1]s}], hostnames: [%[2]q]}
---`, name, host, strings.Join(list, ", "))
}

// nameserverService is the Service that the default of `apex` names.
const nameserverService = `
apiVersion: v1
kind: Service
metadata: {name: dns1, namespace: kube-system}
spec: {type: LoadBalancer}
status: {loadBalancer: {ingress: [{ip: 192.0.2.53}, {ip: "2001:db8::53"}]}}
`

// dnsService is the Service of nameserver dns.infra, which answers with its endpoints or at an address.
func dnsService(how string) string {
	if how == "endpoints" {
		return anObject("Service", "infra/dns", byEndpoints, "spec: {clusterIP: None}")
	}
	return anObject("Service", "infra/dns", "spec: {type: LoadBalancer, externalIPs: ["+how+"]}")
}
