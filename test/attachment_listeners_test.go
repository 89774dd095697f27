package test

import "testing"

// A route is taken by the listeners that its reference means, by section and port,
// and whose protocol and kinds suit it, unless their status says otherwise (G1–G4).
// From the conformance tests HTTPRouteListenerPortMatching,
// HTTPRouteInvalidParentRefNotMatchingSectionName and its neighbours,
// GatewayInvalidRouteKind, HTTPRouteDisallowedKind, TLSRouteInvalidNoMatchingListener,
// TCPRouteParentRefPortAndSectionName and UDPRouteNotAllowedByListeners.
func TestAttachmentListeners(t *testing.T) {
	c := newCorner(t)
	c.answers([]string{portsManifest, protocolsManifest}, []question{
		{"p80.$ZONE", "NXDOMAIN"}, // only a route with section and port that contradict each other
		{"x.p8080.$ZONE", "192.0.2.30"},
		{"y.p8080.$ZONE", "192.0.2.30"},
		{"z.p8090.$ZONE", "192.0.2.30"},
		{"w.p8090.$ZONE", "NXDOMAIN"},

		{"x.invalid.$ZONE", "NXDOMAIN"}, // only kinds that there are not
		{"x.partly.$ZONE", "192.0.2.40"},
		{"x.grpc.$ZONE", "NXDOMAIN"}, // an HTTPRoute's, but only GRPCRoutes may
		{"y.grpc.$ZONE", "192.0.2.40"},
		{"x.foreign.$ZONE", "NXDOMAIN"}, // HTTPRoutes of another API group
		{"x.quic.$ZONE", "192.0.2.40"},  // an implementation's own protocol names the kinds
		{"y.quic.$ZONE", "192.0.2.40"},
		{"x.silent.$ZONE", "NXDOMAIN"}, // another that names none
		{"x.conflict.$ZONE", "NXDOMAIN"},
		{"x.unsupported.$ZONE", "NXDOMAIN"},
		{"x.unprogrammed.$ZONE", "192.0.2.40"}, // Programmed plays no part
		{"x.passthrough.$ZONE", "NXDOMAIN"},
		{"tcp.$ZONE", "192.0.2.40"},
		{"tcp-to-udp.$ZONE", "NXDOMAIN"},
		{"tcp-through-tls.passthrough.$ZONE", "192.0.2.40"},
		{"udp.$ZONE", "192.0.2.40"},
		{"udp-to-tls.passthrough.$ZONE", "NXDOMAIN"},

		{"refused.$ZONE", "NXDOMAIN"}, // by the Gateway's own status
		{"mesh.$ZONE", "NXDOMAIN"},    // a Service with the name of a Gateway
	})
}

const portsManifest = `
apiVersion: $API
kind: Gateway
metadata: {name: ports, namespace: $NAMESPACE}
spec:
  gatewayClassName: test
  listeners:
  - {name: p80, protocol: HTTP, port: 80, hostname: p80.$ZONE}
  - {name: x1, protocol: HTTP, port: 8080, hostname: x.p8080.$ZONE}
  - {name: y1, protocol: HTTP, port: 8080, hostname: y.p8080.$ZONE}
  - {name: z1, protocol: HTTP, port: 8090, hostname: z.p8090.$ZONE}
  - {name: w1, protocol: HTTP, port: 8090, hostname: w.p8090.$ZONE}
status: {addresses: [{value: 192.0.2.30}], conditions: [$GOOD]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: port, namespace: $NAMESPACE}
spec: {parentRefs: [{name: ports, port: 8080}]}
status: {parents: [{parentRef: {$REF, name: ports, port: 8080}, $CONTROLLER, conditions: [$ACCEPTED]}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: section, namespace: $NAMESPACE}
spec: {parentRefs: [{name: ports, port: 8090, sectionName: z1}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: contradiction, namespace: $NAMESPACE}
spec: {parentRefs: [{name: ports, port: 81, sectionName: p80}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: missing, namespace: $NAMESPACE}
spec: {parentRefs: [{name: ports, sectionName: missing}], hostnames: [p80.$ZONE]}
status: {parents: [{parentRef: {$REF, name: ports, sectionName: missing}, $CONTROLLER, conditions: [$NO_PARENT]}]}
---
apiVersion: $API
kind: Gateway
metadata: {name: refused, namespace: $NAMESPACE}
spec: {gatewayClassName: test, listeners: [{name: http, protocol: HTTP, port: 80}]}
status: {addresses: [{value: 192.0.2.31}], conditions: [$PROTOCOL]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: refused, namespace: $NAMESPACE}
spec: {parentRefs: [{name: refused}], hostnames: [refused.$ZONE]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: mesh, namespace: $NAMESPACE}
spec: {parentRefs: [{group: "", kind: Service, name: ports, port: 80}], hostnames: [mesh.$ZONE]}
`

