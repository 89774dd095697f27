package test

// Manifests that several tests use, one per kind.
const (
	ingressManifest = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: $NAMESPACE}
spec:
  rules:
  - host: ingress.$ZONE
status:
  loadBalancer:
    ingress:
    - ip: 192.0.2.1
    - ip: 2001:db8::1
`
	serviceManifest = `
apiVersion: v1
kind: Service
metadata: {name: db, namespace: $NAMESPACE}
spec:
  type: LoadBalancer
  ports: [{port: 5432}]
status:
  loadBalancer:
    ingress:
    - ip: 192.0.2.2
    - ip: 2001:db8::2
`
	gatewayManifest = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: $NAMESPACE}
spec:
  gatewayClassName: test
  listeners:
  - {name: https, protocol: HTTPS, port: 443, hostname: "*.$ZONE", tls: {certificateRefs: [{name: cert}]}}
  - {name: tls, protocol: TLS, port: 8443, hostname: "*.$ZONE", tls: {mode: Passthrough}}
status:
  addresses:
  - {type: IPAddress, value: 192.0.2.3}
  - {value: "2001:db8::3"}
`
	httpRouteManifest = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: http, namespace: $NAMESPACE}
spec:
  parentRefs: [{name: gw}]
  hostnames: [http.$ZONE]
`
	tlsRouteManifest = `
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: tls, namespace: $NAMESPACE}
spec:
  parentRefs: [{name: gw}]
  hostnames: [tls.$ZONE]
  rules:
  - backendRefs: [{name: backend, port: 443}]
`
	grpcRouteManifest = `
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: grpc, namespace: $NAMESPACE}
spec:
  parentRefs: [{name: gw, sectionName: https}]
  hostnames: [grpc.$ZONE]
`
	dnsEndpointManifest = `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: records, namespace: $NAMESPACE}
spec:
  endpoints:
  - {dnsName: endpoint.$ZONE, recordType: A, targets: [192.0.2.4, 192.0.2.5]}
  - {dnsName: endpoint.$ZONE, recordType: AAAA, targets: ["2001:db8::4"]}
  - {dnsName: endpoint.$ZONE, recordType: TXT, targets: [some text]}
`
	nodeManifest = `
apiVersion: v1
kind: Node
metadata: {name: $NAMESPACE}
status:
  addresses:
  - {type: Hostname, address: $NAMESPACE}
  - {type: InternalIP, address: 192.0.2.6}
  - {type: InternalIP, address: "2001:db8::6"}
  - {type: ExternalIP, address: 198.51.100.6}
`
)

// allKinds is a Corefile for everything there is.
const allKinds = `
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources Ingress Service HTTPRoute TLSRoute GRPCRoute DNSEndpoint Node
        kubeconfig $KUBECONFIG
    }
}
`
