package zone_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// Z9, Z10, Z12: a name that an object claims before and after a change is not without it in between, where a
// wildcard would take its place.
func TestSwapOfAttachments(t *testing.T) {
	const first, second = "192.0.2.1", "192.0.2.2"
	listener := "{name: http, port: 80, protocol: HTTP, "
	plain := fixture.AnObject("Service", "shop/db", "annotations: {coredns.io/hostname: web.example.com}", "spec: {type: LoadBalancer, externalIPs: [192.0.2.2]}")
	resolved := strings.Replace(fixture.ResolvedService(), "db.example.com", "web.example.com", 1)
	for _, tc := range []struct {
		name     string
		fixed    []string
		one, two string
	}{
		{"Service and its endpoints", []string{fixture.Slice("shop/a", "db", "{addresses: [192.0.2.1]}")}, plain, resolved},
		{"EndpointSlice", []string{resolved, fixture.Slice("shop/b", "db", "{addresses: [192.0.2.1]}")}, fixture.Slice("shop/a", "db", "{addresses: [192.0.2.1]}"), fixture.Slice("shop/a", "db", "{addresses: [192.0.2.2]}")},
		{"Gateway or ListenerSet", []string{fixture.Edge(fixture.FromAll("http", ""), fixture.SetsFromAll), fixture.ASet("infra/set", fixture.FromAll("http", ""))},
			fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToGateway, "web.example.com"), fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToSet, "web.example.com")},
		{"listener", []string{fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToGateway, "web.example.com")}, fixture.Edge(fixture.FromAll("http", "")), fixture.Edge(fixture.FromAll("other", "*.example.com"))},
		{"selector", []string{fixture.ANamespace("shop", "team: web"), fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToGateway, "web.example.com")}, fixture.Edge(listener + fixture.TeamWeb + "}"), fixture.Edge(fixture.FromAll("http", ""))},
		{"Namespace", []string{fixture.Edge(listener + fixture.TeamWeb + "}"), fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToGateway, "web.example.com")}, fixture.ANamespace("shop", "team: web"), fixture.ANamespace("shop", "team: web, tier: gold")},
		{"listener, from one route to another", []string{fixture.ANamespace("shop", "team: web"), fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToGateway, "web.example.com"), fixture.ARouteTo("HTTPRoute", "infra/web", fixture.ToGateway, "web.example.com")},
			fixture.Edge("{name: http, port: 80, protocol: HTTP}"), fixture.Edge(listener + fixture.TeamWeb + "}")},
		{"TTL", []string{fixture.Edge(fixture.FromAll("http", ""))}, fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToGateway, "web.example.com"),
			fixture.AnObject("HTTPRoute", "shop/web", "annotations: {coredns.io/ttl: \"7\"}", "spec: {hostnames: [web.example.com], parentRefs: ["+fixture.ToGateway+"]}")},
		{"Gateway as a kind", nil, fixture.NamedGateway("coredns.io/hostname: web.example.com", first), fixture.NamedGateway("coredns.io/hostname: \"web.example.com,two.example.com\"", second)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := fixture.NewLive(t, "resources HTTPRoute Service Gateway Ingress", append(tc.fixed, fixture.AnIngress("*.example.com", "192.0.2.99"), tc.two, tc.one)...)
			list := slices.Concat(steps(t, cache.Updated, tc.two), steps(t, cache.Updated, tc.one))
			race(l.Stanza, 300, list, "web.example.com.", dns.TypeA, answered([]string{first}, []string{second}, []string{first, second}))
		})
	}
}
