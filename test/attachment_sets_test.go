package test

import "testing"

// A route is attached to what it refers to and to nothing else: a Gateway's
// listeners are not those of its ListenerSets, and the other way round. Listeners
// and sets that are refused in their status are not there (G3). From the conformance
// tests ListenerSetHTTPRouting, ListenerSetRouteStatusScopedToParentRef,
// ListenerSetDualParentRefIndependence, ListenerSetGatewayParentSectionNameNotFound,
// ListenerSetHostnameConflict, ListenerSetProtocolConflict and
// ListenerSetAllowedRoutesSupportedKinds.
func TestAttachmentSets(t *testing.T) {
	c := newCorner(t)
	c.answers([]string{setsManifest, setRoutesManifest}, []question{
		{"gw-only.of-gw.$ZONE", "192.0.2.70"},
		{"gw-only.of-set.$ZONE", "NXDOMAIN"},
		{"set-only.of-gw.$ZONE", "NXDOMAIN"},
		{"set-only.of-set.$ZONE", "192.0.2.70"},
		{"both.of-gw.$ZONE", "192.0.2.70"},
		{"both.of-set.$ZONE", "192.0.2.70"},

		{"section.of-gw.$ZONE", "NXDOMAIN"}, // the set's section, through the Gateway
		{"section.of-set.$ZONE", "NXDOMAIN"},
		{"one.of-set.$ZONE", "192.0.2.70"}, // the same, and through the set as well
		{"one.of-gw.$ZONE", "NXDOMAIN"},
		{"port.of-set.$ZONE", "NXDOMAIN"},
		{"port.by-port.$ZONE", "192.0.2.70"},

		{"x.gw-wins.$ZONE", "NXDOMAIN"}, // conflicted in the set, free in the Gateway for others
		{"y.gw-wins.$ZONE", "192.0.2.70"},
		{"x.first-wins.$ZONE", "192.0.2.70"},
		{"x.first-loses.$ZONE", "NXDOMAIN"},
		{"x.wrong-protocol.$ZONE", "NXDOMAIN"},
		{"x.refused-set.$ZONE", "NXDOMAIN"},
		{"x.unprogrammed-set.$ZONE", "192.0.2.70"},
		{"x.http-only.$ZONE", "192.0.2.70"},
		{"y.http-only.$ZONE", "NXDOMAIN"}, // a GRPCRoute's
		{"x.alias.$ZONE", "NXDOMAIN"},     // the parent of the set is no Gateway
	})
}

const setsManifest = `
apiVersion: $API
kind: Gateway
metadata: {name: gw, namespace: $NAMESPACE}
spec:
  gatewayClassName: test
  allowedListeners: {namespaces: {from: Same}}
  listeners:
  - {name: gw, protocol: HTTP, port: 80, hostname: "*.of-gw.$ZONE"}
  - {name: wins, protocol: HTTP, port: 80, hostname: "*.gw-wins.$ZONE"}
status:
  addresses: [{value: 192.0.2.70}]
  conditions: [$GOOD]
  attachedListenerSets: 2
  listeners:
  - {name: gw, attachedRoutes: 2, supportedKinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}], conditions: [$GOOD]}
  - {name: wins, attachedRoutes: 1, supportedKinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}], conditions: [$GOOD]}
---
apiVersion: $API
kind: ListenerSet
metadata: {name: first, namespace: $NAMESPACE}
spec:
  parentRef: {group: gateway.networking.k8s.io, kind: Gateway, name: gw, namespace: $NAMESPACE}
  listeners:
  - {name: set, protocol: HTTP, port: 80, hostname: "*.of-set.$ZONE"}
  - {name: by-port, protocol: HTTP, port: 8080, hostname: "*.by-port.$ZONE"}
  - {name: gw-wins, protocol: HTTP, port: 80, hostname: "*.gw-wins.$ZONE"}
  - {name: first-wins, protocol: HTTP, port: 80, hostname: "*.first-wins.$ZONE"}
  - {name: wrong-protocol, protocol: HTTP, port: 5432, hostname: "*.wrong-protocol.$ZONE"}
  - {name: http-only, protocol: HTTP, port: 80, hostname: "*.http-only.$ZONE", allowedRoutes: {kinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}]}}
status:
  conditions: [$GOOD]
  listeners:
  - {name: set, attachedRoutes: 3, supportedKinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}], conditions: [$GOOD]}
  - {name: gw-wins, attachedRoutes: 0, supportedKinds: [], conditions: [$CONFLICT]}
  - {name: first-wins, attachedRoutes: 1, supportedKinds: [], conditions: [$GOOD]}
  - {name: wrong-protocol, attachedRoutes: 0, supportedKinds: [], conditions: [$CONFLICT]}
---
apiVersion: $API
kind: ListenerSet
metadata: {name: second, namespace: $NAMESPACE}
spec:
  parentRef: {name: gw}
  listeners:
  - {name: loses, protocol: HTTP, port: 80, hostname: "*.first-loses.$ZONE"}
  - {name: set, protocol: HTTP, port: 80, hostname: "*.unprogrammed-set.$ZONE"}
status:
  conditions: [$UNPROGRAMMED]
  listeners:
  - {name: loses, attachedRoutes: 0, supportedKinds: [], conditions: [$CONFLICT]}
  - {name: set, attachedRoutes: 0, supportedKinds: [], conditions: [$UNPROGRAMMED]}
---
apiVersion: $API
kind: ListenerSet
metadata: {name: refused, namespace: $NAMESPACE}
spec: {parentRef: {name: gw}, listeners: [{name: set, protocol: HTTP, port: 80, hostname: "*.refused-set.$ZONE"}]}
status: {conditions: [$NOT_ALLOWED]}
---
apiVersion: $API
kind: ListenerSet
metadata: {name: alias, namespace: $NAMESPACE}
spec: {parentRef: {group: example.net, kind: Gateway, name: gw}, listeners: [{name: set, protocol: HTTP, port: 80, hostname: "*.alias.$ZONE"}]}
`

