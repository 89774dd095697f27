package gateway

import (
	"strings"
	"testing"
)

// conformanceCase is a Gateway and a route of some kind, and whether the suite has them attached.
type conformanceCase struct {
	what, gateway, kind, route string
	want                       bool
}

// G1–G3: the situations of the Gateway API conformance suite about sections, ports, kinds and namespaces.
func TestConformanceAttachment(t *testing.T) {
	tls := `{name: tls, port: 443, protocol: TLS, tls: {mode: Passthrough}, allowedRoutes: {namespaces: {from: Same}, kinds: [{kind: TLSRoute}]}}`
	mixed := `{name: http-only, port: 5300, protocol: HTTP, allowedRoutes: {kinds: [{kind: HTTPRoute}]}}`
	three := func(protocol string) string {
		var list []string
		for _, l := range []string{"one, port: 9300", "two, port: 9301", "three, port: 9302"} {
			list = append(list, "{name: "+l+", protocol: "+protocol+", allowedRoutes: {kinds: [{kind: "+protocol+"Route}]}}")
		}
		return edge(strings.Join(list, ", "))
	}
	same := edge("{name: http, port: 80, protocol: HTTP}")
	backend := edge("{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {conformance: backend}}}}}")
	for _, tc := range []conformanceCase{
		{"same namespace", same, "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com"), true},
		{"cross namespace", same, "HTTPRoute", aRouteTo("HTTPRoute", "web/web", toGateway, "web.example.com"), false},
		{"selected namespace", backend, "HTTPRoute", aRouteTo("HTTPRoute", "web/web", toGateway, "web.example.com"), true},
		{"not selected", backend, "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com"), false},
		{"disallowed kind", edge(tls), "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com"), false},
		{"port that no listener has", same, "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", "{name: gw, port: 81}", "web.example.com"), false},
		{"section that no listener has", same, "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", "{name: gw, sectionName: http1, port: 80}", "web.example.com"), false},
		{"section with another port", same, "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", "{name: gw, sectionName: http, port: 81}", "web.example.com"), false},
		{"unknown kind of route", edge("{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}, kinds: [{kind: InvalidRoute}]}}"), "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com"), false},
		{"known and unknown kind", edge("{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}, kinds: [{kind: InvalidRoute}, {kind: HTTPRoute}]}}"), "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com"), true},
		{"unsupported protocol", edge("{name: invalid, port: 1111, protocol: INVALID}"), "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com"), false},
		{"supported and unsupported", edge("{name: http, port: 80, protocol: HTTP}, {name: invalid, port: 1111, protocol: INVALID}"), "HTTPRoute", aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com"), true},
		{"TCPRoute, HTTP listener", edge(mixed), "TCPRoute", aRouteTo("TCPRoute", "infra/web", "{name: gw, sectionName: http-only}", "web.example.com"), false},
		{"TCPRoute by port", three("TCP"), "TCPRoute", aRouteTo("TCPRoute", "infra/web", "{name: gw, port: 9300}", "web.example.com"), true},
		{"TCPRoute by section", three("TCP"), "TCPRoute", aRouteTo("TCPRoute", "infra/web", "{name: gw, sectionName: two}", "web.example.com"), true},
		{"TCPRoute by both", three("TCP"), "TCPRoute", aRouteTo("TCPRoute", "infra/web", "{name: gw, sectionName: three, port: 9302}", "web.example.com"), true},
		{"TCPRoute by neither", three("TCP"), "TCPRoute", aRouteTo("TCPRoute", "infra/web", "{name: gw, sectionName: three, port: 9300}", "web.example.com"), false},
		{"TCPRoute to all", three("TCP"), "TCPRoute", aRouteTo("TCPRoute", "infra/web", toGateway, "web.example.com"), true},
		{"UDPRoute, TLS listener", edge(tls), "UDPRoute", aRouteTo("UDPRoute", "infra/web", "{name: gw, sectionName: tls}", "web.example.com"), false},
		{"UDPRoute to all", three("UDP"), "UDPRoute", aRouteTo("UDPRoute", "infra/web", toGateway, "web.example.com"), true},
		{"UDPRoute by port", three("UDP"), "UDPRoute", aRouteTo("UDPRoute", "infra/web", "{name: gw, port: 9301}", "web.example.com"), true},
		{"UDPRoute, TCP listeners", three("TCP"), "UDPRoute", aRouteTo("UDPRoute", "infra/web", toGateway, "web.example.com"), false},
		{"TLSRoute, HTTP listener", same, "TLSRoute", aRouteTo("TLSRoute", "infra/web", toGateway, "web.example.com"), false},
		{"TLSRoute, HTTPS listener", edge("{name: https, port: 443, protocol: HTTPS, tls: {mode: Terminate}}"), "TLSRoute", aRouteTo("TLSRoute", "infra/web", toGateway, "web.example.com"), false},
		{"TLSRoute, no such section", edge(tls), "TLSRoute", aRouteTo("TLSRoute", "infra/web", "{name: gw, sectionName: absent}", "web.example.com"), false},
		{"TLSRoute", edge(tls), "TLSRoute", aRouteTo("TLSRoute", "infra/web", toGateway, "web.example.com"), true},
	} {
		served := ""
		if tc.want {
			served = "web"
		}
		l := newLive(t, "resources "+tc.kind, tc.gateway, tc.route, aNamespace("infra", "conformance: infra"), aNamespace("web", "conformance: backend"))
		l.only("web", served)
		if t.Failed() {
			t.Fatal(tc.what)
		}
	}
}

