package gateway

import (
	"fmt"
	"testing"
)

const (
	teamWeb     = "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}"
	setsTeamWeb = "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}"
)

// G3: routes come and go with the labels of their Namespace.
func TestNamespaceLabelsChange(t *testing.T) {
	l := newLive(t, "resources HTTPRoute TLSRoute",
		edge("{name: http, port: 80, protocol: HTTP, "+teamWeb+"}, {name: tls, port: 443, protocol: TLS, "+teamWeb+"}", setsFromAll),
		aSet("infra/set", "{name: http, port: 80, protocol: HTTP, "+teamWeb+"}"),
		aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"), aRouteTo("TLSRoute", "shop/tls", toGateway, "tls.example.com"),
		aRouteTo("HTTPRoute", "shop/set", toSet, "set.example.com"), aRouteTo("HTTPRoute", "blog/web", toGateway, "blog.example.com"))
	const all, shop = "web tls set blog", "web tls set"
	l.only(all, "") // no Namespaces yet
	for range 2 {
		l.apply(aNamespace("shop", "team: web"))
		l.only(all, shop)
		l.apply(aNamespace("shop", "team: web, tier: gold"))
		l.only(all, shop)
		l.apply(aNamespace("shop", "team: text"))
		l.only(all, "")
		l.apply(aNamespace("shop", "team: web"))
		l.only(all, shop)
		l.apply(aNamespace("blog", "team: web"))
		l.only(all, all)
		l.apply(aNamespace("shop", ""))
		l.only(all, "blog")
		l.apply(aNamespace("shop", "team: web"))
		l.remove(aNamespace("shop", ""))
		l.only(all, "blog")
		l.remove(aNamespace("blog", ""))
		l.only(all, "")
	}
}

// G3: ListenerSets come and go with the labels of their Namespace, and take the routes of all namespaces along.
func TestNamespaceOfListenerSetChanges(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge("", setsTeamWeb), aSet("shop/set", fromAll("http", "")), aSet("blog/set", fromAll("http", "")),
		aRouteTo("HTTPRoute", "shop/web", "{kind: ListenerSet, name: set}", "shop.example.com"),
		aRouteTo("HTTPRoute", "infra/web", "{kind: ListenerSet, name: set, namespace: shop}", "infra.example.com"),
		aRouteTo("HTTPRoute", "blog/web", "{kind: ListenerSet, name: set}", "blog.example.com"))
	const all = "shop infra blog"
	for range 2 {
		l.apply(aNamespace("shop", "team: web"))
		l.only(all, "shop infra")
		l.apply(aNamespace("blog", "team: web"))
		l.only(all, all)
		l.apply(aNamespace("shop", "team: text"))
		l.only(all, "blog")
		l.remove(aNamespace("blog", ""))
		l.only(all, "")
	}
}

// G3: a Namespace that lets both a route and its ListenerSet in, in one change.
func TestNamespaceOfBothChanges(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge("", setsTeamWeb), aSet("shop/set", "{name: http, port: 80, protocol: HTTP, "+teamWeb+"}"),
		aRouteTo("HTTPRoute", "shop/web", "{kind: ListenerSet, name: set}", "web.example.com"))
	for range 2 {
		l.apply(aNamespace("shop", "team: web"))
		l.only("web", "web")
		l.apply(aNamespace("shop", "team: text"))
		l.only("web", "")
	}
}

// A3: labels that nothing depends on do not move the serial.
func TestNamespaceSerial(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge("{name: http, port: 80, protocol: HTTP, "+teamWeb+"}"), aNamespace("shop", "team: web"),
		aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"))
	for labels, want := range map[string]bool{"team: web, tier: gold": false, "team: text": true} {
		l.apply(aNamespace("shop", "team: web"))
		if got := l.moves("example.com", func() { l.apply(aNamespace("shop", labels)) }); got != want {
			t.Errorf("labels %s: serial moved: %t", labels, got)
		}
	}
}

// G3: however many routes a Namespace holds, they follow it.
func TestNamespaceOfManyRoutes(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge("{name: http, port: 80, protocol: HTTP, "+teamWeb+"}"))
	all := ""
	for i := range 30 {
		l.apply(aRouteTo("HTTPRoute", fmt.Sprintf("shop/web%d", i), toGateway, fmt.Sprintf("web%d.example.com", i/2)))
		all += fmt.Sprintf("web%d ", i/2)
	}
	l.apply(aNamespace("shop", "team: web"))
	l.only(all, all)
	l.remove(aNamespace("shop", ""))
	l.only(all, "")
}
