package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// C3: a CNAME is followed inside our zones, over several kinds and zones, and then outside.
func TestChain(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com example.org {\nresources Ingress Service DNSEndpoint\n}",
		ingressAt("one", "one.example.com", "two.example.org"),
		serviceAt("two", "two.example.org", "three.example.com"),
		endpoints("three", `
  - {dnsName: three.example.com, recordType: CNAME, recordTTL: 300, targets: [four.example.com]}
  - {dnsName: four.example.com, recordType: A, recordTTL: 20, targets: [192.0.2.4]}
  - {dnsName: out.example.com, recordType: CNAME, targets: [lb.example.net]}`),
		ingressAt("far", "far.example.com", "out.example.com"))
	f.outside("lb.example.net. 30 IN CNAME more.example.net.", "more.example.net. 40 IN A 192.0.2.9")
	f.check(
		expect("one.example.com. A",
			"one.example.com. 60 IN CNAME two.example.org.",
			"two.example.org. 60 IN CNAME three.example.com.",
			"three.example.com. 300 IN CNAME four.example.com.",
			"four.example.com. 20 IN A 192.0.2.4"),
		expect("one.example.com. AAAA",
			"one.example.com. 60 IN CNAME two.example.org.",
			"two.example.org. 60 IN CNAME three.example.com.",
			"three.example.com. 300 IN CNAME four.example.com.",
			"soa"),
		expect("one.example.com. CNAME", "one.example.com. 60 IN CNAME two.example.org."),
		expect("far.example.com. A",
			"far.example.com. 60 IN CNAME out.example.com.",
			"out.example.com. 60 IN CNAME lb.example.net.",
			"lb.example.net. 30 IN CNAME more.example.net.",
			"more.example.net. 40 IN A 192.0.2.9"),
	)
}

// A chain is written in its order, so that a stub resolver that reads from the top finds each name.
func TestChainOrder(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", endpoints("web", `
  - {dnsName: z.example.com, recordType: CNAME, targets: [y.example.com]}
  - {dnsName: y.example.com, recordType: CNAME, targets: [x.example.com]}
  - {dnsName: x.example.com, recordType: CNAME, targets: [lb.example.net]}`))
	f.outside("lb.example.net. 30 IN CNAME a.example.net.", "a.example.net. 30 IN A 192.0.2.1")
	m, _ := f.query(expect("z.example.com. A").Msg())
	next := "z.example.com."
	for _, rr := range m.Answer {
		if rr.Header().Name != next {
			t.Fatalf("%s does not follow, in\n%s", rr, m)
		}
		if c, ok := rr.(*dns.CNAME); ok {
			next = c.Target
		}
	}
	if len(m.Answer) != 5 {
		t.Errorf("got\n%s", m)
	}
}

// C3, RFC 6604: the RCODE and the SOA are those of the last name in the chain.
func TestChainEnd(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com example.org {\nresources Ingress DNSEndpoint\n}", endpoints("web", `
  - {dnsName: nowhere.example.com, recordType: CNAME, targets: [missing.example.com]}
  - {dnsName: other.example.com, recordType: CNAME, targets: [missing.example.org]}
  - {dnsName: nothing.example.com, recordType: CNAME, targets: [text.example.com]}
  - {dnsName: text.example.com, recordType: TXT, targets: [text]}
  - {dnsName: ent.example.com, recordType: CNAME, targets: [b.example.com]}
  - {dnsName: a.b.example.com, recordType: TXT, targets: [text]}
  - {dnsName: apex.example.com, recordType: CNAME, targets: [example.org]}
  - {dnsName: pending.example.com, recordType: CNAME, targets: [soon.example.com]}
  - {dnsName: gone.example.com, recordType: CNAME, targets: [gone.example.net]}
  - {dnsName: empty.example.com, recordType: CNAME, targets: [empty.example.net]}`),
		ingressAt("soon", "soon.example.com"))
	f.outside("empty.example.net. 30 IN TXT text")
	org := "ns: example.org. 5 IN SOA dns1.kube-system.example.org. hostmaster.example.org. 1 14400 3600 1209600 5"
	f.check(
		expect("nowhere.example.com. A", "nowhere.example.com. 60 IN CNAME missing.example.com.", "NXDOMAIN", "soa"),
		expect("nowhere.example.com. TXT", "nowhere.example.com. 60 IN CNAME missing.example.com.", "NXDOMAIN", "soa"),
		expect("nowhere.example.com. CNAME", "nowhere.example.com. 60 IN CNAME missing.example.com."),
		expect("other.example.com. A", "other.example.com. 60 IN CNAME missing.example.org.", "NXDOMAIN", org),
		expect("nothing.example.com. A", "nothing.example.com. 60 IN CNAME text.example.com.", "soa"),
		expect("ent.example.com. A", "ent.example.com. 60 IN CNAME b.example.com.", "soa"),
		expect("apex.example.com. A", "apex.example.com. 60 IN CNAME example.org.", org),
		expect("pending.example.com. A", "pending.example.com. 60 IN CNAME soon.example.com.", "NXDOMAIN", "soa"),
		expect("gone.example.com. A", "gone.example.com. 60 IN CNAME gone.example.net.", "NXDOMAIN", "ns: "+netSOA),
		expect("empty.example.com. A", "empty.example.com. 60 IN CNAME empty.example.net.", "ns: "+netSOA),
	)
}

// Z3, C3: an alias that leads to the apex or to a nameserver gets what is there.
func TestChainToApex(t *testing.T) {
	f := newFixture(t, "apex ns1 192.0.2.53 2001:db8::53\nresources DNSEndpoint", endpoints("web", `
  - {dnsName: apex.example.com, recordType: CNAME, targets: [example.com]}
  - {dnsName: ns.example.com, recordType: CNAME, targets: [ns1.example.com]}`))
	soa := "example.com. 60 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"
	f.check(
		expect("ns.example.com. A", "ns.example.com. 60 IN CNAME ns1.example.com.", "ns1.example.com. 60 IN A 192.0.2.53"),
		expect("apex.example.com. SOA", "apex.example.com. 60 IN CNAME example.com.", soa),
	)
}

// C2, W3: an alias at a wildcard is one for every name that the wildcard matches.
func TestWildcardAlias(t *testing.T) {
	f := newFixture(t, "resources Ingress DNSEndpoint", endpoints("web", `
  - {dnsName: "*.apps.example.com", recordType: CNAME, targets: [lb.example.net]}
  - {dnsName: "*.two.example.com", recordType: CNAME, targets: [x.apps.example.com]}`),
		ingressAt("one", "*.one.example.com", "lb.example.net"))
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	f.check(
		expect("x.apps.example.com. A", "x.apps.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"),
		expect("X.y.Apps.example.com. A", "X.y.Apps.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"),
		expect("apps.example.com. A", "soa"),
		expect("x.one.example.com. TXT", "x.one.example.com. 60 IN CNAME lb.example.net.", "ns: "+netSOA),
		expect("x.y.one.example.com. A", "NXDOMAIN", "soa"),
		expect("x.two.example.com. A", "x.two.example.com. 60 IN CNAME x.apps.example.com.",
			"x.apps.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"),
	)
}
