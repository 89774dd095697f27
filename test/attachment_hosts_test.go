package test

import "testing"

// Names are where a route's hosts and a listener's meet, for each Gateway by
// itself (G5, W2): situations of the conformance tests HTTPRouteHostnameIntersection,
// HTTPRouteListenerHostnameMatching, GRPCRouteListenerHostnameMatching,
// TLSRouteHostnameIntersection and GatewayHTTPListenerIsolation.
func TestAttachmentHosts(t *testing.T) {
	c := newCorner(t)
	c.answers([]string{hostsManifest}, []question{
		{"shop.$ZONE", "192.0.2.10"},
		{"nope.$ZONE", "NXDOMAIN"},
		{"x.nope.$ZONE", "NXDOMAIN"},
		{"anything.$ZONE", "NXDOMAIN"}, // *.$ZONE in a route comes down to the listener's host

		{"wild.$ZONE", "NODATA"}, // there are names below it
		{"one.wild.$ZONE", "192.0.2.10"},
		{"two.one.wild.$ZONE", "192.0.2.10"},
		{"three.wild.$ZONE", "NXDOMAIN"},
		{"grpc.wild.$ZONE", "192.0.2.10"},
		{"sub.grpc.wild.$ZONE", "NXDOMAIN"},

		{"a.deep.wild.$ZONE", "192.0.2.10 192.0.2.20"}, // two Gateways for *.deep.wild
		{"b.a.deep.wild.$ZONE", "192.0.2.10 192.0.2.20"},
		{"deep.wild.$ZONE", "NODATA"},

		{"open.$ZONE", "192.0.2.20"}, // refused by one parent, taken by the other
		{"nobody.$ZONE", "NXDOMAIN"}, // no hosts on either side are no names

		{"abc.tls.$ZONE", "192.0.2.30"},
		{"x.more.tls.$ZONE", "192.0.2.30"},
		{"y.x.more.tls.$ZONE", "192.0.2.30"},
		{"abc.exact.$ZONE", "192.0.2.30"}, // *.exact in the route, one name in the listener
		{"def.exact.$ZONE", "NXDOMAIN"},
		{"other.$ZONE", "NXDOMAIN"},
		{"secure.$ZONE", "NXDOMAIN"}, // a TLSRoute is not for HTTPS
	})
}

const hostsManifest = `
apiVersion: $API
kind: Gateway
metadata: {name: hosts, namespace: $NAMESPACE}
spec:
  gatewayClassName: test
  listeners:
  - {name: shop, protocol: HTTP, port: 80, hostname: shop.$ZONE}
  - {name: wild, protocol: HTTP, port: 80, hostname: "*.wild.$ZONE"}
  - {name: deep, protocol: HTTPS, port: 443, hostname: "*.deep.wild.$ZONE", tls: {certificateRefs: [{name: missing}]}}
  - {name: secure, protocol: HTTPS, port: 443, hostname: secure.$ZONE, tls: {certificateRefs: [{name: cert}]}}
status:
  addresses: [{type: IPAddress, value: 192.0.2.10}]
  conditions: [$GOOD]
  listeners:
  - {name: shop, attachedRoutes: 2, supportedKinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}], conditions: [$GOOD]}
  - {name: wild, attachedRoutes: 2, supportedKinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}], conditions: [$GOOD]}
  - {name: deep, attachedRoutes: 1, supportedKinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}], conditions: [$UNPROGRAMMED]}
---
apiVersion: $API
kind: Gateway
metadata: {name: open, namespace: $NAMESPACE}
spec:
  gatewayClassName: test
  listeners: [{name: http, protocol: HTTP, port: 80}]
status:
  addresses: [{type: IPAddress, value: 192.0.2.20}]
  conditions: [$GOOD]
---
apiVersion: $API
kind: Gateway
metadata: {name: tls, namespace: $NAMESPACE}
spec:
  gatewayClassName: test
  listeners:
  - {name: wild, protocol: TLS, port: 443, hostname: "*.tls.$ZONE", tls: {mode: Passthrough}, allowedRoutes: {kinds: [{kind: TLSRoute}]}}
  - {name: exact, protocol: TLS, port: 443, hostname: abc.exact.$ZONE, tls: {mode: Passthrough}}
status:
  addresses: [{value: 192.0.2.30}]
  conditions: [$GOOD]
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: shop, namespace: $NAMESPACE}
spec: {parentRefs: [{name: hosts}], hostnames: [nope.$ZONE, "*.nope.$ZONE", shop.$ZONE]}
status: {parents: [{parentRef: {$REF, name: hosts}, $CONTROLLER, conditions: [$ACCEPTED]}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: everything, namespace: $NAMESPACE}
spec: {parentRefs: [{name: hosts, sectionName: shop}], hostnames: ["*.$ZONE"]}
status: {parents: [{parentRef: {$REF, name: hosts, namespace: $NAMESPACE, sectionName: shop}, $CONTROLLER, conditions: [$NO_BACKEND]}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: wild, namespace: $NAMESPACE}
spec: {parentRefs: [{name: hosts}], hostnames: [wild.$ZONE, one.wild.$ZONE, two.one.wild.$ZONE]}
---
apiVersion: $API
kind: GRPCRoute
metadata: {name: grpc, namespace: $NAMESPACE}
spec: {parentRefs: [{name: hosts}], hostnames: [grpc.wild.$ZONE]}
status: {parents: [{parentRef: {$REF, name: hosts}, $CONTROLLER, conditions: [$ACCEPTED]}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: inherits, namespace: $NAMESPACE}
spec: {parentRefs: [{name: hosts, sectionName: deep}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: shares, namespace: $NAMESPACE}
spec: {parentRefs: [{name: open}], hostnames: ["*.deep.wild.$ZONE"]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: hostless, namespace: $NAMESPACE}
spec: {parentRefs: [{name: open}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: open, namespace: $NAMESPACE}
spec: {parentRefs: [{name: hosts}, {name: open}], hostnames: [open.$ZONE]}
status:
  parents:
  - {parentRef: {$REF, name: hosts}, $CONTROLLER, conditions: [$NO_HOSTNAME]}
  - {parentRef: {$REF, name: open}, $CONTROLLER, conditions: [$ACCEPTED]}
---
apiVersion: $API
kind: TLSRoute
metadata: {name: tls, namespace: $NAMESPACE}
spec:
  parentRefs: [{name: tls}]
  hostnames: [abc.tls.$ZONE, "*.more.tls.$ZONE", "*.exact.$ZONE", other.$ZONE]
  rules: [{backendRefs: [{name: backend, port: 443}]}]
status: {parents: [{parentRef: {$REF, name: tls}, $CONTROLLER, conditions: [$ACCEPTED]}]}
---
apiVersion: $API
kind: TLSRoute
metadata: {name: secure, namespace: $NAMESPACE}
spec:
  parentRefs: [{name: hosts}]
  hostnames: [secure.$ZONE]
  rules: [{backendRefs: [{name: backend, port: 443}]}]
`
