package gateway

import (
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"k8s.io/client-go/tools/cache"
)

// Z9, Z10, Z12: a name that an object claims before and after a change is not without it in between, where a
// wildcard would take its place.
func TestSwapOfAttachments(t *testing.T) {
	const first, second = "192.0.2.1", "192.0.2.2"
	listener := "{name: http, port: 80, protocol: HTTP, "
	plain := anObject("Service", "shop/db", "annotations: {coredns.io/hostname: web.example.com}", "spec: {type: LoadBalancer, externalIPs: [192.0.2.2]}")
	resolved := strings.Replace(resolvedService(), "db.example.com", "web.example.com", 1)
	for _, tc := range []struct {
		name     string
		fixed    []string
		one, two string
	}{
		{"Service and its endpoints", []string{slice("shop/a", "db", "{addresses: [192.0.2.1]}")}, plain, resolved},
		{"EndpointSlice", []string{resolved, slice("shop/b", "db", "{addresses: [192.0.2.1]}")}, slice("shop/a", "db", "{addresses: [192.0.2.1]}"), slice("shop/a", "db", "{addresses: [192.0.2.2]}")},
		{"Gateway or ListenerSet", []string{edge(fromAll("http", ""), setsFromAll), aSet("infra/set", fromAll("http", ""))},
			aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"), aRouteTo("HTTPRoute", "shop/web", toSet, "web.example.com")},
		{"listener", []string{aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com")}, edge(fromAll("http", "")), edge(fromAll("other", "*.example.com"))},
		{"selector", []string{aNamespace("shop", "team: web"), aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com")}, edge(listener + teamWeb + "}"), edge(fromAll("http", ""))},
		{"Namespace", []string{edge(listener + teamWeb + "}"), aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com")}, aNamespace("shop", "team: web"), aNamespace("shop", "team: web, tier: gold")},
		{"listener, from one route to another", []string{aNamespace("shop", "team: web"), aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"), aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com")},
			edge("{name: http, port: 80, protocol: HTTP}"), edge(listener + teamWeb + "}")},
		{"TTL", []string{edge(fromAll("http", ""))}, aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"),
			anObject("HTTPRoute", "shop/web", "annotations: {coredns.io/ttl: \"7\"}", "spec: {hostnames: [web.example.com], parentRefs: ["+toGateway+"]}")},
		{"Gateway as a kind", nil, namedGateway("coredns.io/hostname: web.example.com", first), namedGateway("coredns.io/hostname: \"web.example.com,two.example.com\"", second)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLive(t, "resources HTTPRoute Service Gateway Ingress", append(tc.fixed, anIngress("*.example.com", "192.0.2.99"), tc.two, tc.one)...)
			list := slices.Concat(steps(t, cache.Updated, tc.two), steps(t, cache.Updated, tc.one))
			l.race(300, list, "web.example.com.", dns.TypeA, answered([]string{first}, []string{second}, []string{first, second}))
		})
	}
}
