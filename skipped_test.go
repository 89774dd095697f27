package gateway

import (
	"strings"
	"testing"
)

// N5: a bad value is counted once for each version of its object, under the kind that it is from.
func TestSkippedIsCountedOnce(t *testing.T) {
	long := strings.Repeat(strings.Repeat("x", 59)+".", 4) + "example.com" // 251 octets, and no room for a label
	badSelector := edge("{name: bad, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: team, operator: Near}]}}}}")
	badName := namedGateway("coredns.io/hostname: \"bad_host.example.com,edge.example.com\"", "192.0.2.1")
	badAddress := slice("shop/a", "db", "{addresses: [256.0.0.1]}", "{addresses: [192.0.2.1]}")
	for _, tc := range []struct {
		kind, reason string
		objects      []string
	}{
		{"EndpointSlice", "address", []string{resolvedService(), badAddress, badAddress}},
		{"Service", "name", []string{
			anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: \"db.example.com,"+long+"\"}", "spec: {}"),
			slice("shop/a", "db", "{addresses: [192.0.2.1], hostname: db-0}"), slice("shop/b", "db", "{addresses: [192.0.2.2]}"),
		}},
		{"Gateway", "name", []string{badName, badName}},
		{"Gateway", "selector", []string{badSelector, badSelector}},
		{"ListenerSet", "name", []string{edge("", setsFromSame), aSet("infra/set", fromAll("bad", "bad_host.example.com")+", "+fromAll("good", "good.example.com")),
			aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com", "good.example.com")}},
	} {
		before := skippedCount(t, tc.kind, tc.reason)
		newLive(t, "resources Service Gateway HTTPRoute", tc.objects...)
		if n := skippedCount(t, tc.kind, tc.reason) - before; n != 1 {
			t.Errorf("%s: counted %v for reason %q, want 1", tc.kind, n, tc.reason)
		}
	}
}
