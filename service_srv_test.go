package gateway

import (
	"slices"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

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

// S4, RFC 2782: the target of an SRV record is no alias. That of a Service known by one hostname is the hostname, with its addresses where it is in
// the zone.
func TestServiceSRVAlias(t *testing.T) {
	f := newFixture(t, "resources Service DNSEndpoint", serviceAt("web", "web.example.com", "lb.example.net"), serviceAt("in", "in.example.com", "a.example.com"),
		endpoints("lb", `
  - {dnsName: a.example.com, recordType: CNAME, targets: [b.example.com]}
  - {dnsName: b.example.com, recordType: A, targets: [192.0.2.2]}
  - {dnsName: _http._tcp.web.example.com, recordType: SRV, targets: [0 100 80 lb.example.net, 1 100 8080 web.example.com]}`))
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	f.check(
		expect("_http._tcp.web.example.com. SRV", "_http._tcp.web.example.com. 60 IN SRV 0 100 80 lb.example.net.",
			"_http._tcp.web.example.com. 60 IN SRV 1 100 8080 lb.example.net."),
		expect("_http._tcp.web.example.com. ANY", "_http._tcp.web.example.com. 60 IN SRV 0 100 80 lb.example.net.",
			"_http._tcp.web.example.com. 60 IN SRV 1 100 8080 lb.example.net."),
		expect("_HTTP._tcp.in.example.com. SRV", "_HTTP._tcp.in.example.com. 60 IN SRV 0 100 80 b.example.com.", "add: b.example.com. 60 IN A 192.0.2.2"),
		expect("web.example.com. A", webCNAME, "lb.example.net. 30 IN A 192.0.2.9"),
		expect("_tcp.web.example.com. A", "soa"),
	)
	// A secondary gets the same.
	for _, record := range []string{"_http._tcp.web.example.com. 60 IN SRV 0 100 80 lb.example.net.", "_http._tcp.in.example.com. 60 IN SRV 0 100 80 b.example.com."} {
		if !slices.Contains(zoneText(f.zone("example.com.")), mustRR(record).String()) {
			t.Errorf("%s is not transferred", record)
		}
	}
}

// S4: the status page shows the target that is answered.
func TestServiceSRVOnStatusPage(t *testing.T) {
	f := newFixture(t, "resources Service\nstatus :0", serviceAt("web", "web.example.com", "lb.example.net"))
	var got []string
	for _, r := range statuspage.Rows((overview{f.Gateway}).State().Claims) {
		if r.Name == "_http._tcp.web.example.com." {
			got = append(got, r.Type+" "+r.Data)
		}
	}
	if !slices.Equal(got, []string{"SRV 0 100 80 lb.example.net."}) {
		t.Errorf("got %v", got)
	}
}

// S4, C2: a name that has the addresses of its hostnames is the target itself, and so is one with addresses from another object or kind, or a nameserver's.
func TestServiceSRVFlattened(t *testing.T) {
	f := newFixture(t, "resources Ingress Service DNSEndpoint", serviceAt("two", "two.example.com", "a.example.net", "b.example.net"),
		serviceAt("c", "one.example.com", "c.example.net"), serviceAt("d", "one.example.com", "d.example.net"), serviceAt("apex", "example.com", "lb.example.net"),
		serviceAt("text", "text.example.com", "lb.example.net"), serviceAt("first", "first.example.com", "lb.example.net"), anIngress("first.example.com", "192.0.2.1"),
		serviceAt("later", "later.example.com", "192.0.2.3"), ingressAt("later", "later.example.com", "lb.example.net"),
		serviceAt("loop", "loop.example.com", "pool.example.com"), ingressAt("loop", "pool.example.com", "loop.example.com"),
		serviceAt("ns", "dns1.kube-system.example.com", "lb.example.net"), endpoints("text", `
  - {dnsName: text.example.com, recordType: TXT, targets: [text]}`))
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	for name, want := range map[string]string{
		"two.example.com.":   "two.example.com.",
		"one.example.com.":   "one.example.com.",
		"example.com.":       "example.com.",
		"text.example.com.":  "text.example.com.",
		"first.example.com.": "first.example.com.",
		"later.example.com.": "lb.example.net.", // Z14: the Ingress has the name
		"loop.example.com.":  "pool.example.com.",

		"dns1.kube-system.example.com.": "dns1.kube-system.example.com.",
	} {
		got := f.answers("_http._tcp." + name + " SRV")
		if line := mustRR("_http._tcp." + name + " 60 IN SRV 0 100 80 " + want).String(); !slices.Equal(got, []string{line}) {
			t.Errorf("%s: got %v, want %s", name, got, line)
		}
	}
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
