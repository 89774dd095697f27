package gateway

import (
	"testing"

	"github.com/coredns/coredns/plugin/test"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

const twoClusters = "kubeconfig /one\nkubeconfig /two\n"

// The clusters of a stanza are united: one RRset holds what each of them has for a name.
func TestClustersUnited(t *testing.T) {
	for _, kind := range annotatedKinds {
		l := newLive(t, twoClusters+"resources "+kind)
		l.outside("lb1.example.net. 60 IN A 192.0.2.11", "lb2.example.net. 60 IN A 192.0.2.12")
		target := func(targets string) string { return annotated(kind, namedWeb+", coredns.io/target: \""+targets+"\"") }
		l.applyTo(0, target("192.0.2.2,2001:db8::1"))
		l.ask(a("web.example.com.", "192.0.2.2"))
		l.applyTo(1, target("192.0.2.1,192.0.2.2")) // the same key as in the other
		l.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"), aaaa("web.example.com.", "2001:db8::1"))
		// C1, C2: addresses of one beat host names of the other; host names of both are flattened.
		l.applyTo(0, target("lb1.example.net"))
		l.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"), nodata("web.example.com.", dns.TypeAAAA))
		l.applyTo(1, target("lb2.example.net"))
		l.ask(a("web.example.com.", "192.0.2.11", "192.0.2.12"))
		l.applyTo(1, target("lb1.example.net"))
		l.check(expect("web.example.com. A", "web.example.com. 60 IN CNAME lb1.example.net.", "lb1.example.net. 60 IN A 192.0.2.11"))
		l.removeFrom(0, target("x"))
		l.applyTo(1, target("192.0.2.1"))
		l.ask(a("web.example.com.", "192.0.2.1"))
		l.removeFrom(1, target("x"))
		l.ask(nxdomain("web.example.com.", dns.TypeA))
		if t.Failed() {
			t.Fatal(kind)
		}
	}
}

// Objects of one key in two clusters are two objects: what happens to one leaves the other be.
func TestClustersSameKey(t *testing.T) {
	one, two := anIngress("web.example.com", "192.0.2.1"), anIngress("web.example.com", "192.0.2.2")
	l := newLive(t, twoClusters)
	l.applyTo(0, one)
	l.applyTo(1, two)
	l.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"))
	l.removeFrom(0, one)
	l.ask(a("web.example.com.", "192.0.2.2"))
	l.applyTo(0, anIngress("web.example.com")) // pending there
	l.ask(a("web.example.com.", "192.0.2.2"))
	l.removeFrom(1, two)
	l.ask(nxdomain("web.example.com.", dns.TypeA))
}

// Z14, Z15: TXT, SRV and PTR records are united as well, and the least TTL counts.
func TestClustersRecords(t *testing.T) {
	text := func(ttl, text string) string {
		return anObject("DNSEndpoint", "shop/text", "spec: {endpoints: [{dnsName: text.example.com, recordType: TXT, recordTTL: "+ttl+", targets: ["+text+"]}]}")
	}
	l := newLive(t, "k8s_gateway example.com 2.0.192.in-addr.arpa {\nresources DNSEndpoint Service\n"+twoClusters+"}")
	l.applyTo(0, text("30", "one"), serviceAt("web", "web.example.com", "192.0.2.1"))
	l.applyTo(1, text("20", "two"), serviceAt("web", "web.example.com,www.example.com", "192.0.2.1"))
	l.check(
		expect("text.example.com. TXT", "text.example.com. 20 IN TXT one", "text.example.com. 20 IN TXT two"),
		expect("_http._tcp.web.example.com. SRV", "_http._tcp.web.example.com. 60 IN SRV 0 100 80 web.example.com.", "add: web.example.com. 60 IN A 192.0.2.1"),
		expect("1.2.0.192.in-addr.arpa. PTR", "1.2.0.192.in-addr.arpa. 60 IN PTR web.example.com.", "1.2.0.192.in-addr.arpa. 60 IN PTR www.example.com."),
	)
	l.removeFrom(1, text("20", "two"))
	l.check(expect("text.example.com. TXT", "text.example.com. 30 IN TXT one"))
}

// A route is attached to the Gateways, ListenerSets and Namespaces of its own cluster, a Service has the
// endpoints of its own.
func TestClustersApart(t *testing.T) {
	l := newLive(t, twoClusters+"resources HTTPRoute Service")
	l.applyTo(0, edge("{name: http, port: 80, protocol: HTTP, "+teamWeb+"}", setsFromAll), aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"))
	l.applyTo(1, aNamespace("shop", "team: web"), aSet("infra/set", fromAll("http", "")), aRouteTo("HTTPRoute", "shop/set", toSet, "set.example.com"), slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
	l.applyTo(0, resolvedService())
	l.only("web set db", "")
	l.applyTo(0, aNamespace("shop", "team: web"))
	l.only("web set db", "web")
	l.applyTo(1, edge("", setsFromAll))
	l.only("web set db", "web set")
	l.applyTo(0, slice("shop/a", "db", "{addresses: [192.0.2.2]}"))
	l.ask(a("db.example.com.", "192.0.2.2"))
	l.removeFrom(0, edge(""))
	l.only("web set db", "set db")
}

// Z14: a kind of higher priority in one cluster hides one of lower priority in the other.
func TestClustersPriority(t *testing.T) {
	l := newLive(t, twoClusters+"resources Ingress Service")
	l.applyTo(0, aService("web", "web.example.com", "192.0.2.2"))
	l.applyTo(1, anIngress("web.example.com", "192.0.2.1"))
	l.ask(a("web.example.com.", "192.0.2.1"))
	l.applyTo(1, anIngress("web.example.com"))
	l.ask(a("web.example.com.", "192.0.2.2"))
}

// A1, A2: the nameserver's Service is looked for in every cluster, and its addresses are united.
func TestClustersNameserver(t *testing.T) {
	l := newLive(t, twoClusters+"resources Ingress\napex dns.infra")
	dnsService := func(addr string) string {
		return anObject("Service", "infra/dns", "spec: {type: LoadBalancer, externalIPs: ["+addr+"]}")
	}
	l.applyTo(1, dnsService("192.0.2.54"))
	l.ask(a("dns.infra.example.com.", "192.0.2.54"))
	l.applyTo(0, dnsService("192.0.2.53"))
	l.ask(a("dns.infra.example.com.", "192.0.2.53", "192.0.2.54"),
		test.Case{Qname: "example.com.", Qtype: dns.TypeNS, Answer: []dns.RR{test.NS("example.com. 60 IN NS dns.infra.example.com.")},
			Extra: []dns.RR{test.A("dns.infra.example.com. 60 IN A 192.0.2.53"), test.A("dns.infra.example.com. 60 IN A 192.0.2.54")}})
	l.removeFrom(1, dnsService(""))
	l.ask(a("dns.infra.example.com.", "192.0.2.53"))
}

// Z2: while one cluster has not been listed, nothing is denied and no address is certain; the cluster that has
// been is not held up once it may not be added to.
func TestClustersUncertain(t *testing.T) {
	f := unlisted(t, twoClusters+"resources Ingress Service\napex ns1 192.0.2.53")
	informers := func(cluster int) []*kube.Informer { return f.clusters[cluster].Demanded() }
	for _, i := range informers(0) {
		i.Settle()
	}
	for _, obj := range decode(t, anIngress("web.example.com", "192.0.2.1")) {
		f.feed("Updated", obj) // to both
	}
	f.ask(servfail("web.example.com.", dns.TypeA), servfail("nowhere.example.com.", dns.TypeA))
	if f.Ready() {
		t.Error("ready")
	}
	informers(1)[0].Settle() // Ingress
	f.ask(a("web.example.com.", "192.0.2.1"), servfail("nowhere.example.com.", dns.TypeA))
	for _, i := range informers(1) {
		i.Settle()
	}
	f.check(expect("nowhere.example.com. A", "NXDOMAIN", "ns: example.com. 5 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"))
	if !f.Ready() {
		t.Error("not ready")
	}
}
