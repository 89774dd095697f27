package test

import (
	"strings"
	"testing"
)

// Which namespaces may use a Gateway: routes by each listener, ListenerSets by the
// Gateway; what a set's listeners call the same namespace is the set's (G3). From
// the conformance tests HTTPRouteCrossNamespace,
// HTTPRouteInvalidCrossNamespaceParentRef, ListenerSetAllowedNamespaces… and
// ListenerSetAllowedRoutesNamespaces.
func TestAttachmentNamespaces(t *testing.T) {
	c := newCorner(t)
	manifests := []string{namespacesManifest}
	for namespace, label := range map[string]string{"$NAMESPACE": "here", "$NAMESPACE-friend": "friend", "$NAMESPACE-foe": "foe"} {
		manifests = append(manifests, in(visitorManifest, namespace, label))
	}
	c.answers(manifests, []question{
		{"here.all.$ZONE", "192.0.2.50"},
		{"friend.all.$ZONE", "192.0.2.50"},
		{"foe.all.$ZONE", "192.0.2.50"},
		{"here.same.$ZONE", "192.0.2.50"},
		{"friend.same.$ZONE", "NXDOMAIN"},
		{"here.selected.$ZONE", "NXDOMAIN"}, // a selector does not mean the own namespace, too
		{"friend.selected.$ZONE", "192.0.2.50"},
		{"foe.selected.$ZONE", "NXDOMAIN"},
		{"friend.nowhere.$ZONE", "NXDOMAIN"}, // without a namespace in the reference

		// A set of each namespace on Gateways that let in all, the same, selected and no sets.
		{"here.set-all.$ZONE", "192.0.2.60"},
		{"friend.set-all.$ZONE", "192.0.2.60"},
		{"foe.set-all.$ZONE", "192.0.2.60"},
		{"here.set-same.$ZONE", "192.0.2.61"},
		{"friend.set-same.$ZONE", "NXDOMAIN"},
		{"here.set-selected.$ZONE", "NXDOMAIN"},
		{"friend.set-selected.$ZONE", "192.0.2.62"},
		{"foe.set-selected.$ZONE", "NXDOMAIN"},
		{"here.set-none.$ZONE", "NXDOMAIN"},
		{"here.set-default.$ZONE", "NXDOMAIN"},

		// Routes from the Gateway's namespace on the set of another.
		{"guest.friend.set-all.$ZONE", "NXDOMAIN"}, // "Same" is the set's namespace
		{"guest.friend.welcome.$ZONE", "192.0.2.60"},
	})
}

const namespacesManifest = `
apiVersion: v1
kind: Namespace
metadata: {name: $NAMESPACE-friend, labels: {team: friend}}
---
apiVersion: $API
kind: Gateway
metadata: {name: routes, namespace: $NAMESPACE}
spec:
  gatewayClassName: test
  listeners:
  - {name: all, protocol: HTTP, port: 80, hostname: "*.all.$ZONE", allowedRoutes: {namespaces: {from: All}}}
  - {name: same, protocol: HTTP, port: 80, hostname: "*.same.$ZONE", allowedRoutes: {namespaces: {from: Same}}}
  - {name: selected, protocol: HTTP, port: 80, hostname: "*.selected.$ZONE", allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: In, values: [friend]}]}}}}
  - {name: nowhere, protocol: HTTP, port: 80, hostname: "*.nowhere.$ZONE", allowedRoutes: {namespaces: {from: All}}}
status: {addresses: [{value: 192.0.2.50}], conditions: [$GOOD]}
---
apiVersion: $API
kind: Gateway
metadata: {name: set-all, namespace: $NAMESPACE}
spec: {gatewayClassName: test, allowedListeners: {namespaces: {from: All}}, listeners: [{name: http, protocol: HTTP, port: 80, hostname: own.$ZONE}]}
status: {addresses: [{value: 192.0.2.60}], conditions: [$GOOD]}
---
apiVersion: $API
kind: Gateway
metadata: {name: set-same, namespace: $NAMESPACE}
spec: {gatewayClassName: test, allowedListeners: {namespaces: {from: Same}}, listeners: [{name: http, protocol: HTTP, port: 80, hostname: own.$ZONE}]}
status: {addresses: [{value: 192.0.2.61}], conditions: [$GOOD]}
---
apiVersion: $API
kind: Gateway
metadata: {name: set-selected, namespace: $NAMESPACE}
spec: {gatewayClassName: test, allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {team: friend}}}}, listeners: [{name: http, protocol: HTTP, port: 80, hostname: own.$ZONE}]}
status: {addresses: [{value: 192.0.2.62}], conditions: [$GOOD]}
---
apiVersion: $API
kind: Gateway
metadata: {name: set-none, namespace: $NAMESPACE}
spec: {gatewayClassName: test, allowedListeners: {namespaces: {from: None}}, listeners: [{name: http, protocol: HTTP, port: 80, hostname: own.$ZONE}]}
status: {addresses: [{value: 192.0.2.63}], conditions: [$GOOD]}
---
apiVersion: $API
kind: Gateway
metadata: {name: set-default, namespace: $NAMESPACE}
spec: {gatewayClassName: test, listeners: [{name: http, protocol: HTTP, port: 80, hostname: own.$ZONE}]}
status: {addresses: [{value: 192.0.2.64}], conditions: [$GOOD]}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: guest, namespace: $NAMESPACE}
spec: {parentRefs: [{kind: ListenerSet, name: set-all, namespace: $NAMESPACE-friend}], hostnames: [guest.friend.set-all.$ZONE, guest.friend.welcome.$ZONE]}
`

// visitorManifest is what a namespace has: routes to the Gateway, and a set of its
// own on each of the others with a route.
var visitorManifest = `
apiVersion: v1
kind: Namespace
metadata: {name: $NS, labels: {team: $LABEL}}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: routes, namespace: $NS}
spec:
  parentRefs: [{name: routes, namespace: $NAMESPACE}]
  hostnames: [$LABEL.all.$ZONE, $LABEL.same.$ZONE, $LABEL.selected.$ZONE]
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: nowhere, namespace: $NS-nowhere}
spec: {parentRefs: [{name: routes}], hostnames: [$LABEL.nowhere.$ZONE]}
---
apiVersion: v1
kind: Namespace
metadata: {name: $NS-nowhere}
` + setOf("all") + setOf("same") + setOf("selected") + setOf("none") + setOf("default")

// setOf is a ListenerSet on one of the Gateways, and a route that takes its first
// listener's name.
func setOf(which string) string {
	return strings.ReplaceAll(`---
apiVersion: $API
kind: ListenerSet
metadata: {name: set-$SET, namespace: $NS}
spec:
  parentRef: {name: set-$SET, namespace: $NAMESPACE}
  listeners:
  - {name: own, protocol: HTTP, port: 80, hostname: $LABEL.set-$SET.$ZONE}
  - {name: below, protocol: HTTP, port: 80, hostname: "*.$LABEL.set-$SET.$ZONE", allowedRoutes: {namespaces: {from: Same}}}
  - {name: welcome, protocol: HTTP, port: 80, hostname: "*.$LABEL.welcome.$ZONE", allowedRoutes: {namespaces: {from: All}}}
---
apiVersion: $API
kind: HTTPRoute
metadata: {name: set-$SET, namespace: $NS}
spec: {parentRefs: [{kind: ListenerSet, name: set-$SET, sectionName: own}]}
`, "$SET", which)
}
