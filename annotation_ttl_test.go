package gateway

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// L2: the TTL annotation, as seconds or as a Go duration, in every kind. What is no TTL from one second to
// 2³¹−1 is counted and leaves that of the stanza.
func TestTTLAnnotation(t *testing.T) {
	for _, kind := range append([]string{"DNSEndpoint"}, annotatedKinds...) {
		for ttl, want := range map[string]string{
			"1": "1", "30": "30", " 30 ": "30", "2147483647": "2147483647",
			"30s": "30", "5m": "300", "1h30m": "5400", "90.5s": "90", "1s": "1", "2147483647s": "2147483647",
			"": "", "0": "", "-1": "", "0s": "", "500ms": "", "-5m": "", "2147483648": "", "4294967297": "", "99999999999999999999": "",
			"2147483648s": "", "9999999999h": "", "soon": "", "1.5": "", "0x10": "", "1d": "", "30,40": "",
		} {
			bad := 0.0
			if want == "" {
				want, bad = "60", 1
			}
			before := skippedCount(t, kind, "ttl")
			l := newLive(t, "resources "+kind, annotated(kind, namedWeb+fmt.Sprintf(", coredns.io/ttl: %q", ttl)))
			l.ask(withTTL(want, dns.TypeA, "web.example.com.", []string{"192.0.2.1"}))
			if n := skippedCount(t, kind, "ttl") - before; n != bad {
				t.Errorf("counted %v bad TTLs, want %v", n, bad)
			}
			if t.Failed() {
				t.Fatalf("%s with %q", kind, ttl)
			}
		}
	}
}

// L2: it takes the place of the stanza's `ttl`, and gives way to that of an endpoint (D4).
func TestTTLAnnotationPrecedence(t *testing.T) {
	l := newLive(t, "resources Ingress DNSEndpoint\nttl 20", annotated("Ingress", "coredns.io/ttl: 5m"),
		anObject("DNSEndpoint", "shop/ep", "annotations: {coredns.io/ttl: \"7\"}", "spec: {endpoints: [{dnsName: one.example.com, recordType: A, targets: [192.0.2.1], recordTTL: 9}, {dnsName: two.example.com, recordType: A, targets: [192.0.2.1]}]}"),
		anIngress("plain.example.com", "192.0.2.1"))
	for name, ttl := range map[string]string{"web": "300", "one": "9", "two": "7", "plain": "20"} {
		l.ask(withTTL(ttl, dns.TypeA, name+".example.com.", []string{"192.0.2.1"}))
	}
}

// L2, Z15: the least TTL of the objects that share a name counts, of routes as well.
func TestTTLAnnotationLeast(t *testing.T) {
	route := func(name, ttl string) string {
		return anObject("HTTPRoute", "infra/"+name, "annotations: {coredns.io/ttl: \""+ttl+"\"}", "spec: {hostnames: [web.example.com], parentRefs: [{name: gw}]}")
	}
	l := newLive(t, "resources HTTPRoute", edge(fromAll("http", "")), route("one", "30"), route("two", "20"), route("three", "40"))
	for _, step := range []struct{ remove, want string }{{"", "20"}, {"two", "30"}, {"one", "40"}} {
		if step.remove != "" {
			l.remove(route(step.remove, "1"))
		}
		l.ask(withTTL(step.want, dns.TypeA, "web.example.com.", []string{"192.0.2.1"}))
	}
	l.apply(route("three", "soon"))
	l.ask(a("web.example.com.", "192.0.2.1"))
}

// L2: an alias, a Service's SRV records and PTR records have it too.
func TestTTLAnnotationOfRecords(t *testing.T) {
	l := newLive(t, "k8s_gateway example.com 2.0.192.in-addr.arpa {\nresources Service Ingress\n}",
		anObject("Service", "shop/web", "annotations: {coredns.io/hostname: web.example.com, coredns.io/ttl: \"7\"}", "spec: {type: LoadBalancer, externalIPs: [192.0.2.1], ports: [{name: http, port: 80}]}"),
		anObject("Ingress", "shop/web", "annotations: {coredns.io/ttl: \"8\", coredns.io/target: lb.example.net}", "spec: {rules: [{host: alias.example.com}]}"))
	l.outside("lb.example.net. 60 IN A 192.0.2.9")
	l.check(
		expect("_http._tcp.web.example.com. SRV", "_http._tcp.web.example.com. 7 IN SRV 0 100 80 web.example.com.", "add: web.example.com. 7 IN A 192.0.2.1"),
		expect("1.2.0.192.in-addr.arpa. PTR", "1.2.0.192.in-addr.arpa. 7 IN PTR web.example.com."),
		expect("alias.example.com. A", "alias.example.com. 8 IN CNAME lb.example.net.", "lb.example.net. 60 IN A 192.0.2.9"),
	)
}
