package gateway

import (
	"strings"
	"testing"
)

// C1: addresses beat hostnames inside one kind, in one object and between objects.
func TestAddressesBeatHostnames(t *testing.T) {
	for _, kind := range []struct {
		name      string
		manifests []string
	}{
		{"Ingress", []string{ingressAt("web", "web.example.com", "lb.example.net", "192.0.2.1")}},
		{"Ingress", []string{ingressAt("a", "web.example.com", "lb.example.net"), ingressAt("b", "web.example.com", "192.0.2.1")}},
		{"Ingress", []string{ingressAt("a", "web.example.com", "192.0.2.1"), ingressAt("b", "web.example.com", "lb.example.net")}},
		{"Service", []string{serviceAt("web", "web.example.com", "lb.example.net", "192.0.2.1")}},
		{"Service", []string{serviceAt("a", "web.example.com", "lb.example.net"), serviceAt("b", "web.example.com", "192.0.2.1")}},
		{"HTTPRoute", []string{gatewayAt("web", "web.example.com", "lb.example.net", "192.0.2.1")}},
		{"HTTPRoute", []string{gatewayAt("a", "web.example.com", "lb.example.net"), gatewayAt("b", "web.example.com", "192.0.2.1")}},
	} {
		t.Run(kind.name, func(t *testing.T) {
			f := newFixture(t, "resources "+kind.name, kind.manifests...)
			u := f.outside("lb.example.net. 30 IN A 192.0.2.9", "lb.example.net. 30 IN AAAA 2001:db8::9")
			f.check(
				expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"),
				expect("web.example.com. AAAA", "soa"),
				expect("web.example.com. CNAME", "soa"),
				expect("web.example.com. TXT", "soa"),
			)
			if len(u.asked) > 0 {
				t.Errorf("asked %v", u.asked)
			}
		})
	}
}

// Z14: the first kind that has a usable target answers alone, be it an alias or an address.
func TestAliasPriority(t *testing.T) {
	manifest := ingressAt("web", "web.example.com", "lb.example.net") + serviceAt("web", "web.example.com", "192.0.2.1")
	f := newFixture(t, "resources Ingress Service", manifest)
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	f.check(
		expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN A 192.0.2.9"),
		expect("web.example.com. CNAME", webCNAME),
	)
	f.apply(ingressAt("web", "web.example.com")) // pending: the next kind's turn
	f.check(
		expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"),
		expect("web.example.com. CNAME", "soa"),
	)

	f = newFixture(t, "resources Service Ingress", manifest)
	u := f.outside("lb.example.net. 30 IN A 192.0.2.9")
	f.check(
		expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"),
		expect("web.example.com. AAAA", "soa"),
		expect("web.example.com. CNAME", "soa"),
	)
	if len(u.asked) > 0 {
		t.Errorf("asked %v", u.asked)
	}
}

// D3: the CNAME of a DNSEndpoint gives way to an address of another kind, whatever comes first.
func TestEndpointCNAMEGivesWay(t *testing.T) {
	for _, resources := range []string{"DNSEndpoint Ingress", "Ingress DNSEndpoint"} {
		f := newFixture(t, "resources "+resources, ingressAt("web", "web.example.com", "192.0.2.1"), endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, targets: [lb.example.net]}`))
		f.check(
			expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"),
			expect("web.example.com. AAAA", "soa"),
			expect("web.example.com. CNAME", "soa"),
		)
	}
}

// Z15, C1: what is dropped has no say in the TTL of what is served.
func TestTTLBesideDroppedAlias(t *testing.T) {
	for _, ttl := range []string{"3600", "5"} {
		alias := `
  - {dnsName: web.example.com, recordType: CNAME, recordTTL: ` + ttl + `, targets: [lb.example.net]}`
		address := `
  - {dnsName: web.example.com, recordType: A, recordTTL: 300, targets: [192.0.2.1]}`
		for _, manifest := range []string{
			endpoints("web", alias+address),
			endpoints("web", address+alias),
			endpoints("a", alias) + endpoints("b", address),
			endpoints("a", address) + endpoints("b", alias),
		} {
			newFixture(t, "resources DNSEndpoint", manifest).check(
				expect("web.example.com. A", "web.example.com. 300 IN A 192.0.2.1"),
			)
			if t.Failed() {
				t.Fatalf("with\n%s", strings.TrimSpace(manifest))
			}
		}
	}
}
