package gateway

import (
	"strings"
	"testing"
)

// change is what is served after an object has become something else.
type change struct {
	what     string
	manifest string
	served   string
}

// G3, G4, G5: routes are attached anew with every change of their Gateway.
func TestGatewayChanges(t *testing.T) {
	const all = "web shop x.wild"
	http := func(more string) string { return "{name: http, port: 80, protocol: HTTP" + more + "}" }
	l := newLive(t, "resources HTTPRoute\ngatewayClasses public",
		aNamespace("shop", "team: web"),
		aRouteTo("HTTPRoute", "infra/web", "{name: gw, sectionName: http}", "web.example.com", "*.wild.example.com"),
		aRouteTo("HTTPRoute", "shop/web", "{name: gw, namespace: infra, port: 80}", "shop.example.com"))
	gateway := edge(http(", allowedRoutes: {namespaces: {from: All}}"))
	for _, c := range []change{
		{"appears", gateway, all},
		{"host", edge(http(", hostname: web.example.com, allowedRoutes: {namespaces: {from: All}}")), "web"},
		{"another host", edge(http(", hostname: \"*.example.com\", allowedRoutes: {namespaces: {from: All}}")), all},
		{"wildcard below", edge(http(", hostname: \"*.wild.example.com\", allowedRoutes: {namespaces: {from: All}}")), "x.wild"},
		{"no host", gateway, all},
		{"protocol", strings.Replace(gateway, "protocol: HTTP", "protocol: TLS", 1), ""},
		{"protocol that suits", strings.Replace(gateway, "protocol: HTTP", "protocol: HTTPS", 1), all},
		{"port", strings.Replace(gateway, "port: 80", "port: 8080", 1), "web x.wild"},
		{"section", strings.Replace(gateway, "name: http", "name: other", 1), "shop"},
		{"namespaces", edge(http("")), "web x.wild"},
		{"selector", edge(http(", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}")), "shop"},
		{"another selector", edge(http(", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: text}}}}")), ""},
		{"kinds", edge(http(", allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}")), ""},
		{"more kinds", edge(http(", allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}, {kind: HTTPRoute}]}")), all},
		{"class", strings.Replace(gateway, "gatewayClassName: public", "gatewayClassName: private", 1), ""},
		{"class again", gateway, all},
		{"refused", strings.Replace(gateway, "status: {", `status: {conditions: [{type: Accepted, status: "False"}], `, 1), ""},
		{"accepted", strings.Replace(gateway, "status: {", `status: {conditions: [{type: Accepted, status: "True"}], `, 1), all},
		{"conflict", strings.Replace(gateway, "status: {", `status: {listeners: [{name: http, attachedRoutes: 1, conditions: [{type: Conflicted, status: "True"}]}], `, 1), ""},
		{"no listener", edge(""), ""},
		{"ignored", edge(http(", allowedRoutes: {namespaces: {from: All}}"), `labels: {k8s-gateway.dns/ignore: "true"}`), ""},
		{"back", gateway, all},
	} {
		l.apply(c.manifest)
		if l.only(all, c.served); t.Failed() {
			t.Fatal(c.what)
		}
	}
	l.remove(gateway)
	l.only(all, "")
}

// G1, G2: a route that changes its parents, hosts or status takes its names along.
func TestParentsChange(t *testing.T) {
	const all = "one two web"
	status := func(ref, accepted string) string {
		return `status: {parents: [{controllerName: example.com/c, parentRef: ` + ref + `, conditions: [{type: Accepted, status: "` + accepted + `"}]}]}`
	}
	l := newLive(t, "resources HTTPRoute", edge(fromAll("one", "one.example.com")+", "+fromAll("web", "web.example.com"), setsFromAll), aSet("infra/set", fromAll("two", "two.example.com")))
	for _, c := range []change{
		{"Gateway", aRouteTo("HTTPRoute", "shop/web", toGateway), "one web"},
		{"ListenerSet", aRouteTo("HTTPRoute", "shop/web", toSet), "two"},
		{"both", aRouteTo("HTTPRoute", "shop/web", toSet+", "+toGateway), all},
		{"one section", aRouteTo("HTTPRoute", "shop/web", "{name: gw, namespace: infra, sectionName: web}"), "web"},
		{"host", aRouteTo("HTTPRoute", "shop/web", toSet+", "+toGateway, "two.example.com", "one.example.com"), "one two"},
		{"refused by one", aRouteTo("HTTPRoute", "shop/web", toSet+", "+toGateway) + status(toSet, "False"), "one web"},
		{"refused by the other", aRouteTo("HTTPRoute", "shop/web", toSet+", "+toGateway) + status(toGateway, "False"), "two"},
		{"accepted", aRouteTo("HTTPRoute", "shop/web", toSet+", "+toGateway) + status(toGateway, "True"), all},
		{"none", aRouteTo("HTTPRoute", "shop/web", ""), ""},
		{"ignored", anObject("HTTPRoute", "shop/web", `labels: {k8s-gateway.dns/ignore: "true"}`, "spec: {parentRefs: ["+toGateway+"]}"), ""},
		{"again", aRouteTo("HTTPRoute", "shop/web", toGateway), "one web"},
	} {
		l.apply(c.manifest)
		if l.only(all, c.served); t.Failed() {
			t.Fatal(c.what)
		}
	}
	l.remove(aRouteTo("HTTPRoute", "shop/web", ""))
	l.only(all, "")
}