const setRoutesManifest = `
apiVersion: $API
kind: HTTPRoute
metadata: {name: gw-only, namespace: $NAMESPACE}
spec: {parentRefs: [{name: gw}], hostnames: [gw-only.of-gw.$ZONE, gw-only.of-set.$ZONE, y.gw-wins.$ZONE]}
status: {parents: [{parentRef: {$REF, name: gw}, $CONTROLLER, conditions: [$ACCEPTED]}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: set-only, namespace: $NAMESPACE}
spec:
  parentRefs: [{$SETREF, name: first}]
  hostnames: [set-only.of-gw.$ZONE, set-only.of-set.$ZONE, x.gw-wins.$ZONE, x.first-wins.$ZONE, x.wrong-protocol.$ZONE, x.http-only.$ZONE]
status: {parents: [{parentRef: {$SETREF, name: first, namespace: $NAMESPACE}, $CONTROLLER, conditions: [$ACCEPTED]}]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: both, namespace: $NAMESPACE}
spec: {parentRefs: [{name: gw}, {kind: ListenerSet, name: first}], hostnames: [both.of-gw.$ZONE, both.of-set.$ZONE]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: section, namespace: $NAMESPACE}
spec: {parentRefs: [{name: gw, sectionName: set}], hostnames: [section.of-gw.$ZONE, section.of-set.$ZONE]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: one, namespace: $NAMESPACE}
spec: {parentRefs: [{name: gw, sectionName: set}, {kind: ListenerSet, name: first, sectionName: set}], hostnames: [one.of-gw.$ZONE, one.of-set.$ZONE]}
status:
  parents:
  - {parentRef: {$REF, name: gw, sectionName: set}, $CONTROLLER, conditions: [$NO_PARENT]}
  - {parentRef: {$SETREF, name: first, sectionName: set}, $CONTROLLER, conditions: [$ACCEPTED]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: port, namespace: $NAMESPACE}
spec: {parentRefs: [{kind: ListenerSet, name: first, port: 8080}], hostnames: [port.of-set.$ZONE, port.by-port.$ZONE]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: second, namespace: $NAMESPACE}
spec: {parentRefs: [{kind: ListenerSet, name: second}], hostnames: [x.first-loses.$ZONE, x.unprogrammed-set.$ZONE]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: others, namespace: $NAMESPACE}
spec: {parentRefs: [{kind: ListenerSet, name: refused}, {kind: ListenerSet, name: alias}], hostnames: [x.refused-set.$ZONE, x.alias.$ZONE]}
---
apiVersion: $API
kind: GRPCRoute
metadata: {name: grpc, namespace: $NAMESPACE}
spec: {parentRefs: [{kind: ListenerSet, name: first}], hostnames: [y.http-only.$ZONE]}
`
