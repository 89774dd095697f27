package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

const nameserverService = `
apiVersion: v1
kind: Service
metadata: {name: dns1, namespace: kube-system}
spec: {type: LoadBalancer}
status: {loadBalancer: {ingress: [{ip: 192.0.2.53}, {ip: "2001:db8::53"}]}}
`

// A1, A2, Z4: nameservers with any number of labels answer with the addresses they are given, and NS
// answers bring those along.
func TestNameserverAddresses(t *testing.T) {
	for _, label := range []string{"ns1", "dns1.kube-system", "a.b.c"} {
		f := newFixture(t, "apex "+label+" 192.0.2.53 192.0.2.54 2001:db8::53")
		name := label + ".example.com."
		ns := soaNamed(label)
		f.ask(
			a(name, "192.0.2.53", "192.0.2.54"),
			aaaa(name, "2001:db8::53"),
			test.Case{Qname: name, Qtype: dns.TypeTXT, Ns: ns},
			test.Case{Qname: name, Qtype: dns.TypeMX, Ns: ns},
			test.Case{Qname: "example.com.", Qtype: dns.TypeNS, Answer: []dns.RR{test.NS("example.com. 60 IN NS " + name)}, Extra: []dns.RR{
				test.A(name + " 60 IN A 192.0.2.53"), test.A(name + " 60 IN A 192.0.2.54"), test.AAAA(name + " 60 IN AAAA 2001:db8::53")}},
			test.Case{Qname: "x." + name, Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: ns},
		)
	}
}

// A1, A2: a nameserver of one family is NODATA for the other.
func TestNameserverOneFamily(t *testing.T) {
	f := newFixture(t, "apex dns1.kube-system 2001:db8::53\nsecondary ns2 192.0.2.54")
	f.ask(
		nodata("dns1.kube-system.example.com.", dns.TypeA),
		aaaa("dns1.kube-system.example.com.", "2001:db8::53"),
		a("ns2.example.com.", "192.0.2.54"),
		nodata("ns2.example.com.", dns.TypeAAAA),
	)
}

// A2: both nameservers stand in an NS answer, each with its addresses.
func TestSecondary(t *testing.T) {
	f := newFixture(t, "resources Ingress\nsecondary dns2.kube-system", nameserverService, `
apiVersion: v1
kind: Service
metadata: {name: dns2, namespace: kube-system}
spec: {type: LoadBalancer, externalIPs: [192.0.2.54]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.55}]}}
`)
	f.ask(
		a("dns1.kube-system.example.com.", "192.0.2.53"),
		a("dns2.kube-system.example.com.", "192.0.2.54"),
		test.Case{Qname: "example.com.", Qtype: dns.TypeNS,
			Answer: []dns.RR{test.NS("example.com. 60 IN NS dns1.kube-system.example.com."), test.NS("example.com. 60 IN NS dns2.kube-system.example.com.")},
			Extra: []dns.RR{test.A("dns1.kube-system.example.com. 60 IN A 192.0.2.53"), test.AAAA("dns1.kube-system.example.com. 60 IN AAAA 2001:db8::53"),
				test.A("dns2.kube-system.example.com. 60 IN A 192.0.2.54")}},
	)
}

// A1: a two-label name without addresses has those of the Service it names, and follows it.
func TestNameserverService(t *testing.T) {
	name := "dns1.kube-system.example.com."
	f := newFixture(t, "resources Ingress")
	f.ask(nodata(name, dns.TypeA))
	f.apply(nameserverService)
	f.ask(a(name, "192.0.2.53"), aaaa(name, "2001:db8::53"), nodata(name, dns.TypeTXT))
	f.remove(nameserverService)
	f.ask(nodata(name, dns.TypeA), nodata(name, dns.TypeAAAA))
}

// A1: neither `resources`, nor a filter, nor its own host names keep that Service from being read. As
// an object of its kind it is served under its host names as well.
func TestNameserverServiceAnyway(t *testing.T) {
	annotated := `
apiVersion: v1
kind: Service
metadata: {name: dns1, namespace: kube-system, annotations: {coredns.io/hostname: ns.example.com}}
spec: {type: LoadBalancer}
status: {loadBalancer: {ingress: [{ip: 192.0.2.53}]}}
`
	for stanza, ns := range map[string]test.Case{
		"resources Ingress": nxdomain("ns.example.com.", dns.TypeA),
		"resources Service": a("ns.example.com.", "192.0.2.53"),
		"resources Service\nserviceLabelSelectors app=web": nxdomain("ns.example.com.", dns.TypeA),
	} {
		newFixture(t, stanza, annotated).ask(a("dns1.kube-system.example.com.", "192.0.2.53"), ns)
	}
}

