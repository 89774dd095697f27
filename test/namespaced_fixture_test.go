package test

import (
	"strings"

	"github.com/miekg/dns"
)

// in puts a manifest, or a name, into a namespace and below a label.
func in(s, namespace, label string) string {
	return strings.NewReplacer("$NS", namespace, "$LABEL", label).Replace(s)
}

// namespacedManifest has an object of every kind that is in a namespace.
const namespacedManifest = `
apiVersion: v1
kind: Namespace
metadata: {name: $NS}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: $NS}
spec: {rules: [{host: ingress.$LABEL.$ZONE}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: $NS}
spec: {type: LoadBalancer, ports: [{port: 5432}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.2}]}}
---
apiVersion: v1
kind: Service
metadata: {name: pods, namespace: $NS, annotations: {k8s-gateway.dns/resolve-endpoints: "true"}}
spec: {clusterIP: None, ports: [{port: 53}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: pods-x, namespace: $NS, labels: {kubernetes.io/service-name: pods}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.5], hostname: pod-0}, {addresses: [192.0.2.6]}]
ports: [{port: 53}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: $NS, annotations: {coredns.io/hostname: gateway.$LABEL.$ZONE}}
spec:
  gatewayClassName: test
  allowedListeners: {namespaces: {from: Same}}
  listeners:
  - {name: http, protocol: HTTP, port: 80, hostname: "*.$LABEL.$ZONE", allowedRoutes: {namespaces: {from: All}}}
  - {name: tls, protocol: TLS, port: 8443, hostname: "*.$LABEL.$ZONE", tls: {mode: Passthrough}}
  - {name: tcp, protocol: TCP, port: 5432}
  - {name: udp, protocol: UDP, port: 53}
status: {addresses: [{value: 192.0.2.3}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: more, namespace: $NS}
spec:
  parentRef: {name: gw}
  listeners: [{name: more, protocol: HTTP, port: 8080, hostname: set.$LABEL.$ZONE}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: http, namespace: $NS}
spec: {parentRefs: [{name: gw}], hostnames: [http.$LABEL.$ZONE]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: set, namespace: $NS}
spec: {parentRefs: [{kind: ListenerSet, name: more}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: tls, namespace: $NS}
spec: {parentRefs: [{name: gw}], hostnames: [tls.$LABEL.$ZONE], rules: [{backendRefs: [{name: backend, port: 443}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: grpc, namespace: $NS}
spec: {parentRefs: [{name: gw}], hostnames: [grpc.$LABEL.$ZONE]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {name: tcp, namespace: $NS, annotations: {coredns.io/hostname: tcp.$LABEL.$ZONE}}
spec: {parentRefs: [{name: gw, sectionName: tcp}], rules: [{backendRefs: [{name: backend, port: 5432}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: UDPRoute
metadata: {name: udp, namespace: $NS, annotations: {coredns.io/hostname: udp.$LABEL.$ZONE}}
spec: {parentRefs: [{name: gw, sectionName: udp}], rules: [{backendRefs: [{name: backend, port: 53}]}]}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: records, namespace: $NS}
spec:
  endpoints:
  - {dnsName: endpoint.$LABEL.$ZONE, recordType: A, targets: [192.0.2.4]}
  - {dnsName: endpoint.$LABEL.$ZONE, recordType: TXT, targets: [some text]}
`

// namespacedAnswers are the answers that namespacedManifest gives, by the
// resource that is needed for it besides those that others need as well.
var namespacedAnswers = []struct {
	name     string
	qtype    uint16
	want     string
	resource string
}{
	{"ingress.$LABEL.$ZONE", dns.TypeA, "192.0.2.1", "ingresses.networking.k8s.io"},
	{"db.$NS.$ZONE", dns.TypeA, "192.0.2.2", "services"},
	{"pods.$NS.$ZONE", dns.TypeA, "192.0.2.5 192.0.2.6", "endpointslices.discovery.k8s.io"},
	{"pod-0.pods.$NS.$ZONE", dns.TypeA, "192.0.2.5", "endpointslices.discovery.k8s.io"},
	{"http.$LABEL.$ZONE", dns.TypeA, "192.0.2.3", "httproutes.gateway.networking.k8s.io"},
	{"set.$LABEL.$ZONE", dns.TypeA, "192.0.2.3", "listenersets.gateway.networking.k8s.io"},
	{"tls.$LABEL.$ZONE", dns.TypeA, "192.0.2.3", "tlsroutes.gateway.networking.k8s.io"},
	{"grpc.$LABEL.$ZONE", dns.TypeA, "192.0.2.3", "grpcroutes.gateway.networking.k8s.io"},
	{"tcp.$LABEL.$ZONE", dns.TypeA, "192.0.2.3", "tcproutes.gateway.networking.k8s.io"},
	{"udp.$LABEL.$ZONE", dns.TypeA, "192.0.2.3", "udproutes.gateway.networking.k8s.io"},
	{"gateway.$LABEL.$ZONE", dns.TypeA, "192.0.2.3", "gateways.gateway.networking.k8s.io"},
	{"endpoint.$LABEL.$ZONE", dns.TypeA, "192.0.2.4", "dnsendpoints.externaldns.k8s.io"},
	{"endpoint.$LABEL.$ZONE", dns.TypeTXT, `"some text"`, "dnsendpoints.externaldns.k8s.io"},
}

// inTwoNamespaces is a Corefile for every kind that is in a namespace, watched
// in two of them. $ACCOUNT is the kubeconfig.
const inTwoNamespaces = `
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources Ingress Service HTTPRoute TLSRoute GRPCRoute TCPRoute UDPRoute Gateway DNSEndpoint
        kubeconfig $ACCOUNT
        namespaces $NAMESPACE $NAMESPACE-b
        apex ns1 192.0.2.53
    }
}
`
