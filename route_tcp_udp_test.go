package gateway

import (
	"fmt"
	"strings"
	"testing"
)

// layer4 is a listener for the kind, and a route of it in namespace shop with a hostname annotation.
func layer4(kind, hostnames string) (listener, route string) {
	protocol := strings.TrimSuffix(kind, "Route")
	return "{name: any, port: 5432, protocol: " + protocol + ", allowedRoutes: {namespaces: {from: All}}}",
		anObject(kind, "shop/db", fmt.Sprintf("annotations: {coredns.io/hostname: %q}", hostnames), "spec: {parentRefs: ["+toGateway+"]}")
}

// L2, G6: TCPRoutes and UDPRoutes have the names of their hostname annotation.
func TestRouteWithoutHosts(t *testing.T) {
	for _, kind := range []string{"TCPRoute", "UDPRoute"} {
		for hostnames, served := range map[string]string{
			"db.example.com":                      "db",
			"db.example.com,*.wild.example.com":   "db x.wild",
			" DB.example.com. , ,two.example.com": "db two",
			"bad_host.example.com,db.example.com": "db",
			"":                                    "",
			"bad_host.example.com":                "",
			"db":                                  "", // relative names are a Service's
			"db.example.net":                      "",
			"192.0.2.1,two.example.com":           "two",
		} {
			listener, route := layer4(kind, hostnames)
			l := newLive(t, "resources "+kind, edge(listener), route)
			l.only("db two x.wild", served)
			if t.Failed() {
				t.Fatalf("%s with %q", kind, hostnames)
			}
		}
	}
}

// G5: without the annotation they have no names, whatever the listener says.
func TestRouteWithoutHostsDoesNotInherit(t *testing.T) {
	l := newLive(t, everyRoute, edge(`{name: tls, port: 443, protocol: TLS, hostname: db.example.com}`),
		anObject("TCPRoute", "infra/db", "spec: {parentRefs: ["+toGateway+"]}"))
	l.only("db", "")
	l.apply(anObject("TCPRoute", "infra/db", "annotations: {coredns.io/hostname: \"db.example.com,other.example.com\"}", "spec: {parentRefs: ["+toGateway+"]}"))
	l.only("db other", "db")
}

// G2, G3: they are attached as the others are.
func TestRouteWithoutHostsAttached(t *testing.T) {
	for _, kind := range []string{"TCPRoute", "UDPRoute"} {
		listener, route := layer4(kind, "db.example.com")
		for _, tc := range []struct {
			what, gateway, route string
			want                 bool
		}{
			{"as is", edge(listener), route, true},
			{"Same", edge(strings.Replace(listener, "All", "Same", 1)), route, false},
			{"section", edge(listener), strings.Replace(route, "{name: gw,", "{sectionName: any, name: gw,", 1), true},
			{"other section", edge(listener), strings.Replace(route, "{name: gw,", "{sectionName: other, name: gw,", 1), false},
			{"port", edge(listener), strings.Replace(route, "{name: gw,", "{port: 5432, name: gw,", 1), true},
			{"other port", edge(listener), strings.Replace(route, "{name: gw,", "{port: 5433, name: gw,", 1), false},
			{"refused", edge(listener), route + `status: {parents: [{controllerName: example.com/c, parentRef: ` + toGateway + `, conditions: [{type: Accepted, status: "False"}]}]}`, false},
			{"ignored", edge(listener), strings.Replace(route, "metadata: {", `metadata: {labels: {k8s-gateway.dns/ignore: "true"}, `, 1), false},
			{"HTTP", edge(fromAll("http", "")), route, false},
			{"ListenerSet", edge("", setsFromAll) + "---\n" + aSet("infra/set", listener), strings.Replace(route, toGateway, toSet, 1), true},
		} {
			served := ""
			if tc.want {
				served = "db"
			}
			l := newLive(t, "resources "+kind, tc.gateway, tc.route)
			l.only("db", served)
			if t.Failed() {
				t.Fatalf("%s: %s", kind, tc.what)
			}
		}
	}
}

// L2: the annotation comes and goes.
func TestRouteWithoutHostsChanges(t *testing.T) {
	listener, route := layer4("UDPRoute", "db.example.com")
	_, other := layer4("UDPRoute", "other.example.com")
	l := newLive(t, "resources UDPRoute", edge(listener))
	for range 2 {
		l.apply(route)
		l.only("db other", "db")
		l.apply(other)
		l.only("db other", "other")
		l.apply(anObject("UDPRoute", "shop/db", "spec: {parentRefs: ["+toGateway+"]}"))
		l.only("db other", "")
	}
}
