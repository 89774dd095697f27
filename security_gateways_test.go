package gateway

import "testing"

// SECURITY.md, "Who can claim which name": under a Gateway that somebody else owns, a route has no other names than
// those of the listeners that take routes of its namespace, whatever its hosts and annotations say.
func TestListenersLimitNames(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute Ingress", edge(fromAll("team", "*.team-b.example.com")), anObject("HTTPRoute", "b/mine",
		`annotations: {coredns.io/hostname: "bank.example.com,*.com,*", coredns.io/target: 198.51.100.66}`,
		"spec: {parentRefs: [{name: gw, namespace: infra}], hostnames: [bank.example.com, shop.team-b.example.com, '*.example.com']}"))
	f.only("bank shop.team-b any.team-b other team-a x.team-a", "shop.team-b any.team-b")
	f.check(expect("shop.team-b.example.com. A", "shop.team-b.example.com. 60 IN A 198.51.100.66")) // where they point is not limited
}

// A listener takes routes of its own namespace only, and none of a ListenerSet, unless it says otherwise.
func TestListenersAreClosedByDefault(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", edge("{name: http, port: 80, protocol: HTTP}"),
		anObject("HTTPRoute", "b/mine", "spec: {parentRefs: [{name: gw, namespace: infra}], hostnames: [bank.example.com]}"),
		anObject("HTTPRoute", "infra/own", "spec: {parentRefs: [{name: gw}], hostnames: [own.example.com]}"))
	f.only("bank own", "own")
}

// Whoever may create a Gateway has a listener of his own for every name. No controller has to know it. `gateways` is
// what shuts this out; a class is anybody's to write.
func TestOwnGatewayClaimsAnything(t *testing.T) {
	mine := anObject("Gateway", "b/mine", "annotations: {coredns.io/target: 198.51.100.66}",
		"spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}") +
		"---\n" + anObject("HTTPRoute", "b/mine", "spec: {parentRefs: [{name: mine}], hostnames: [bank.example.com]}")
	newFixture(t, "resources HTTPRoute", mine).only("bank", "bank")
	newFixture(t, "resources HTTPRoute\ngatewayClasses public", mine).only("bank", "bank")
	newFixture(t, "resources HTTPRoute\ngateways infra/gw", mine).only("bank", "")
}
