package gateway

import "testing"

// G3: which namespaces allowedRoutes.namespaces admits. The default is Same; a selector reads the labels of
// Namespaces, and admits none where it is missing or invalid, or where the Namespace is not known.
func TestAllowedNamespaces(t *testing.T) {
	const all = "infra shop blog lab" // a route in each; there is no Namespace lab
	for allowed, served := range map[string]string{
		"":                                "infra",
		"allowedRoutes: {}":               "infra",
		"allowedRoutes: null":             "infra",
		"allowedRoutes: {namespaces: {}}": "infra",
		"allowedRoutes: {namespaces: {from: Same}}":                                                                                                           "infra",
		"allowedRoutes: {namespaces: {from: All}}":                                                                                                            all,
		"allowedRoutes: {namespaces: {from: None}}":                                                                                                           "",
		"allowedRoutes: {namespaces: {from: Other}}":                                                                                                          "",
		"allowedRoutes: {namespaces: {from: Same, selector: {matchLabels: {team: web}}}}":                                                                     "infra",
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}":                                                                 "shop",
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: web, tier: gold}}}}":                                                     "",
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Exists}]}}}":                                        "shop blog",
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}}":                                  "infra",
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: In, values: [web, text]}]}}}":                       "shop blog",
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: NotIn, values: [web]}]}}}":                          "infra blog",
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {tier: gold}, matchExpressions: [{key: team, operator: In, values: [text]}]}}}": "blog",
		"allowedRoutes: {namespaces: {from: Selector, selector: {}}}":                                                                                         "infra shop blog",
		"allowedRoutes: {namespaces: {from: Selector}}":                                                                                                       "",
		// Invalid selectors, which the API server lets through.
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Near, values: [web]}]}}}": "",
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: In}]}}}":                  "",
		"allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: \"not a value\"}}}}":                           "",
	} {
		l := newLive(t, "resources HTTPRoute", edge("{name: http, port: 80, protocol: HTTP, "+allowed+"}"),
			aNamespace("infra", ""), aNamespace("shop", "team: web"), aNamespace("blog", "team: text, tier: gold"))
		for _, ns := range []string{"infra", "shop", "blog", "lab"} {
			l.apply(aRouteTo("HTTPRoute", ns+"/web", toGateway, ns+".example.com"))
		}
		l.only(all, served)
		if t.Failed() {
			t.Fatal(allowed)
		}
	}
}

// G3, N5: an invalid selector is said once, and costs its listener only.
func TestInvalidSelector(t *testing.T) {
	before := skippedCount(t, "Gateway", "selector")
	gateway := edge(`
    {name: bad, port: 80, protocol: HTTP, hostname: bad.example.com, allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Near}]}}}},
    {name: good, port: 80, protocol: HTTP, hostname: good.example.com}`)
	l := newLive(t, "resources HTTPRoute", gateway, gateway, aNamespace("infra", "team: web"), aRouteTo("HTTPRoute", "infra/web", toGateway))
	l.only("bad good", "good")
	if n := skippedCount(t, "Gateway", "selector") - before; n != 1 {
		t.Errorf("counted %v bad selectors, want 1", n)
	}
}

// G3: Namespaces are watched once some listener selects by their labels, and not before.
func TestNamespacesOnDemand(t *testing.T) {
	selecting := "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}"
	for _, tc := range []struct {
		manifests []string
		want      bool
	}{
		{[]string{edge(fromAll("http", ""))}, false},
		{[]string{edge("{name: http, port: 80, protocol: HTTP}", setsFromAll), aSet("shop/set", fromAll("http", ""))}, false},
		{[]string{edge("{name: http, port: 80, protocol: HTTP, " + selecting + "}")}, true},
		{[]string{edge("", "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {team: web}}}}")}, true},
		{[]string{edge("", setsFromAll), aSet("shop/set", "{name: http, port: 80, protocol: HTTP, "+selecting+"}")}, true},
	} {
		l := newLive(t, "apex ns1 192.0.2.53\nresources HTTPRoute", tc.manifests...)
		if got := contains(l.watched(0), "Namespace"); got != tc.want {
			t.Errorf("%v: watched: %v", tc.manifests, l.watched(0))
		}
	}
}
