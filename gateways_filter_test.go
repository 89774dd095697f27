package gateway

import "testing"

// G4: `gateways` and `gatewayClasses` leave Gateways out, alone and together, with all that is attached to them.
func TestGatewaysFilter(t *testing.T) {
	gateway := func(key, class string) string {
		return anObject("Gateway", key, "spec: {gatewayClassName: "+class+", listeners: ["+fromAll("http", "")+"], allowedListeners: {namespaces: {from: All}}}", "status: {addresses: [{value: 192.0.2.1}]}")
	}
	objects := []string{
		gateway("infra/gw", "public"), gateway("shop/gw", "public"), gateway("infra/inside", "private"),
		aRouteTo("HTTPRoute", "blog/a", "{name: gw, namespace: infra}", "infra-gw.example.com"),
		aRouteTo("HTTPRoute", "blog/b", "{name: gw, namespace: shop}", "shop-gw.example.com"),
		aRouteTo("HTTPRoute", "blog/c", "{name: inside, namespace: infra}", "infra-inside.example.com"),
		anObject("ListenerSet", "blog/set", "spec: {parentRef: {name: inside, namespace: infra}, listeners: ["+fromAll("http", "")+"]}"),
		aRouteTo("HTTPRoute", "blog/d", "{kind: ListenerSet, name: set}", "set.example.com"),
		aRouteTo("HTTPRoute", "blog/e", "{name: inside, namespace: infra}, {name: gw, namespace: infra}", "both.example.com"),
	}
	const all = "infra-gw shop-gw infra-inside set both"
	for stanza, served := range map[string]string{
		"":                              all,
		"gateways infra/gw":             "infra-gw both",
		"gateways infra/gw shop/gw":     "infra-gw shop-gw both",
		"gateways infra/inside":         "infra-inside set both",
		"gateways blog/gw":              "",
		"gatewayClasses public":         "infra-gw shop-gw both",
		"gatewayClasses private":        "infra-inside set both",
		"gatewayClasses private public": all,
		"gatewayClasses other":          "",
		"gatewayClasses public\ngateways infra/inside":   "",
		"gatewayClasses private\ngateways infra/inside":  "infra-inside set both",
		"gatewayClasses public\ngateways shop/gw":        "shop-gw",
		"ingressClasses public\nserviceLabelSelectors x": all,
	} {
		l := newLive(t, "resources HTTPRoute\n"+stanza, objects...)
		if l.only(all, served); t.Failed() {
			t.Fatal(stanza)
		}
	}
}