// G3: routes without hosts that pick listeners by port, of which some share a host.
func TestConformanceListenerPorts(t *testing.T) {
	gateway := edge(`
    {name: one, port: 80, protocol: HTTP, hostname: foo.example.com}, {name: two, port: 8080, protocol: HTTP, hostname: foo.example.com},
    {name: three, port: 8080, protocol: HTTP, hostname: bar.example.com}, {name: four, port: 8090, protocol: HTTP, hostname: foo.example.com},
    {name: five, port: 8090, protocol: HTTP, hostname: bar.example.com}`)
	for ref, served := range map[string]string{
		"{name: gw, port: 80}":                      "foo",
		"{name: gw, port: 8080}":                    "foo bar",
		"{name: gw, port: 8090, sectionName: four}": "foo",
		"{name: gw, port: 8090, sectionName: five}": "bar",
		"{name: gw, port: 8090, sectionName: one}":  "",
	} {
		l := newLive(t, "resources HTTPRoute", gateway, aRouteTo("HTTPRoute", "infra/web", ref))
		l.only("foo bar", served)
	}
}

// G5: a Gateway gains and loses listeners.
func TestConformanceModifyListeners(t *testing.T) {
	https := `{name: https, port: 443, protocol: HTTPS, hostname: secure.example.com, tls: {mode: Terminate}, allowedRoutes: {namespaces: {from: All}}}`
	l := newLive(t, "resources HTTPRoute", edge(https), aRouteTo("HTTPRoute", "infra/web", toGateway, "secure.example.com", "plain.example.com"))
	l.only("secure plain", "secure")
	l.apply(edge(https + ", " + fromAll("http", "")))
	l.only("secure plain", "secure plain")
	l.apply(edge(https))
	l.only("secure plain", "secure")
}

// G1: one route at several Gateways has the addresses of all that take it.
func TestConformanceMultipleGateways(t *testing.T) {
	other := anObject("Gateway", "infra/other", "spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP, hostname: \"*.other.example.com\"}]}", "status: {addresses: [{value: 192.0.2.2}]}")
	l := newLive(t, "resources HTTPRoute", edge("{name: http, port: 80, protocol: HTTP}"), other, aRouteTo("HTTPRoute", "infra/web", "{name: gw}, {name: other}", "web.other.example.com", "web.example.com"))
	l.ask(a("web.other.example.com.", "192.0.2.1", "192.0.2.2"), a("web.example.com.", "192.0.2.1"))
}
