package gateway

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// L1, Z13: the ignore label excludes an object of any kind: its name does not exist, and a wildcard covers it.
func TestIgnoreLabel(t *testing.T) {
	ready := aGateway("gw", "192.0.2.1")
	for what, m := range map[string]struct{ stanza, name, manifest, rest string }{
		"Ingress":     {"Ingress", "web.example.com.", anIngress("web.example.com", "192.0.2.1"), ""},
		"Service":     {"Service Ingress", "web.default.example.com.", aService("web", "", "192.0.2.1"), ""},
		"HTTPRoute":   {"HTTPRoute Ingress", "web.example.com.", aRoute("HTTPRoute", "web", "gw", "web.example.com"), ready},
		"TLSRoute":    {"TLSRoute Ingress", "web.example.com.", aRoute("TLSRoute", "web", "gw", "web.example.com"), ready},
		"GRPCRoute":   {"GRPCRoute Ingress", "web.example.com.", aRoute("GRPCRoute", "web", "gw", "web.example.com"), ready},
		"DNSEndpoint": {"DNSEndpoint Ingress", "web.example.com.", anEndpoint("web.example.com", "A", "192.0.2.1"), ""},
		"Node":        {"Node Ingress", "web.example.com.", aNode("web", "192.0.2.1"), ""},
		"Gateway":     {"HTTPRoute Ingress", "web.example.com.", ready, aRoute("HTTPRoute", "web", "gw", "web.example.com")},
	} {
		t.Run(what, func(t *testing.T) {
			label := func(value string) string {
				return strings.Replace(m.manifest, "metadata: {", "metadata: {labels: {k8s-gateway.dns/ignore: "+value+"}, ", 1)
			}
			wildcard := "*." + strings.SplitN(strings.TrimSuffix(m.name, "."), ".", 2)[1]
			f := newFixture(t, "resources "+m.stanza, m.rest, label(`"true"`))
			f.ask(nxdomain(m.name, dns.TypeA))
			f.apply(anIngress(wildcard, "192.0.2.99"))
			f.ask(a(m.name, "192.0.2.99"))
			f.apply(label(`"false"`))
			f.ask(a(m.name, "192.0.2.1"))
			f.apply(label(`"true"`))
			f.ask(a(m.name, "192.0.2.99"))
		})
	}
}

// Z13: an object that a filter excludes does not exist: wildcards cover its name, and no name is above it.
func TestFilteredObjects(t *testing.T) {
	f := newFixture(t, "resources Ingress Service HTTPRoute\ningressClasses nginx\ngatewayClasses public\nserviceLabelSelectors app=web", `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: wild, namespace: default}
spec: {ingressClassName: nginx, rules: [{host: "*.example.com"}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.99}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: private, namespace: default}
spec: {gatewayClassName: private, listeners: [{name: http, port: 80, protocol: HTTP}]}
status: {addresses: [{value: 192.0.2.1}]}
`,
		anIngress("ingress.example.com", "192.0.2.1"),
		aService("web", "service.example.com,a.b.example.com", "192.0.2.1"),
		aRoute("HTTPRoute", "web", "private", "route.example.com"),
		aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "good", "gw", "good.example.com"),
	)
	f.ask(
		a("ingress.example.com.", "192.0.2.99"),
		a("service.example.com.", "192.0.2.99"),
		a("b.example.com.", "192.0.2.99"),
		a("route.example.com.", "192.0.2.99"),
		a("good.example.com.", "192.0.2.2"),
		nxdomain("a.b.example.com.", dns.TypeA),
	)
}

// Z13: a route that no Gateway lets in claims nothing, whatever the reason.
func TestRouteNotLetIn(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute", anIngress("*.example.com", "192.0.2.99"),
		aListener("gw", "*.example.net", "192.0.2.1"),
		aRoute("HTTPRoute", "hostname", "gw", "hostname.example.com"),
		aRoute("HTTPRoute", "missing", "none", "missing.example.com"),
		aRoute("HTTPRoute", "wild", "gw", "*.wild.example.com"))
	f.ask(
		a("hostname.example.com.", "192.0.2.99"),
		a("missing.example.com.", "192.0.2.99"),
		a("wild.example.com.", "192.0.2.99"),
		nxdomain("x.wild.example.com.", dns.TypeA),
	)
}
