package gateway

import "testing"

// S4: every named port of a Service with an answer has an SRV record (RFC 2782), whose target's addresses come along (D7).
func TestServiceSRV(t *testing.T) {
	f := newFixture(t, "resources Service", serviceAt("web", "web.example.com", "192.0.2.1", "2001:db8::1"), `
apiVersion: v1
kind: Service
metadata: {name: bare, namespace: shop}
spec:
  type: LoadBalancer
  ports: [{port: 80}, {name: game, port: 30000, protocol: SCTP}]
  externalIPs: [192.0.2.2]
`)
	addrs := []string{"add: web.example.com. 60 IN A 192.0.2.1", "add: web.example.com. 60 IN AAAA 2001:db8::1"}
	f.check(
		expect("_http._tcp.web.example.com. SRV", append(addrs, "_http._tcp.web.example.com. 60 IN SRV 0 100 80 web.example.com.")...),
		expect("_dns._udp.web.example.com. SRV", append(addrs, "_dns._udp.web.example.com. 60 IN SRV 0 100 53 web.example.com.")...),
		expect("_quic._tcp.web.example.com. SRV", append(addrs, "_quic._tcp.web.example.com. 60 IN SRV 0 100 443 web.example.com.")...),
		expect("_HTTP._TCP.web.example.com. SRV", append(addrs, "_HTTP._TCP.web.example.com. 60 IN SRV 0 100 80 web.example.com.")...),
		expect("_game._sctp.bare.shop.example.com. SRV", "_game._sctp.bare.shop.example.com. 60 IN SRV 0 100 30000 bare.shop.example.com.",
			"add: bare.shop.example.com. 60 IN A 192.0.2.2"),
		// Z7, Z10: what is in between exists, and what is not named does not.
		expect("_tcp.web.example.com. SRV", "soa"),
		expect("_tcp.web.example.com. A", "soa"),
		expect("_http._tcp.web.example.com. A", "soa"),
		expect("_udp.web.example.com. A", "soa"),
		expect("_http._udp.web.example.com. SRV", "NXDOMAIN", "soa"),
		expect("_tcp.bare.shop.example.com. A", "NXDOMAIN", "soa"),
		expect("web.example.com. SRV", "soa"),
	)
}

// S4: a Service that is pending has no SRV records, and one that leaves takes its own along.
func TestServiceSRVPending(t *testing.T) {
	f := newFixture(t, "resources Service", serviceAt("web", "web.example.com"))
	gone := []string{"_http._tcp.web.example.com. SRV", "_tcp.web.example.com. A", "web.example.com. A"}
	for _, question := range gone {
		f.check(expect(question, "NXDOMAIN", "soa"))
	}
	f.apply(serviceAt("web", "web.example.com", "192.0.2.1"))
	f.check(expect("_http._tcp.web.example.com. SRV", "_http._tcp.web.example.com. 60 IN SRV 0 100 80 web.example.com.",
		"add: web.example.com. 60 IN A 192.0.2.1"))
	f.remove(serviceAt("web", "web.example.com", "192.0.2.1"))
	for _, question := range gone {
		f.check(expect(question, "NXDOMAIN", "soa"))
	}
}

// S4, C2: a Service known by a hostname has SRV records, for names that are aliases.
func TestServiceSRVAlias(t *testing.T) {
	f := newFixture(t, "resources Service", serviceAt("web", "web.example.com", "lb.example.net"))
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	f.check(
		expect("_http._tcp.web.example.com. SRV", "_http._tcp.web.example.com. 60 IN SRV 0 100 80 web.example.com."),
		expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN A 192.0.2.9"),
		expect("_tcp.web.example.com. A", "soa"),
	)
}

// S4: Services with one name are united, each record once, in every zone and under every name.
func TestServiceSRVUnited(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com example.org {\nresources Service DNSEndpoint\n}",
		serviceAt("a", "web.example.com,web", "192.0.2.1"), serviceAt("b", "web.example.com", "192.0.2.2"), endpoints("web", `
  - {dnsName: _http._tcp.web.example.com, recordType: SRV, targets: [0 100 80 web.example.com, 1 100 8080 web.example.com]}`))
	f.check(
		expect("_http._tcp.web.example.com. SRV",
			"_http._tcp.web.example.com. 60 IN SRV 0 100 80 web.example.com.",
			"_http._tcp.web.example.com. 60 IN SRV 1 100 8080 web.example.com.",
			"add: web.example.com. 60 IN A 192.0.2.1", "add: web.example.com. 60 IN A 192.0.2.2"),
		expect("_http._tcp.web.example.org. SRV",
			"_http._tcp.web.example.org. 60 IN SRV 0 100 80 web.example.org.", "add: web.example.org. 60 IN A 192.0.2.1"),
	)
}

// S4, N5: names that would be too long, and wildcards, have no SRV records, and cost nothing else.
func TestServiceSRVImpossible(t *testing.T) {
	label := "a123456789b123456789c123456789d123456789e123456789"
	long := label + "." + label + "." + label + "." + label + ".x123456789.y123456789.z12345789.example.com"
	f := newFixture(t, "resources Service", serviceAt("long", long, "192.0.2.1"), serviceAt("wild", "*.wild.example.com", "192.0.2.2"))
	f.check(
		expect(long+". A", long+". 60 IN A 192.0.2.1"),
		expect("_http._tcp.x.wild.example.com. SRV", "soa"),
		expect("_tcp.wild.example.com. A", "_tcp.wild.example.com. 60 IN A 192.0.2.2"),
		expect("wild.example.com. A", "soa"),
	)
}
