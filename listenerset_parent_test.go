package gateway

import "testing"

// G1: a reference to a ListenerSet, with the defaults of each reference. A ListenerSet, a Gateway and a
// Service may bear one name.
func TestListenerSetParents(t *testing.T) {
	l := newLive(t, "resources HTTPRoute",
		anObject("Gateway", "infra/web", "spec: {gatewayClassName: public, allowedListeners: {namespaces: {from: All}}, listeners: ["+fromAll("http", "gateway.example.com")+"]}", "status: {addresses: [{value: 192.0.2.1}]}"),
		anObject("ListenerSet", "infra/web", "spec: {parentRef: {name: web}, listeners: ["+fromAll("http", "infra.example.com")+"]}"),
		anObject("ListenerSet", "shop/web", "spec: {parentRef: {name: web, namespace: infra}, listeners: ["+fromAll("http", "shop.example.com")+"]}"))
	for refs, served := range map[string]string{
		`{kind: ListenerSet, name: web}`:                                                                                   "shop",
		`{kind: ListenerSet, name: web, namespace: infra}`:                                                                 "infra",
		`{kind: ListenerSet, group: gateway.networking.k8s.io, name: web}`:                                                 "shop",
		`{kind: ListenerSet, name: web}, {kind: ListenerSet, name: web, namespace: infra}`:                                 "shop infra",
		`{kind: ListenerSet, name: web}, {name: web, namespace: infra}`:                                                    "shop gateway",
		`{name: web, namespace: infra}, {kind: ListenerSet, name: web}`:                                                    "shop gateway",
		`{kind: ListenerSet, name: web}, {kind: ListenerSet, name: web}`:                                                   "shop",
		`{name: web, namespace: infra}`:                                                                                    "gateway",
		`{name: web}`:                                                                                                      "",
		`{kind: ListenerSet, group: "", name: web}`:                                                                        "",
		`{kind: ListenerSet, group: gateway.networking.x-k8s.io, name: web}`:                                               "",
		`{kind: XListenerSet, name: web}`:                                                                                  "",
		`{kind: listenerset, name: web}`:                                                                                   "",
		`{kind: ListenerSet, name: other}`:                                                                                 "",
		`{kind: ListenerSet, name: web, namespace: other}`:                                                                 "",
		`{kind: Service, group: "", name: web}, {kind: ListenerSet, name: web}`:                                            "shop",
		`{kind: ListenerSet, group: example.com, name: web, namespace: infra}, {kind: ListenerSet, name: web, port: 80}`:   "shop",
		`{kind: ListenerSet, name: web, sectionName: http}, {kind: ListenerSet, name: web, namespace: infra, port: 10000}`: "shop",
	} {
		l.apply(aRouteTo("HTTPRoute", "shop/web", refs))
		l.only("gateway infra shop", served)
		if t.Failed() {
			t.Fatalf("parentRefs: [%s]", refs)
		}
	}
}

// G2: the entry of a ListenerSet in a route's status is found by all six fields, after defaulting.
func TestListenerSetRefusesRoute(t *testing.T) {
	for entry, want := range map[string]bool{
		`{kind: ListenerSet, name: set, namespace: infra}`:                                     false,
		`{kind: ListenerSet, group: gateway.networking.k8s.io, name: set, namespace: infra}`:   false,
		`{kind: ListenerSet, name: set}`:                                                       true,
		`{name: set, namespace: infra}`:                                                        true,
		`{kind: Gateway, name: set, namespace: infra}`:                                         true,
		`{kind: ListenerSet, name: set, namespace: infra, sectionName: http}`:                  true,
		`{kind: ListenerSet, name: set, namespace: infra, port: 80}`:                           true,
		`{kind: ListenerSet, group: example.com, name: set, namespace: infra}`:                 true,
		`{kind: ListenerSet, group: gateway.networking.k8s.io, name: other, namespace: infra}`: true,
	} {
		served := ""
		if want {
			served = "web"
		}
		l := newLive(t, "resources HTTPRoute", edge("", setsFromAll), aSet("infra/set", fromAll("http", "")), anObject("HTTPRoute", "shop/web",
			"spec: {hostnames: [web.example.com], parentRefs: ["+toSet+"]}",
			`status: {parents: [{controllerName: example.com/c, parentRef: `+entry+`, conditions: [{type: Accepted, status: "False"}]}]}`))
		l.only("web", served)
		if t.Failed() {
			t.Fatal(entry)
		}
	}
}

// G1, G6: a ListenerSet's routes answer with the addresses of its Gateway, once for however many ways lead there.
func TestListenerSetAddresses(t *testing.T) {
	l := newLive(t, everyRoute, edge(fromAll("http", ""), setsFromAll), aSet("infra/set", fromAll("http", "*.example.com")), aSet("shop/set", fromAll("http", "web.example.com")),
		aRouteTo("HTTPRoute", "shop/web", toGateway+", "+toSet+", {kind: ListenerSet, name: set}", "web.example.com"),
		aRouteTo("GRPCRoute", "shop/web", toSet, "web.example.com", "grpc.example.com"))
	l.ask(a("web.example.com.", "192.0.2.1"), a("grpc.example.com.", "192.0.2.1"))
}