const protocolsManifest = `
apiVersion: $API
kind: Gateway
metadata: {name: protocols, namespace: $NAMESPACE}
spec:
  gatewayClassName: test
  listeners:
  - {name: invalid, protocol: HTTP, port: 80, hostname: "*.invalid.$ZONE", allowedRoutes: {kinds: [{kind: InvalidRoute}]}}
  - {name: partly, protocol: HTTP, port: 80, hostname: "*.partly.$ZONE", allowedRoutes: {kinds: [{kind: InvalidRoute}, {kind: HTTPRoute}]}}
  - {name: grpc, protocol: HTTP, port: 80, hostname: "*.grpc.$ZONE", allowedRoutes: {kinds: [{kind: GRPCRoute}]}}
  - {name: foreign, protocol: HTTP, port: 80, hostname: "*.foreign.$ZONE", allowedRoutes: {kinds: [{group: example.net, kind: HTTPRoute}]}}
  - {name: quic, protocol: example.net/quic, port: 4433, hostname: "*.quic.$ZONE", allowedRoutes: {kinds: [{kind: HTTPRoute}, {kind: GRPCRoute}]}}
  - {name: silent, protocol: example.net/silent, port: 4434, hostname: "*.silent.$ZONE"}
  - {name: conflict, protocol: HTTP, port: 90, hostname: "*.conflict.$ZONE"}
  - {name: unsupported, protocol: HTTP, port: 91, hostname: "*.unsupported.$ZONE"}
  - {name: unprogrammed, protocol: HTTP, port: 92, hostname: "*.unprogrammed.$ZONE"}
  - {name: passthrough, protocol: TLS, port: 443, hostname: "*.passthrough.$ZONE", tls: {mode: Passthrough}}
  - {name: tcp, protocol: TCP, port: 5432}
  - {name: udp, protocol: UDP, port: 53}
status:
  addresses: [{value: 192.0.2.40}]
  conditions: [$GOOD]
  listeners:
  - {name: invalid, attachedRoutes: 0, supportedKinds: [], conditions: [$KINDS]}
  - {name: partly, attachedRoutes: 1, supportedKinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}], conditions: [$KINDS]}
  - {name: conflict, attachedRoutes: 0, supportedKinds: [], conditions: [$CONFLICT]}
  - {name: unsupported, attachedRoutes: 0, supportedKinds: [], conditions: [$PROTOCOL]}
  - {name: unprogrammed, attachedRoutes: 1, supportedKinds: [], conditions: [$UNPROGRAMMED]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: inherits, namespace: $NAMESPACE}
spec: {parentRefs: [{name: protocols}]}
---
apiVersion: $API
kind: GRPCRoute
metadata: {name: grpc, namespace: $NAMESPACE}
spec: {parentRefs: [{name: protocols}], hostnames: [y.grpc.$ZONE, y.quic.$ZONE]}
---
apiVersion: $API
kind: TCPRoute
metadata: {name: tcp, namespace: $NAMESPACE, annotations: {coredns.io/hostname: "tcp.$ZONE, tcp-through-tls.passthrough.$ZONE"}}
spec: {parentRefs: [{name: protocols}], rules: [{backendRefs: [{name: backend, port: 5432}]}]}
---
apiVersion: $API
kind: TCPRoute
metadata: {name: tcp-to-udp, namespace: $NAMESPACE, annotations: {coredns.io/hostname: tcp-to-udp.$ZONE}}
spec: {parentRefs: [{name: protocols, sectionName: udp, port: 53}], rules: [{backendRefs: [{name: backend, port: 5432}]}]}
---
apiVersion: $API
kind: UDPRoute
metadata: {name: udp, namespace: $NAMESPACE, annotations: {coredns.io/hostname: udp.$ZONE}}
spec: {parentRefs: [{name: protocols, port: 53}], rules: [{backendRefs: [{name: backend, port: 53}]}]}
---
apiVersion: $API
kind: UDPRoute
metadata: {name: udp-to-tls, namespace: $NAMESPACE, annotations: {coredns.io/hostname: udp-to-tls.passthrough.$ZONE}}
spec: {parentRefs: [{name: protocols, sectionName: passthrough}], rules: [{backendRefs: [{name: backend, port: 53}]}]}
`
