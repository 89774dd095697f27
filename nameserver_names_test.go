package gateway

import (
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// zoneSOA is the SOA in negative answers of a zone with a nameserver.
func zoneSOA(zone, ns string) string {
	return "ns: " + zone + " 5 IN SOA " + ns + " hostmaster." + zone + " 1 14400 3600 1209600 5"
}

// A1: a name that lies in one of the zones is taken as it stands, with or without a dot at its end, and serves every zone.
func TestNameserverNameInZone(t *testing.T) {
	for _, apex := range []string{"dns.example.com", "dns.example.com.", "DNS.Example.Com"} {
		f := newFixture(t, "k8s_gateway example.com example.org {\nresources Ingress\napex "+apex+" 192.0.2.53 2001:db8::53\n}")
		const v4, v6 = "dns.example.com. 60 IN A 192.0.2.53", "dns.example.com. 60 IN AAAA 2001:db8::53"
		f.check(
			expect("example.com. NS", "example.com. 60 IN NS dns.example.com.", "add: "+v4, "add: "+v6),
			expect("example.org. NS", "example.org. 60 IN NS dns.example.com.", "add: "+v4, "add: "+v6),
			expect("example.org. SOA", "example.org. 60 IN SOA dns.example.com. hostmaster.example.org. 1 14400 3600 1209600 5"),
			expect("dns.example.com. A", v4),
			expect("dns.example.com. AAAA", v6),
			expect("dns.example.com. ANY", v4),
			expect("dns.example.com. TXT", zoneSOA("example.com.", "dns.example.com.")),
			expect("dns.example.com.example.com. A", "NXDOMAIN", zoneSOA("example.com.", "dns.example.com.")),
			expect("dns.example.org. A", "NXDOMAIN", zoneSOA("example.org.", "dns.example.com.")),
		)
		compareZone(t, f.zone("example.com."), []string{"example.com. 60 IN NS dns.example.com.", v4, v6})
		compareZone(t, f.zone("example.org."), []string{"example.org. 60 IN NS dns.example.com."}) // out of the zone
	}
}

// A1: a name inside that has no addresses of its own has those of the object that answers for it, and follows them.
func TestNameserverNameOfAnObject(t *testing.T) {
	f := newFixture(t, "resources Ingress Service\napex dns.example.com\nsecondary ns2.example.com.", ingressAt("two", "ns2.example.com", "192.0.2.54"))
	ns := []string{"example.com. 60 IN NS dns.example.com.", "example.com. 60 IN NS ns2.example.com."}
	f.check(
		expect("dns.example.com. A", zoneSOA("example.com.", "dns.example.com.")),
		expect("example.com. NS", append(ns, "add: ns2.example.com. 60 IN A 192.0.2.54")...),
	)
	f.apply(serviceAt("dns", "dns.example.com", "192.0.2.53", "2001:db8::53"))
	f.check(
		expect("dns.example.com. A", "dns.example.com. 60 IN A 192.0.2.53"),
		expect("example.com. NS", append(ns, "add: dns.example.com. 60 IN A 192.0.2.53", "add: dns.example.com. 60 IN AAAA 2001:db8::53", "add: ns2.example.com. 60 IN A 192.0.2.54")...),
	)
	f.matches("example.com.")
	f.remove(serviceAt("dns", "dns.example.com"))
	f.check(expect("dns.example.com. A", zoneSOA("example.com.", "dns.example.com.")))
}

// A1: the zone itself may be its own nameserver.
func TestNameserverIsTheZone(t *testing.T) {
	f := newFixture(t, "k8s_gateway k8s.example.com {\nresources Ingress DNSEndpoint\napex k8s.example.com 192.0.2.53\n}",
		ingressAt("web", "k8s.example.com", "192.0.2.1"), endpoints("text", "\n  - {dnsName: k8s.example.com, recordType: TXT, targets: [text]}"))
	const address = "k8s.example.com. 60 IN A 192.0.2.53"
	f.check(
		expect("k8s.example.com. NS", "k8s.example.com. 60 IN NS k8s.example.com.", "add: "+address),
		expect("k8s.example.com. SOA", "k8s.example.com. 60 IN SOA k8s.example.com. hostmaster.k8s.example.com. 1 14400 3600 1209600 5"),
		expect("k8s.example.com. A", address),
		expect("k8s.example.com. AAAA", zoneSOA("k8s.example.com.", "k8s.example.com.")),
		expect("k8s.example.com. TXT", "k8s.example.com. 60 IN TXT text"),
		expect("k8s.example.com.k8s.example.com. A", "NXDOMAIN", zoneSOA("k8s.example.com.", "k8s.example.com.")),
	)
	f.matches("k8s.example.com.")
	compareZone(t, f.zone("k8s.example.com."), []string{"k8s.example.com. 60 IN NS k8s.example.com.", address, "k8s.example.com. 60 IN TXT text"})
}

// A1, C2: a zone that is its own nameserver and points elsewhere keeps its addresses.
func TestNameserverIsTheZoneFlattened(t *testing.T) {
	f := newFixture(t, "apex example.com", ingressAt("web", "example.com", "lb.example.net"))
	f.outside("lb.example.net. 300 IN A 192.0.2.9")
	f.check(expect("example.com. A", "example.com. 60 IN A 192.0.2.9"))
	f.matches("example.com.")
}

// A1: nameservers outside the zones are in NS and MNAME only, and `secondary` may stand more than once.
func TestNameserverOutside(t *testing.T) {
	f := newFixture(t, "apex ns1.infra.example. 192.0.2.99\nsecondary ns2 192.0.2.54\nsecondary ns3.infra.example.\nsecondary ns4.xexample.com.")
	ns := []string{"example.com. 60 IN NS ns1.infra.example.", "example.com. 60 IN NS ns2.example.com.", "example.com. 60 IN NS ns3.infra.example.", "example.com. 60 IN NS ns4.xexample.com."}
	f.check(
		expect("example.com. NS", append(ns, "add: ns2.example.com. 60 IN A 192.0.2.54")...),
		expect("example.com. SOA", "example.com. 60 IN SOA ns1.infra.example. hostmaster.example.com. 1 14400 3600 1209600 5"),
		expect("ns1.infra.example.example.com. A", "NXDOMAIN", zoneSOA("example.com.", "ns1.infra.example.")),
	)
	if m, _ := f.behind().query(expect("ns1.infra.example. A").Msg()); m != nil {
		t.Errorf("an answer for a name outside:\n%s", m)
	}
	compareZone(t, f.zone("example.com."), append(ns, "ns2.example.com. 60 IN A 192.0.2.54"))
}

// A1: zone "." does not count for "lies in"; a name with a dot at its end is absolute there too.
func TestNameserverNameInRoot(t *testing.T) {
	f := newFixture(t, "k8s_gateway . example.com {\napex ns1.example 192.0.2.53\nsecondary ns.example.net. 192.0.2.54\n}")
	f.check(
		expect(". NS", ". 60 IN NS ns1.example.", ". 60 IN NS ns.example.net.", "add: ns1.example. 60 IN A 192.0.2.53", "add: ns.example.net. 60 IN A 192.0.2.54"),
		expect("example.com. NS", "example.com. 60 IN NS ns1.example.example.com.", "example.com. 60 IN NS ns.example.net.",
			"add: ns1.example.example.com. 60 IN A 192.0.2.53", "add: ns.example.net. 60 IN A 192.0.2.54"),
	)
	for _, z := range []string{".", "example.com."} {
		f.matches(z)
	}
}

// A2, R8: a nameserver's address is transferred with the zone that it lies in, and with the zones above that need it as glue.
func TestTransferNameserverInInnerZone(t *testing.T) {
	for _, apex := range []string{"dns1.kube-system 192.0.2.53", "dns1.kube-system.example.com. 192.0.2.53", "dns1.kube-system.example.com."} {
		f := newFixture(t, "k8s_gateway example.com kube-system.example.com {\nresources Ingress\napex "+apex+"\n}",
			ingressAt("dns", "dns1.kube-system.example.com", "192.0.2.53"))
		const address = "dns1.kube-system.example.com. 60 IN A 192.0.2.53"
		for _, z := range f.Zones.All {
			f.matches(z.FQDN)
			if got := zoneText(f.zone(z.FQDN)); !slices.Contains(got, mustRR(address).String()) {
				t.Errorf("apex %s: %s has no address of its nameserver:\n%s", apex, z.FQDN, strings.Join(got, "\n"))
			}
		}
	}
}

// Z10, RFC 8482: ANY at a nameserver's name gets an RRset that it has: its addresses, or without any whatever objects say of it.
func TestNameserverAny(t *testing.T) {
	text := endpoints("text", "\n  - {dnsName: dns1.kube-system.example.com, recordType: TXT, targets: [text]}")
	const name = "dns1.kube-system.example.com. "
	for _, other := range []string{
		ingressAt("mine", "dns1.kube-system.example.com", "198.51.100.66"),
		ingressAt("mine", "dns1.kube-system.example.com", "host.example.net"),
		ingressAt("mine", "dns1.kube-system.example.com", "a.example.net", "b.example.net"),
	} {
		f := newFixture(t, "resources Ingress DNSEndpoint", other, text)
		for range 3 {
			f.check(expect(name+"ANY", name+"60 IN TXT text"), expect(name+"TXT", name+"60 IN TXT text"), expect(name+"A", "soa"))
		}
		f.apply(nameserverService)
		f.check(expect(name+"ANY", name+"60 IN A 192.0.2.53"))
		f.matches("example.com.")
	}
	f := unlisted(t, "resources Ingress")
	f.list("Ingress")
	f.check(expect("dns1.kube-system.example.com. A", "SERVFAIL"), expect("example.com. ANY", "example.com. 60 IN SOA dns1.kube-system.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"))
	if m, rcode := f.query(expect(name + "ANY").Msg()); m != nil || rcode != dns.RcodeServerFailure {
		t.Errorf("ANY before the Service is listed: %v %v", m, rcode)
	}
}
