package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// W1, W2, W3: an escaped dot does not end a label: the name is one label, or is not.
func TestEscapedDot(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute DNSEndpoint",
		anIngress("*.example.com", "192.0.2.1"), anIngress("*.b.example.com", "192.0.2.2"), anIngress("x.y.example.com", "192.0.2.5"),
		aGateway("gw", "192.0.2.3"), aRoute("HTTPRoute", "web", "gw", "*.c.example.com"),
		anEndpoint("*.d.example.com", "A", "192.0.2.4"))
	f.ask(
		a(`a\.b.example.com.`, "192.0.2.1"),
		a(`x\.y.example.com.`, "192.0.2.1"),
		a(`a\.c.example.com.`, "192.0.2.1"),
		a(`a\.d.example.com.`, "192.0.2.1"),
		a(`a\\.b.example.com.`, "192.0.2.2"), // the backslash itself is escaped
		a(`a\.b.c.example.com.`, "192.0.2.3"),
		nxdomain(`a\.b.x.y.example.com.`, dns.TypeA),
		nxdomain(`a.b\.example.example.com.`, dns.TypeA),
	)
}
