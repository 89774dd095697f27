package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// G3: which kinds of route a listener takes, by its protocol and by allowedRoutes.kinds. Each kind of route
// has a host of its own.
func TestListenerProtocol(t *testing.T) {
	const http, grpc, tls, tcp, udp = "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"
	for _, tc := range []struct {
		protocol string
		kinds    []string // nil for no list
		want     []string
	}{
		{"HTTP", nil, []string{http, grpc}},
		{"HTTPS", nil, []string{http, grpc}},
		{"TLS", nil, []string{tls, tcp}},
		{"TCP", nil, []string{tcp}},
		{"UDP", nil, []string{udp}},

		// The list narrows what suits the protocol, and adds nothing to it.
		{"HTTP", []string{http}, []string{http}},
		{"HTTPS", []string{grpc}, []string{grpc}},
		{"HTTPS", []string{grpc, http}, []string{http, grpc}},
		{"HTTP", []string{tls, udp}, nil},
		{"TLS", []string{tls}, []string{tls}},
		{"TLS", []string{tcp}, []string{tcp}},
		{"TLS", []string{http}, nil},
		{"TCP", []string{tls, tcp}, []string{tcp}},
		{"UDP", []string{tcp}, nil},
		{"HTTP", []string{"InvalidRoute"}, nil},
		{"HTTP", []string{"InvalidRoute", http}, []string{http}},

		// One with a domain is an implementation's own: only the list says what suits it.
		{"example.com/custom", nil, nil},
		{"example.com/custom", []string{http}, []string{http}},
		{"example.com/HTTP", nil, nil},
		{"example.com/custom", []string{tcp, udp, tls}, []string{tls, tcp, udp}},
		{"example.com/custom", []string{"CustomRoute"}, nil},

		// One that is unknown suits none, whatever the list says; names are not folded.
		{"INVALID", nil, nil},
		{"INVALID", []string{http}, nil},
		{"http", nil, nil},
		{"SCTP", nil, nil},
		{"HTTP/2", nil, nil},
	} {
		t.Run(fmt.Sprint(tc.protocol, tc.kinds), func(t *testing.T) {
			listener := "{name: only, port: 443, protocol: " + tc.protocol
			if tc.kinds != nil {
				listener += fmt.Sprintf(", allowedRoutes: {kinds: %s}", objects("kind", tc.kinds))
			}
			for _, parent := range []string{"Gateway", "ListenerSet"} { // the same listener in either
				l := newLive(t, everyRoute)
				if parent == "Gateway" {
					l.apply(edge(listener + "}"))
				} else {
					l.apply(edge("", setsFromSame), aSet("infra/set", listener+"}"))
				}
				var all, served []string
				for _, kind := range routeKinds {
					ref := map[string]string{"Gateway": toGateway, "ListenerSet": toSet}[parent]
					host := strings.ToLower(kind)
					l.apply(aRouteTo(kind, "infra/"+host, ref, host+".example.com"))
					if all = append(all, host); slices.Contains(tc.want, kind) {
						served = append(served, host)
					}
				}
				l.only(strings.Join(all, " "), strings.Join(served, " "))
				if t.Failed() {
					t.Fatal("listener in a " + parent)
				}
			}
		})
	}
}

// G3: a Gateway of mixed listeners gives each kind its own.
func TestListenerProtocolsMixed(t *testing.T) {
	l := newLive(t, everyRoute, edge(`
    {name: http, port: 80, protocol: HTTP, hostname: "*.http.example.com"},
    {name: tls, port: 443, protocol: TLS, hostname: "*.tls.example.com"},
    {name: tcp, port: 5432, protocol: TCP}, {name: bad, port: 1111, protocol: INVALID, hostname: "*.bad.example.com"}`))
	hosts := []string{"x.http.example.com", "x.tls.example.com", "x.bad.example.com", "x.tcp.example.com"}
	all := "x.http x.tls x.bad x.tcp"
	for kind, served := range map[string]string{
		"HTTPRoute": "x.http", "GRPCRoute": "x.http", "TLSRoute": "x.tls", "TCPRoute": all, "UDPRoute": "",
	} {
		l.apply(aRouteTo(kind, "infra/web", toGateway, hosts...))
		l.only(all, served)
		l.remove(aRouteTo(kind, "infra/web", toGateway))
	}
}
