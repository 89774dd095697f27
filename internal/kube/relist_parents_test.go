package kube_test

import (
	"slices"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// relistParents relists the objects of a kind in every order, and checks after each step that x.example.com still has its
// address. before and after are the objects of the kind; beside are others.
func relistParents(t *testing.T, kind, stanza string, beside, before, after []string) {
	t.Helper()
	orders := [][]string{after}
	if len(after) > 1 {
		reversed := slices.Clone(after)
		slices.Reverse(reversed)
		orders = append(orders, reversed)
	}
	for _, order := range orders {
		l := fixture.NewFresh(t, stanza, slices.Concat(beside, before)...)
		relistInSteps(l, kind, func() { l.Ask(fixture.A("x.example.com.", "192.0.2.1"), fixture.NXDomain("z.example.com.", dns.TypeA)) }, order...)
	}
}

// R7: the labels of two Namespaces changed while the watch was away, so that the route of one took over from that of the other.
func TestRelistNamespaceLabels(t *testing.T) {
	gw := fixture.AnObject("Gateway", "infra/edge", "spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}}]}",
		"status: {addresses: [{value: 192.0.2.1}]}")
	route := func(ns string) string {
		return fixture.AnObject("HTTPRoute", ns+"/web", "spec: {parentRefs: [{name: edge, namespace: infra}], hostnames: [x.example.com]}")
	}
	relistParents(t, "Namespace", "resources HTTPRoute", []string{gw, route("one"), route("two")},
		[]string{fixture.ANamespace("one", "team: web"), fixture.ANamespace("two", "")}, []string{fixture.ANamespace("one", ""), fixture.ANamespace("two", "team: web")})
}

// R7: the same, where the selector excludes a label.
func TestRelistNamespaceLabelsExcluded(t *testing.T) {
	gw := fixture.AnObject("Gateway", "infra/edge", "spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: private, operator: DoesNotExist}]}}}}]}",
		"status: {addresses: [{value: 192.0.2.1}]}")
	route := func(ns string) string {
		return fixture.AnObject("HTTPRoute", ns+"/web", "spec: {parentRefs: [{name: edge, namespace: infra}], hostnames: [x.example.com]}")
	}
	relistParents(t, "Namespace", "resources HTTPRoute", []string{gw, route("one"), route("two")},
		[]string{fixture.ANamespace("one", ""), fixture.ANamespace("two", "private: only")}, []string{fixture.ANamespace("one", "private: only"), fixture.ANamespace("two", "")})
}

// relistedGateway is a Gateway with a listener that admits all routes.
func relistedGateway(name, addresses string, more ...string) string {
	spec := "spec: {gatewayClassName: public, listeners: [" + fixture.FromAll("http", "") + "]"
	for _, m := range more {
		spec += ", " + m
	}
	return fixture.AnObject("Gateway", "infra/"+name, spec+"}", "status: {addresses: ["+addresses+"]}")
}

// R7: one Gateway of a route lost its address while the watch was away, and the other got one.
func TestRelistGatewayAddresses(t *testing.T) {
	web := fixture.AnObject("HTTPRoute", "shop/web", "spec: {parentRefs: [{name: a, namespace: infra}, {name: b, namespace: infra}], hostnames: [x.example.com]}")
	const addr, six = "{value: 192.0.2.1}", "{value: '2001:db8::1'}"
	gw := relistedGateway
	relistParents(t, "Gateway", "resources HTTPRoute", []string{web}, []string{gw("a", addr), gw("b", "")}, []string{gw("a", ""), gw("b", addr)})
	// The IPv4 address alone moves.
	relistParents(t, "Gateway", "resources HTTPRoute", []string{web}, []string{gw("a", addr+", "+six), gw("b", "")}, []string{gw("a", six), gw("b", addr)})
	// An address gives way to a hostname.
	relistParents(t, "Gateway", "resources HTTPRoute", []string{web}, []string{gw("a", addr), gw("b", "")}, []string{gw("a", "{type: Hostname, value: lb.example.net}"), gw("b", addr)})
}

// R7: one Gateway admits no ListenerSets any more, and another does.
func TestRelistGatewayAllowedListeners(t *testing.T) {
	const addr = "{value: 192.0.2.1}"
	set := func(name, gw string) string {
		return fixture.AnObject("ListenerSet", "shop/"+name, "spec: {parentRef: {name: "+gw+", namespace: infra}, listeners: ["+fixture.FromAll("http", "")+"]}")
	}
	web := fixture.AnObject("HTTPRoute", "shop/web", "spec: {parentRefs: [{kind: ListenerSet, name: one}, {kind: ListenerSet, name: two}], hostnames: [x.example.com]}")
	gw := func(name, from string) string {
		return relistedGateway(name, addr, "allowedListeners: {namespaces: {from: "+from+"}}")
	}
	relistParents(t, "Gateway", "resources HTTPRoute", []string{set("one", "a"), set("two", "b"), web},
		[]string{gw("a", "All"), gw("b", "None")}, []string{gw("a", "None"), gw("b", "All")})
}

// R7: while the watch was away, one ListenerSet of a route was moved to a Gateway that does not exist, and another to the one
// that does.
func TestRelistListenerSetMoves(t *testing.T) {
	set := func(name, gw string) string {
		return fixture.AnObject("ListenerSet", "shop/"+name, "spec: {parentRef: {name: "+gw+", namespace: infra}, listeners: ["+fixture.FromAll("http", "")+"]}")
	}
	web := fixture.AnObject("HTTPRoute", "shop/web", "spec: {parentRefs: [{kind: ListenerSet, name: one}, {kind: ListenerSet, name: two}], hostnames: [x.example.com]}")
	relistParents(t, "ListenerSet", "resources HTTPRoute", []string{fixture.Edge("", fixture.SetsFromAll), web},
		[]string{set("one", "gw"), set("two", "none")}, []string{set("one", "none"), set("two", "gw")})
}

// R7: the target annotation of a route changed from one address family to the other, and that of another route the other way.
func TestRelistRouteTargets(t *testing.T) {
	route := func(name, target string) string {
		return fixture.AnObject("HTTPRoute", "shop/"+name, "annotations: {coredns.io/target: '"+target+"'}", "spec: {parentRefs: [{name: a, namespace: infra}], hostnames: [x.example.com]}")
	}
	relistParents(t, "HTTPRoute", "resources HTTPRoute", []string{relistedGateway("a", "{value: 192.0.2.9}")},
		[]string{route("one", "192.0.2.1"), route("two", "2001:db8::1")}, []string{route("one", "2001:db8::1"), route("two", "192.0.2.1")})
}

// R7: one Service with endpoints no longer publishes those that are not ready, and another with the same name begins to.
func TestRelistPublishNotReady(t *testing.T) {
	service := func(name, publish string) string {
		return fixture.AnObject("Service", "shop/"+name, "labels: {k8s-gateway.dns/resolve-endpoints: \"true\"}", "annotations: {coredns.io/hostname: x.example.com}", "spec: {clusterIP: None, publishNotReadyAddresses: "+publish+"}")
	}
	const notReady = "{addresses: [192.0.2.1], conditions: {ready: false}}"
	relistParents(t, "Service", "resources Service", []string{fixture.Slice("shop/a", "a", notReady), fixture.Slice("shop/b", "b", notReady)},
		[]string{service("a", "true"), service("b", "false")}, []string{service("a", "false"), service("b", "true")})
}
