package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// W1: the wildcard of an Ingress is for exactly one label.
func TestIngressWildcard(t *testing.T) {
	f := newFixture(t, "", anIngress("*.web.example.com", "192.0.2.1"))
	f.ask(
		a("x.web.example.com.", "192.0.2.1"),
		nodata("x.web.example.com.", dns.TypeTXT),
		nodata("web.example.com.", dns.TypeA),
		nxdomain("x.y.web.example.com.", dns.TypeA),
		nxdomain("x.example.com.", dns.TypeA),
	)
}

// W1: nothing that exists beside or below the name keeps it from matching, but the name itself does.
func TestIngressWildcardBesideNames(t *testing.T) {
	f := newFixture(t, "", anIngress("*.example.com", "192.0.2.1"), anIngress("a.b.example.com", "192.0.2.2"), anIngress("www.example.com", "192.0.2.3"))
	f.ask(
		a("x.example.com.", "192.0.2.1"),
		a("www.example.com.", "192.0.2.3"),
		nodata("b.example.com.", dns.TypeA), // Z7 comes before Z8
		nxdomain("x.b.example.com.", dns.TypeA),
	)
}
