package gateway

import "testing"

// G3: a Gateway lets ListenerSets in by allowedListeners, whose default is None, wherever it is left out.
func TestAllowedListeners(t *testing.T) {
	for allowed, served := range map[string]string{
		"":                                   "",
		"allowedListeners: {}":               "",
		"allowedListeners: null":             "",
		"allowedListeners: {namespaces: {}}": "",
		"allowedListeners: {namespaces: {from: None}}":                                                                                     "",
		"allowedListeners: {namespaces: {from: Same}}":                                                                                     "infra",
		"allowedListeners: {namespaces: {from: All}}":                                                                                      "infra shop blog lab",
		"allowedListeners: {namespaces: {from: Other}}":                                                                                    "",
		"allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}":                                           "shop",
		"allowedListeners: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: In, values: [web, text]}]}}}": "shop blog",
		"allowedListeners: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}}":            "infra",
		"allowedListeners: {namespaces: {from: Selector, selector: {}}}":                                                                   "infra shop blog",
		"allowedListeners: {namespaces: {from: Selector}}":                                                                                 "",
		"allowedListeners: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Near, values: [web]}]}}}":     "",
		"allowedListeners: {namespaces: {from: None, selector: {matchLabels: {team: web}}}}":                                               "",
	} {
		l := newLive(t, "resources HTTPRoute", aNamespace("infra", ""), aNamespace("shop", "team: web"), aNamespace("blog", "team: text"))
		for _, ns := range []string{"infra", "shop", "blog", "lab"} {
			l.apply(aSet(ns+"/set", fromAll("http", ns+".example.com")), aRouteTo("HTTPRoute", ns+"/web", "{kind: ListenerSet, name: set}"))
		}
		if allowed == "" {
			l.apply(edge(fromAll("http", "gw.example.com")))
		} else {
			l.apply(edge(fromAll("http", "gw.example.com"), allowed))
		}
		l.only("infra shop blog lab gw", served)
		if t.Failed() {
			t.Fatal(allowed)
		}
	}
}

// G3: ListenerSets are watched once a Gateway lets some in, and not before.
func TestListenerSetsOnDemand(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge(fromAll("http", "")), aSet("infra/set", fromAll("http", "")), aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com"))
	if contains(l.watched(0), "ListenerSet") {
		t.Errorf("watched: %v", l.watched(0))
	}
	l.only("web", "")
	l.apply(edge(fromAll("http", ""), setsFromSame))
	if !contains(l.watched(0), "ListenerSet") {
		t.Errorf("watched: %v", l.watched(0))
	}
	l.only("web", "web")
}

// G3: a Gateway that is not there lets no ListenerSet in, so that none is watched for it.
func TestListenerSetsNotForExcludedGateways(t *testing.T) {
	l := newLive(t, "resources HTTPRoute\ngatewayClasses private", edge(fromAll("http", ""), setsFromAll))
	if contains(l.watched(0), "ListenerSet") {
		t.Errorf("watched: %v", l.watched(0))
	}
}

// G3: "Same" in a listener of a ListenerSet is the namespace of the ListenerSet, not that of its Gateway.
func TestListenerSetSameNamespace(t *testing.T) {
	for allowed, served := range map[string]string{
		"": "shop",
		", allowedRoutes: {namespaces: {from: Same}}":                                            "shop",
		", allowedRoutes: {namespaces: {from: All}}":                                             "infra shop blog",
		", allowedRoutes: {namespaces: {from: None}}":                                            "",
		", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: text}}}}": "blog",
	} {
		l := newLive(t, "resources HTTPRoute", edge(fromAll("http", ""), setsFromAll), aSet("shop/set", "{name: http, port: 80, protocol: HTTP"+allowed+"}"),
			aNamespace("infra", ""), aNamespace("shop", ""), aNamespace("blog", "team: text"))
		for _, ns := range []string{"infra", "shop", "blog"} {
			l.apply(aRouteTo("HTTPRoute", ns+"/web", "{kind: ListenerSet, name: set, namespace: shop}", ns+".example.com"))
		}
		l.only("infra shop blog", served)
		if t.Failed() {
			t.Fatal(allowed)
		}
	}
}