// A1: a name of one or of three labels means no Service, and given addresses leave nothing to ask for.
func TestNameserverWithoutService(t *testing.T) {
	for _, stanza := range []string{"apex ns1", "apex a.b.c", "apex dns1.kube-system 192.0.2.99", "apex ns1\nsecondary dns1.kube-system 192.0.2.99"} {
		f := newFixture(t, "resources Service\n"+stanza)
		for _, i := range f.informers() {
			if i.What != "Service" {
				t.Errorf("%s: watches %s", stanza, i.What)
			}
		}
	}
	f := newFixture(t, "resources Service\napex dns1.kube-system 192.0.2.99", nameserverService)
	f.ask(a("dns1.kube-system.example.com.", "192.0.2.99"))
}

// A1: only that one Service is read.
func TestNameserverOtherService(t *testing.T) {
	f := newFixture(t, "resources Service", `
apiVersion: v1
kind: Service
metadata: {name: dns1, namespace: other}
spec: {type: LoadBalancer}
status: {loadBalancer: {ingress: [{ip: 192.0.2.53}]}}
`)
	f.ask(nodata("dns1.kube-system.example.com.", dns.TypeA), a("dns1.other.example.com.", "192.0.2.53"))
}

// A1, A2: without an address the name exists and is NODATA, and nothing is invented.
func TestNameserverWithoutAddress(t *testing.T) {
	for _, label := range []string{"ns1", "dns1.kube-system", "a.b.c"} {
		f := newFixture(t, "apex "+label+"\nfallthrough", anIngress("*.example.com", "192.0.2.1")).chain()
		name := label + ".example.com."
		ns := soaNamed(label)
		f.ask(
			test.Case{Qname: name, Qtype: dns.TypeA, Ns: ns},
			test.Case{Qname: name, Qtype: dns.TypeAAAA, Ns: ns},
			test.Case{Qname: name, Qtype: dns.TypeTXT, Ns: ns},
			test.Case{Qname: name, Qtype: dns.TypeANY, Ns: ns},
			test.Case{Qname: "example.com.", Qtype: dns.TypeNS, Answer: []dns.RR{test.NS("example.com. 60 IN NS " + name)}},
		)
	}
}

// Z4: the addresses of a nameserver's name are the nameserver's, whatever objects say. Other types come from the objects that bear the name (A2, Z10).
func TestNameserverNameOfObjects(t *testing.T) {
	f := newFixture(t, "apex ns1 192.0.2.53\nresources Ingress DNSEndpoint", anEndpoint("ns1.example.com", "TXT", "text"), anIngress("ns1.example.com", "192.0.2.1", "2001:db8::1"))
	f.ask(
		a("ns1.example.com.", "192.0.2.53"),
		test.Case{Qname: "ns1.example.com.", Qtype: dns.TypeAAAA, Ns: soaNamed("ns1")},
		txt("ns1.example.com.", "text"),
	)
}

// A1: the nameservers have their names in every zone.
func TestNameserverInEveryZone(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com example.org {\nresources Ingress\n}", nameserverService)
	f.ask(
		a("dns1.kube-system.example.com.", "192.0.2.53"),
		a("dns1.kube-system.example.org.", "192.0.2.53"),
		test.Case{Qname: "example.org.", Qtype: dns.TypeNS, Answer: []dns.RR{test.NS("example.org. 60 IN NS dns1.kube-system.example.org.")},
			Extra: []dns.RR{test.A("dns1.kube-system.example.org. 60 IN A 192.0.2.53"), test.AAAA("dns1.kube-system.example.org. 60 IN AAAA 2001:db8::53")}},
	)
}

// A2, N3: also where the name lies in another zone of the same stanza.
func TestNameserverInInnerZone(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com kube-system.example.com {\napex dns1.kube-system 192.0.2.53\n}")
	f.ask(a("dns1.kube-system.example.com.", "192.0.2.53"))
}

// A1, L2: the target annotation of the nameserver's Service counts as on every Service.
func TestNameserverServiceTarget(t *testing.T) {
	f := newFixture(t, "resources Ingress", `
apiVersion: v1
kind: Service
metadata: {name: dns1, namespace: kube-system, annotations: {coredns.io/target: 198.51.100.53}}
spec: {type: LoadBalancer}
status: {loadBalancer: {ingress: [{ip: 10.0.0.1}]}}
`)
	f.ask(a("dns1.kube-system.example.com.", "198.51.100.53"))
}
