package gateway

import (
	"slices"
	"testing"

	"github.com/miekg/dns"
)

const apexSOAText = "example.com. 60 IN SOA dns1.kube-system.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"

// C2: several hostnames are flattened to the addresses behind them, each once, with the least TTL.
func TestSeveralHostnames(t *testing.T) {
	for _, kind := range []struct{ name, manifest string }{
		{"Ingress", ingressAt("web", "web.example.com", "b.example.net", "a.example.net", "b.example.net.")},
		{"Ingress", ingressAt("a", "web.example.com", "a.example.net") + ingressAt("b", "web.example.com", "b.example.net")},
		{"Service", serviceAt("web", "web.example.com", "a.example.net", "b.example.net")},
		{"HTTPRoute", gatewayAt("web", "web.example.com", "a.example.net", "b.example.net")},
	} {
		t.Run(kind.name, func(t *testing.T) {
			f := newFixture(t, "resources "+kind.name, kind.manifest)
			f.outside("a.example.net. 40 IN A 192.0.2.8", "a.example.net. 40 IN A 192.0.2.9",
				"b.example.net. 30 IN CNAME c.example.net.", "c.example.net. 90 IN A 192.0.2.9", "c.example.net. 90 IN AAAA 2001:db8::9",
				"a.example.net. 40 IN TXT text")
			f.check(
				expect("web.example.com. A", "web.example.com. 30 IN A 192.0.2.8", "web.example.com. 30 IN A 192.0.2.9"),
				expect("web.example.com. AAAA", "web.example.com. 30 IN AAAA 2001:db8::9"),
				expect("WEB.example.com. A", "WEB.example.com. 30 IN A 192.0.2.8", "WEB.example.com. 30 IN A 192.0.2.9"),
				expect("web.example.com. CNAME", "soa"),
				expect("web.example.com. TXT", "soa"),
				expect("web.example.com. MX", "soa"),
			)
		})
	}
}

// C2, N6: an IPv4 address that is mapped into an AAAA record is none that a host has, and is not handed on.
func TestMappedAddressOutside(t *testing.T) {
	f := newFixture(t, "resources Ingress", ingressAt("web", "example.com", "lb.example.net"))
	f.outside("lb.example.net. 30 IN AAAA ::ffff:192.0.2.9", "lb.example.net. 30 IN AAAA 2001:db8::9")
	f.check(expect("example.com. AAAA", "example.com. 30 IN AAAA 2001:db8::9"))
}

// C2: the apex cannot be a CNAME, so its hostname is flattened. Z3: its SOA and NS stay.
func TestApexAlias(t *testing.T) {
	for _, kind := range []struct{ name, manifest string }{
		{"Ingress", ingressAt("web", "example.com", "lb.example.net")},
		{"Service", serviceAt("web", "example.com", "lb.example.net")},
		{"HTTPRoute", gatewayAt("web", "example.com", "lb.example.net")},
		{"DNSEndpoint", endpoints("web", `
  - {dnsName: example.com, recordType: CNAME, targets: [lb.example.net]}`)},
	} {
		t.Run(kind.name, func(t *testing.T) {
			f := newFixture(t, "resources "+kind.name, kind.manifest)
			u := f.outside("lb.example.net. 30 IN A 192.0.2.9")
			f.check(
				expect("example.com. A", "example.com. 30 IN A 192.0.2.9"),
				expect("example.com. AAAA", "soa"),
				expect("example.com. CNAME", "soa"),
				expect("example.com. TXT", "soa"),
				expect("example.com. SOA", apexSOAText),
				expect("example.com. NS", "example.com. 60 IN NS dns1.kube-system.example.com."),
			)
			u.set()
			f.check(expect("example.com. MX", "soa"))
		})
	}
}

// C2, D3: a hostname beside a TXT or MX record of a DNSEndpoint cannot be a CNAME either.
func TestHostnameBesideOtherData(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint", ingressAt("web", "web.example.com", "lb.example.net"), endpoints("web", `
  - {dnsName: web.example.com, recordType: MX, targets: [10 mail.example.net]}`))
	f.outside("lb.example.net. 30 IN A 192.0.2.9", "lb.example.net. 30 IN TXT text")
	f.check(
		expect("web.example.com. A", "web.example.com. 30 IN A 192.0.2.9"),
		expect("web.example.com. AAAA", "soa"),
		expect("web.example.com. MX", "web.example.com. 60 IN MX 10 mail.example.net."),
		expect("web.example.com. CNAME", "soa"),
		expect("web.example.com. TXT", "soa"),
	)
}

// C2: hostnames in our zones are flattened from our own data, in as many steps as it takes.
func TestFlattenInsideZone(t *testing.T) {
	f := newFixture(t, "resources Ingress",
		ingressAt("web", "web.example.com", "one.example.com", "two.example.com"),
		ingressAt("one", "one.example.com", "192.0.2.1"),
		ingressAt("two", "two.example.com", "three.example.com"),
		ingressAt("three", "three.example.com", "192.0.2.3", "2001:db8::3"))
	f.outside()
	f.check(
		expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1", "web.example.com. 60 IN A 192.0.2.3"),
		expect("web.example.com. AAAA", "web.example.com. 60 IN AAAA 2001:db8::3"),
	)
}

// C4: a hostname that does not exist adds nothing; where none does, the name has no addresses, but exists.
func TestFlattenNegative(t *testing.T) {
	f := newFixture(t, "resources Ingress", ingressAt("web", "web.example.com", "a.example.net", "b.example.net"))
	f.outside("a.example.net. 30 IN A 192.0.2.9")
	f.check(expect("web.example.com. A", "web.example.com. 30 IN A 192.0.2.9"))

	f = newFixture(t, "resources Ingress", ingressAt("web", "web.example.com", "a.example.net", "b.example.net"))
	f.outside()
	f.check(expect("web.example.com. A", "soa"), expect("web.example.com. AAAA", "soa"))

	f = newFixture(t, "resources Ingress", ingressAt("web", "web.example.com", "a.example.net", "b.example.net"))
	f.outside().fail(true)
	f.check(expect("web.example.com. A", "SERVFAIL"), expect("web.example.com. TXT", "soa"))
}

// Z10, RFC 8482: ANY for a flattened name gets one RRset, even where one target has only IPv4 addresses
// and the other only IPv6 addresses.
func TestFlattenAny(t *testing.T) {
	for _, hosts := range [][]string{
		{"four.example.com", "six.example.com"},
		{"six.example.com", "four.example.com"},
		{"four.example.net", "six.example.net"},
	} {
		f := newFixture(t, "resources Ingress", ingressAt("web", "web.example.com", hosts...),
			ingressAt("four", "four.example.com", "192.0.2.4"), ingressAt("six", "six.example.com", "2001:db8::6"))
		f.outside("four.example.net. 60 IN A 192.0.2.4", "six.example.net. 60 IN AAAA 2001:db8::6")
		m, _ := f.query(expect("web.example.com. ANY").Msg())
		if m == nil {
			continue
		}
		got := zoneText(m.Answer)
		if !slices.Equal(got, zoneText([]dns.RR{mustRR("web.example.com. 60 IN A 192.0.2.4")})) &&
			!slices.Equal(got, zoneText([]dns.RR{mustRR("web.example.com. 60 IN AAAA 2001:db8::6")})) {
			t.Errorf("%v: got %v", hosts, got)
		}
	}
}
