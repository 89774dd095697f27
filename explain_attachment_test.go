package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// An explanation says what is first in the way of a route: its parent, the listener, its namespace or its host.
func TestExplainAttachment(t *testing.T) {
	const host = "web.example.com"
	set := aSet("infra/set", "{name: http, port: 80, protocol: HTTP, hostname: \"*.set.example.com\"}")
	for _, tc := range []struct {
		what    string
		objects []string
		words   []string
	}{
		{"no such Gateway", []string{aRouteTo("HTTPRoute", "shop/web", toGateway, host)}, []string{"HTTPRoute shop/web", "Gateway infra/gw", "not there"}},
		{"class", []string{anObject("Gateway", "infra/gw", "spec: {gatewayClassName: private, listeners: []}"), aRouteTo("HTTPRoute", "shop/web", toGateway, host)}, []string{"Gateway infra/gw", "filtered out"}},
		{"namespace", []string{edge("{name: http, port: 80, protocol: HTTP}"), aRouteTo("HTTPRoute", "shop/web", toGateway, host)}, []string{"Gateway infra/gw", "does not allow namespace shop"}},
		{"labels", []string{edge("{name: http, port: 80, protocol: HTTP, " + teamWeb + "}"), aNamespace("shop", "team: text"), aRouteTo("HTTPRoute", "shop/web", toGateway, host)}, []string{"Gateway infra/gw", "does not allow namespace shop"}},
		{"protocol", []string{edge("{name: tls, port: 443, protocol: TLS}"), aRouteTo("HTTPRoute", "infra/web", toGateway, host)}, []string{"Gateway infra/gw", "no such listener for a HTTPRoute"}},
		{"section", []string{edge(fromAll("http", "")), aRouteTo("HTTPRoute", "infra/web", "{name: gw, sectionName: https}", host)}, []string{"Gateway infra/gw", "no such listener"}},
		{"host", []string{edge(fromAll("http", "*.other.example.com")), aRouteTo("HTTPRoute", "shop/web", toGateway, host)}, []string{"Gateway infra/gw", "host that matches"}},
		{"parent", []string{aRouteTo("HTTPRoute", "shop/web", "{name: gw, kind: Service, group: \"\"}", host)}, []string{"HTTPRoute shop/web", "no Gateway accepts it"}},
		{"status", []string{edge(fromAll("http", "")), aRouteTo("HTTPRoute", "infra/web", toGateway, host) +
			`status: {parents: [{controllerName: example.com/c, parentRef: {name: gw}, conditions: [{type: Accepted, status: "False"}]}]}`}, []string{"HTTPRoute infra/web", "no Gateway accepts it"}},
		{"no such ListenerSet", []string{edge("", setsFromAll), aRouteTo("HTTPRoute", "shop/web", toSet, host)}, []string{"ListenerSet infra/set", "not there"}},
		{"ListenerSet not let in", []string{edge("", "allowedListeners: {namespaces: {from: None}}"), set, aRouteTo("HTTPRoute", "infra/web", toSet, host)}, []string{"ListenerSet infra/set"}},
		{"ListenerSet, namespace", []string{edge("", setsFromAll), set, aRouteTo("HTTPRoute", "shop/web", toSet, host)}, []string{"ListenerSet infra/set", "does not allow namespace shop"}},
		{"ListenerSet, host", []string{edge("", setsFromAll), set, aRouteTo("HTTPRoute", "infra/web", toSet, host)}, []string{"ListenerSet infra/set", "host that matches"}},
	} {
		l := newLive(t, "resources HTTPRoute\ngatewayClasses public\nexplain", tc.objects...)
		l.explained("web.example.com. A", dns.ExtendedErrorCodeOther, tc.words...)
		l.unexplained("nowhere.example.com. A")
		if t.Failed() {
			t.Fatal(tc.what)
		}
	}
}

// What is served is not explained, and a name that is pending says whose address is missing.
func TestExplainListenerSetPending(t *testing.T) {
	l := newLive(t, "resources HTTPRoute\nexplain", edge("", setsFromAll), aSet("infra/set", fromAll("http", "")), aRouteTo("HTTPRoute", "shop/web", toSet, "web.example.com"))
	l.unexplained("web.example.com. A")
	l.apply(anObject("Gateway", "infra/gw", "spec: {gatewayClassName: public, listeners: [], allowedListeners: {namespaces: {from: All}}}"))
	l.explained("web.example.com. A", dns.ExtendedErrorCodeOther, "Gateway infra/gw", "no address yet")
}

// Pending endpoints and Gateways of their own name their object.
func TestExplainPendingEndpoints(t *testing.T) {
	l := newLive(t, "resources Service Gateway\nexplain", resolvedService(), namedGateway("coredns.io/hostname: edge.example.com"))
	l.explained("db.example.com. A", dns.ExtendedErrorCodeOther, "Service shop/db", "no address yet")
	l.explained("edge.example.com. A", dns.ExtendedErrorCodeOther, "Gateway infra/gw", "no address yet")
}

// Routes of two clusters are both explained.
func TestExplainClusters(t *testing.T) {
	l := newLive(t, twoClusters+"resources HTTPRoute\nexplain", aRouteTo("HTTPRoute", "shop/one", toGateway, "web.example.com"))
	l.applyTo(1, aRouteTo("HTTPRoute", "shop/two", toGateway, "web.example.com"))
	l.explained("web.example.com. A", dns.ExtendedErrorCodeOther, "shop/one", "shop/two")
}
