package gateway

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// G3: routes follow their ListenerSet: it appears, changes, is refused and goes away.
func TestListenerSetChanges(t *testing.T) {
	const all = "web shop other"
	set := func(more string) string { return aSet("infra/set", "{name: http, port: 80, protocol: HTTP"+more+"}") }
	l := newLive(t, "resources HTTPRoute", edge(fromAll("http", ""), setsFromAll), aNamespace("shop", "team: web"),
		anObject("Gateway", "infra/closed", "spec: {gatewayClassName: public, listeners: []}", "status: {addresses: [{value: 192.0.2.2}]}"),
		aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com"), aRouteTo("HTTPRoute", "shop/web", toSet, "shop.example.com"),
		aRouteTo("HTTPRoute", "infra/other", "{kind: ListenerSet, name: set, sectionName: other}", "other.example.com"))
	for _, c := range []change{
		{"appears", set(", allowedRoutes: {namespaces: {from: All}}"), "web shop"},
		{"namespaces", set(""), "web"},
		{"host", set(", hostname: other.example.com"), ""},
		{"host that fits", set(", hostname: \"*.example.com\""), "web"},
		{"selector", set(", " + teamWeb), "shop"},
		{"protocol", set(", " + teamWeb + "}, {name: tls, port: 443, protocol: TLS"), "shop"},
		{"another listener", set("}, {name: other, port: 81, protocol: HTTP"), "web other"},
		{"refused", set("") + `status: {conditions: [{type: Accepted, status: "False"}]}`, ""},
		{"accepted", set("") + `status: {conditions: [{type: Accepted, status: "True"}]}`, "web"},
		{"conflict", set("") + `status: {listeners: [{name: http, attachedRoutes: 0, conditions: [{type: Conflicted, status: "True"}]}]}`, ""},
		{"ignored", aSet("infra/set", fromAll("http", ""), `labels: {k8s-gateway.dns/ignore: "true"}`), ""},
		{"back", aSet("infra/set", fromAll("http", "")), "web shop"},
		{"another Gateway", strings.Replace(aSet("infra/set", fromAll("http", "")), "name: gw,", "name: closed,", 1), ""},
		{"no Gateway", strings.Replace(aSet("infra/set", fromAll("http", "")), "name: gw,", "name: absent,", 1), ""},
		{"its Gateway", aSet("infra/set", fromAll("http", "")), "web shop"},
	} {
		l.apply(c.manifest)
		if l.only(all, c.served); t.Failed() {
			t.Fatal(c.what)
		}
	}
	l.remove(set(""))
	l.only(all, "")
}

// G3: routes follow the allowedListeners of their Gateway.
func TestAllowedListenersChange(t *testing.T) {
	const all = "infra shop gw"
	l := newLive(t, "resources HTTPRoute", aNamespace("shop", "team: web"), aSet("infra/set", fromAll("http", "")), aSet("shop/set", fromAll("http", "")),
		aRouteTo("HTTPRoute", "infra/web", "{kind: ListenerSet, name: set}", "infra.example.com"), aRouteTo("HTTPRoute", "shop/web", "{kind: ListenerSet, name: set}", "shop.example.com"),
		aRouteTo("HTTPRoute", "infra/gw", toGateway, "gw.example.com"))
	for _, c := range []change{
		{"none", edge(fromAll("http", "")), "gw"},
		{"All", edge(fromAll("http", ""), setsFromAll), all},
		{"Same", edge(fromAll("http", ""), setsFromSame), "infra gw"},
		{"Selector", edge(fromAll("http", ""), setsTeamWeb), "shop gw"},
		{"None", edge(fromAll("http", ""), "allowedListeners: {namespaces: {from: None}}"), "gw"},
		{"no listeners", edge("", setsFromAll), "infra shop"},
		{"ignored", edge("", setsFromAll, `labels: {k8s-gateway.dns/ignore: "true"}`), ""},
		{"All again", edge(fromAll("http", ""), setsFromAll), all},
	} {
		l.apply(c.manifest)
		if l.only(all, c.served); t.Failed() {
			t.Fatal(c.what)
		}
	}
	l.remove(edge(""))
	l.only(all, "")
	l.apply(edge(fromAll("http", ""), setsFromSame))
	l.only(all, "infra gw")
}

// G6, Z12: a Gateway moves, is pending and goes away, with routes that are attached through ListenerSets.
func TestListenerSetAddressesChange(t *testing.T) {
	gateway := func(addrs ...string) string {
		return anObject("Gateway", "infra/gw", "spec: {gatewayClassName: public, listeners: [], allowedListeners: {namespaces: {from: All}}}", "status: {addresses: "+values(addrs)+"}")
	}
	l := newLive(t, "resources Ingress HTTPRoute", anIngress("*.example.com", "192.0.2.99"), aSet("shop/set", fromAll("http", "*.example.com")),
		aRouteTo("HTTPRoute", "shop/web", "{kind: ListenerSet, name: set}", "web.example.com"), aRouteTo("HTTPRoute", "shop/more", "{kind: ListenerSet, name: set}", "web.example.com", "*.wild.example.com"))
	l.ask(a("web.example.com.", "192.0.2.99")) // Z13
	for range 2 {
		l.apply(gateway())
		l.ask(nxdomain("web.example.com.", dns.TypeA), nxdomain("web.example.com.", dns.TypeTXT), nxdomain("x.wild.example.com.", dns.TypeA))
		l.apply(gateway("192.0.2.1"))
		l.ask(a("web.example.com.", "192.0.2.1"), a("x.wild.example.com.", "192.0.2.1"))
		if !l.moves("example.com", func() { l.apply(gateway("192.0.2.2", "2001:db8::2")) }) {
			t.Error("serial did not move")
		}
		l.ask(a("web.example.com.", "192.0.2.2"), aaaa("web.example.com.", "2001:db8::2"), a("x.wild.example.com.", "192.0.2.2"))
		l.apply(gateway())
		l.ask(nxdomain("web.example.com.", dns.TypeA))
		l.remove(gateway())
		l.ask(a("web.example.com.", "192.0.2.99"))
	}
}

// G3: one host through a Gateway and through its ListenerSets stays until the last way is gone.
func TestManyWaysToAHost(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge(fromAll("http", ""), setsFromAll), aSet("infra/set", fromAll("http", "")), aSet("shop/set", fromAll("http", "")),
		aRouteTo("HTTPRoute", "shop/web", toGateway+", "+toSet+", {kind: ListenerSet, name: set}", "web.example.com"))
	for _, c := range []change{
		{"no listener", edge("", setsFromAll), "web"},
		{"one set", aSet("infra/set", fromAll("http", "other.example.com")), "web"},
		{"other set", aSet("shop/set", fromAll("http", "other.example.com")), ""},
		{"one set again", aSet("infra/set", fromAll("http", "*.example.com")), "web"},
		{"listener again", edge(fromAll("http", ""), setsFromAll), "web"},
		{"no sets", edge(fromAll("http", "")), "web"},
		{"nothing", edge(""), ""},
	} {
		l.apply(c.manifest)
		if l.only("web", c.served); t.Failed() {
			t.Fatal(c.what)
		}
	}
}
