package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// W6: a question for the wildcard itself is an exact match on it.
func TestLiteralWildcard(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint HTTPRoute Service", anIngress("*.ingress.example.com", "192.0.2.1"),
		anEndpoint("*.endpoint.example.com", "TXT", "text"),
		aService("web", "*.service.example.com", "192.0.2.4"),
		aGateway("gw", "192.0.2.3"), aRoute("HTTPRoute", "web", "gw", "*.route.example.com"))
	f.ask(
		a("*.ingress.example.com.", "192.0.2.1"),
		nodata("*.ingress.example.com.", dns.TypeTXT),
		txt("*.endpoint.example.com.", "text"),
		a("*.route.example.com.", "192.0.2.3"),
		a("*.service.example.com.", "192.0.2.4"),
		nxdomain("*.example.com.", dns.TypeA),
	)
}
