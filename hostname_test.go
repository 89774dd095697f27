package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// N1: a name is served in its canonical form, however an object writes it.
func TestCanonicalNames(t *testing.T) {
	label := strings.Repeat("x", 63)
	f := newFixture(t, "resources Ingress Service DNSEndpoint",
		anIngress("UPPER.Example.COM", "192.0.2.1"),
		anIngress("dot.example.com.", "192.0.2.2"),
		aService("idn", "bücher.example.com", "192.0.2.3"),
		aService("alabel", "xn--fuball-cta.example.com", "192.0.2.4"),
		anEndpoint("_sip._tcp.example.com", "TXT", "underscores"),
		anIngress(label+".example.com", "192.0.2.5"),
		anIngress("0-9.example.com", "192.0.2.6"),
	)
	f.ask(
		a("upper.example.com.", "192.0.2.1"),
		a("dot.example.com.", "192.0.2.2"),
		a("xn--bcher-kva.example.com.", "192.0.2.3"),
		a("xn--fuball-cta.example.com.", "192.0.2.4"),
		txt("_sip._tcp.example.com.", "underscores"),
		a(label+".example.com.", "192.0.2.5"),
		a("0-9.example.com.", "192.0.2.6"),
	)
}

// N1: a wildcard may stand over a name with U-labels.
func TestInternationalWildcard(t *testing.T) {
	f := newFixture(t, "", aService("idn", "*.bücher.example.com", "192.0.2.1"))
	f.ask(a("www.xn--bcher-kva.example.com.", "192.0.2.1"))
}

// N1: a DNSEndpoint may have underscores and U-labels in one name.
func TestInternationalOwner(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", anEndpoint("_sip.bücher.example.com", "TXT", "both"))
	f.ask(txt("_sip.xn--bcher-kva.example.com.", "both"))
}

// N1, N5: what is not a host name is not served, and the other names of the object are.
func TestNotHostNames(t *testing.T) {
	for _, bad := range []string{
		"under_score.example.com",
		"-leading.example.com",
		"trailing-.example.com",
		"a.*.example.com",
		"*a.example.com",
		"a*.example.com",
		"**.example.com",
		"sp ace.example.com",
		strings.Repeat("x", 64) + ".example.com",
		`back\slash.example.com`,
		"empty..label.example.com",
		".example.com",
	} {
		f := newFixture(t, "resources Ingress", fmt.Sprintf(`
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: default}
spec: {rules: [{host: %q}, {host: good.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
`, bad))
		f.ask(a("good.example.com.", "192.0.2.1"))
		if n, want := f.names.Len(), newFixture(t, "", anIngress("good.example.com", "192.0.2.1")).names.Len(); n != want {
			t.Errorf("%q is in the table of names", bad)
		}
	}
}

// N1: a name may have 253 octets, and one that would be longer in a zone is left out.
func TestLongNames(t *testing.T) {
	label := strings.Repeat("x", 57) + "."
	long := strings.Repeat(label, 4) + strings.Repeat("x", 253-4*len(label)-len(".example.com")) // in the zone 253
	f := newFixture(t, "resources Ingress Service",
		anIngress(long+".example.com", "192.0.2.1"),
		anIngress("x"+long+".example.com", "192.0.2.1"),
		aService("web", "relative.x"+long+",short", "192.0.2.2"))
	f.ask(
		a(long+".example.com.", "192.0.2.1"),
		a("short.example.com.", "192.0.2.2"),
	)
	if n, want := f.names.Len(), newFixture(t, "", anIngress(long+".example.com", "192.0.2.1"), aService("web", "short", "192.0.2.2")).names.Len(); n != want {
		t.Errorf("%d names in the table, want %d", n, want)
	}
}

// N2: an IP address is not a name, though the API takes one for a host name.
func TestAddressIsNotAName(t *testing.T) {
	f := newFixture(t, "k8s_gateway . {\nresources Ingress Service HTTPRoute DNSEndpoint\n}",
		aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "1.2.3.4", "web.example.com"),
		anIngress("1.2.3.5", "192.0.2.1"),
		aService("web", "1.2.3.6,2001:db8::1,service.example.com", "192.0.2.1"),
		anEndpoint("1.2.3.7.", "A", "192.0.2.1"),
	)
	f.ask(a("web.example.com.", "192.0.2.1"), a("service.example.com.", "192.0.2.1"))
	for _, name := range []string{"1.2.3.4.", "1.2.3.5.", "1.2.3.6.", "1.2.3.7.", "2001:db8::1."} {
		tc := nxdomain(name, dns.TypeA)
		tc.Ns = soaOf(".")
		f.ask(tc)
	}
}
