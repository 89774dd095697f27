package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// W7: below the wildcard of an Ingress, a route or a listener, what begins with an underscore does not exist, and so reaches the next plugin, where the
// TXT record of an ACME challenge is.
func TestUnderscoreBelowHostWildcard(t *testing.T) {
	for _, kind := range []struct{ name, manifest string }{
		{"Ingress", anIngress("*.example.com", "192.0.2.1")},
		{"HTTPRoute", aGateway("gw", "192.0.2.1") + "\n---\n" + aRoute("HTTPRoute", "web", "gw", "*.example.com")},
		{"HTTPRoute", aListener("gw", "*.example.com", "192.0.2.1") + "\n---\n" + aRoute("HTTPRoute", "web", "gw")},
		{"HTTPRoute", aGateway("gw", "192.0.2.1") + "\n---\n" + aRoute("HTTPRoute", "web", "gw", "*.com")}, // W5
		{"Ingress", ingressAt("web", "*.example.com", "lb.example.net")},
	} {
		f := newFixture(t, "resources "+kind.name, kind.manifest)
		for _, question := range []string{
			"_acme-challenge.example.com. TXT", "_acme-challenge.example.com. A", "_acme-challenge.app.example.com. TXT", "_acme-challenge.app.example.com. CNAME",
			"x._tcp.example.com. SRV", "_Dmarc.example.com. TXT",
		} {
			f.check(expect(question, "NXDOMAIN", "soa"))
		}
		if got := f.answers("app.example.com. A"); len(got) == 0 {
			t.Errorf("%s: no answer for a host", kind.manifest)
		}
		through := newFixture(t, "resources "+kind.name+"\nfallthrough", kind.manifest).behind()
		through.check(expect("_acme-challenge.example.com. TXT", "NEXT"), expect("_acme-challenge.app.example.com. TXT", "NEXT"))
		if t.Failed() {
			t.Fatal(kind.manifest)
		}
	}
}

// W7: the wildcards of DNSEndpoints and Services are those of RFC 4592, where a label is a label.
func TestUnderscoreBelowDNSWildcard(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint Service Ingress",
		anEndpoint("*.example.com", "TXT", "text"), anIngress("*.example.com", "192.0.2.1"), serviceAt("web", "*.svc.example.com", "192.0.2.2"))
	f.ask(
		txt("_acme-challenge.example.com.", "text"),
		nodata("_acme-challenge.example.com.", dns.TypeA), // the Ingress does not cover it
		txt("host.example.com.", "text"),
		a("host.example.com.", "192.0.2.1"),
		a("_x.svc.example.com.", "192.0.2.2"),
	)
}

// W7: an exact name with an underscore answers beside the wildcard.
func TestUnderscoreExact(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint Ingress",
		anIngress("*.example.com", "192.0.2.1"), anEndpoint("_acme-challenge.app.example.com", "TXT", "token"))
	f.ask(txt("_acme-challenge.app.example.com.", "token"), nodata("app.example.com.", dns.TypeA)) // Z7
}

// W7: a wildcard above a zone whose own name begins with an underscore does not reach into the zone.
func TestUnderscoreInZone(t *testing.T) {
	f := newFixture(t, "k8s_gateway _x.example.com {\nresources HTTPRoute\n}", aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "*.example.com"))
	if got := f.answers("web._x.example.com. A"); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

// W7: the reason for the answer names the wildcard.
func TestUnderscoreExplained(t *testing.T) {
	f := newFixture(t, "explain", anIngress("*.example.com", "192.0.2.1"))
	f.explained("_acme-challenge.example.com. TXT", dns.ExtendedErrorCodeOther,
		"the wildcard *.example.com covers host names only, and no label of these begins with an underscore")
}
