package gateway

import (
	"fmt"
	"testing"
)

// G3: allowedRoutes.kinds admits kinds of the Gateway API group. The group has a default for each item.
func TestAllowedKinds(t *testing.T) {
	for kinds, served := range map[string]string{
		`[]`:                                     "http grpc",
		`[{kind: HTTPRoute}]`:                    "http",
		`[{kind: HTTPRoute}, {kind: GRPCRoute}]`: "http grpc",
		`[{group: gateway.networking.k8s.io, kind: HTTPRoute}]`:                   "http",
		`[{group: example.com, kind: HTTPRoute}]`:                                 "",
		`[{group: "", kind: HTTPRoute}]`:                                          "",
		`[{group: example.com, kind: HTTPRoute}, {kind: GRPCRoute}]`:              "grpc",
		`[{group: example.com, kind: GRPCRoute}, {kind: HTTPRoute}]`:              "http",
		`[{group: gateway.networking.x-k8s.io, kind: HTTPRoute}]`:                 "",
		`[{kind: httproute}]`:                                                     "",
		`[{kind: Service}, {kind: TLSRoute}]`:                                     "",
		`[{kind: HTTPRoute}, {kind: HTTPRoute}, {group: other, kind: GRPCRoute}]`: "http",
	} {
		l := newLive(t, everyRoute, edge("{name: http, port: 80, protocol: HTTP, allowedRoutes: {kinds: "+kinds+"}}"),
			aRouteTo("HTTPRoute", "infra/http", toGateway, "http.example.com"), aRouteTo("GRPCRoute", "infra/grpc", toGateway, "grpc.example.com"))
		l.only("http grpc", served)
		if t.Failed() {
			t.Fatal(kinds)
		}
	}
}

// G3: what one listener keeps out another may let in.
func TestAllowedKindsPerListener(t *testing.T) {
	listener := `{name: %s, port: 443, protocol: HTTPS, hostname: "*.%[1]s.example.com", allowedRoutes: {kinds: [{kind: %[2]s}]}}`
	l := newLive(t, everyRoute, edge(fmt.Sprintf(listener, "one", "HTTPRoute")+", "+fmt.Sprintf(listener, "two", "GRPCRoute")),
		aRouteTo("HTTPRoute", "infra/web", toGateway, "http.one.example.com", "http.two.example.com"),
		aRouteTo("GRPCRoute", "infra/web", toGateway, "grpc.one.example.com", "grpc.two.example.com"))
	l.only("http.one http.two grpc.one grpc.two", "http.one grpc.two")
}
