package gateway

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// versions are objects, each with the forms it takes in the course of time.
var versions = [][]string{
	{anIngress("web.example.com", "192.0.2.1"), anIngress("web.example.com")},
	{anIngress("*.example.com", "192.0.2.2"), anIngress("*.example.com")},
	{anIngress("*.a.example.com", "192.0.2.3"), anIngress("*.a.example.com")},
	{aService("one", "web.example.com,*.b.example.com", "192.0.2.4"), aService("one", "", "192.0.2.4"), aService("one", "x.a.example.com")},
	{aService("two", "web.example.com,web.example.com", "192.0.2.5", "192.0.2.4")},
	{anEndpoint("web.example.com", "TXT", "one"), anEndpoint("web.example.com", "TXT", "two", "three")},
	{anEndpoint("*.example.com", "A", "192.0.2.6"), anEndpoint("*.example.com", "A", "bad")},
	{aGateway("one", "192.0.2.7"), aGateway("one"), aGateway("one", "192.0.2.8", "2001:db8::8"), aListener("one", "*.a.example.com", "192.0.2.7"), aListener("one", "web.example.com")},
	{aGateway("two", "192.0.2.9"), aListener("two", "*.com", "192.0.2.9", "192.0.2.7")},
	{aRoute("HTTPRoute", "one", "one", "web.example.com"), aRoute("HTTPRoute", "one", "one", "*.example.com", "x.a.example.com"), aRoute("HTTPRoute", "one", "two"), aRoute("HTTPRoute", "one", "one")},
	{aRoute("HTTPRoute", "two", "one", "web.example.com"), aRoute("HTTPRoute", "two", "two", "*.a.example.com", "web.example.com")},
	{aRoute("TLSRoute", "one", "one", "*.a.example.com"), aRoute("TLSRoute", "one", "two", "x.y.a.example.com")},
}

// Whatever came before, the answers are those of a Gateway that has just started with the same objects.
func TestHistoryDoesNotMatter(t *testing.T) {
	const stanza = "resources HTTPRoute Ingress Service DNSEndpoint TLSRoute"
	objects := make([][]kube.Object, len(versions))
	for i, list := range versions {
		for _, m := range list {
			objects[i] = append(objects[i], decode(t, m)...)
		}
	}
	var questions []dns.Question
	for _, name := range []string{"web", "a", "x.a", "x.y.a", "z", "x.z", "b", "x.b", "x.web", "default", "one.default", "*", "*.a"} {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeTXT} {
			questions = append(questions, dns.Question{Name: name + ".example.com.", Qtype: qtype, Qclass: dns.ClassINET})
		}
	}
	reply := func(f *fixture, q dns.Question) string {
		m, _ := f.exchange(&dns.Msg{Question: []dns.Question{q}})
		s := dns.RcodeToString[m.Rcode]
		for _, rr := range m.Answer {
			s += "\n" + rr.String()
		}
		return s
	}
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, 0))
		f := newFixture(t, stanza)
		now := map[int]int{} // object → version
		history := ""
		for range 150 {
			i := random.IntN(len(objects))
			v := random.IntN(len(objects[i]) + 1)
			if v == len(objects[i]) {
				history += fmt.Sprintf(" -%d", i)
				delete(now, i)
				f.feed(cache.Deleted, objects[i][0])
			} else {
				history += fmt.Sprintf(" +%d.%d", i, v)
				now[i] = v
				f.feed(cache.Updated, objects[i][v])
			}
			fresh := newFixture(t, stanza)
			for i, v := range now {
				fresh.feed(cache.Added, objects[i][v])
			}
			for _, q := range questions {
				if got, want := reply(f, q), reply(fresh, q); got != want {
					t.Fatalf("seed %d, after%s:\n%s %s: %s\nafresh: %s", seed, history, q.Name, dns.TypeToString[q.Qtype], got, want)
				}
			}
			if got, want := f.Names.Len(), fresh.Names.Len(); got != want {
				t.Fatalf("seed %d, after%s: %d names in the table, afresh %d", seed, history, got, want)
			}
		}
	}
}

// attachmentVersions are objects that decide about each other, each with the forms it takes in the course of time.
var attachmentVersions = [][]string{
	{edge(fromAll("http", ""), setsFromAll), edge("{name: http, port: 80, protocol: HTTP, "+teamWeb+"}", setsTeamWeb), edge(fromAll("http", "*.a.example.com"), setsFromSame, "annotations: {coredns.io/target: 192.0.2.7}"),
		edge("{name: tls, port: 443, protocol: TLS, hostname: web.example.com}", "annotations: {coredns.io/hostname: \"web.example.com,edge.example.com\"}"),
		anObject("Gateway", "infra/gw", "spec: {gatewayClassName: public, listeners: ["+fromAll("http", "")+"], allowedListeners: {namespaces: {from: All}}}"),
		edge(fromAll("http", ""), `labels: {k8s-gateway.dns/ignore: "true"}`, "annotations: {coredns.io/hostname: edge.example.com, coredns.io/target: \"\"}")},
	{aSet("infra/set", fromAll("http", "*.example.com")), aSet("infra/set", "{name: http, port: 80, protocol: HTTP, "+teamWeb+"}, {name: tls, port: 443, protocol: TLS, hostname: \"*.a.example.com\"}"),
		aSet("infra/set", fromAll("http", "")) + `status: {conditions: [{type: Accepted, status: "False"}]}`},
	{aSet("shop/set", fromAll("http", "x.a.example.com")), aSet("shop/set", fromAll("other", "")), anObject("ListenerSet", "shop/set", "spec: {parentRef: {name: other}, listeners: ["+fromAll("http", "")+"]}")},
	{aNamespace("shop", "team: web"), aNamespace("shop", "team: text")},
	{aNamespace("infra", "team: web"), aNamespace("infra", "")},
	{aRouteTo("HTTPRoute", "infra/web", toGateway+", "+toSet), aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com", "*.example.com"), aRouteTo("HTTPRoute", "infra/web", toGateway, "web.example.com")},
	{aRouteTo("HTTPRoute", "shop/web", toGateway+", {kind: ListenerSet, name: set}", "web.example.com", "x.a.example.com"), aRouteTo("HTTPRoute", "shop/web", "{kind: ListenerSet, name: set, sectionName: http}"),
		anObject("HTTPRoute", "shop/web", "annotations: {coredns.io/target: 192.0.2.9, coredns.io/ttl: \"9\"}", "spec: {hostnames: [web.example.com], parentRefs: ["+toGateway+"]}"),
		anObject("HTTPRoute", "shop/web", "annotations: {coredns.io/target: \"\"}", "spec: {hostnames: [web.example.com], parentRefs: ["+toGateway+"]}")},
	{aRouteTo("TLSRoute", "infra/tls", toGateway+", "+toSet, "web.example.com", "y.a.example.com"), aRouteTo("TLSRoute", "infra/tls", toSet)},
	{anObject("Service", "shop/svc", "annotations: {coredns.io/hostname: \"svc.example.com,web.example.com\", k8s-gateway.dns/resolve-endpoints: \"true\"}", "spec: {type: ClusterIP, ports: [{name: http, port: 80}]}"),
		anObject("Service", "shop/svc", "annotations: {coredns.io/hostname: svc.example.com}", "spec: {type: LoadBalancer, externalIPs: [192.0.2.20], ports: [{name: http, port: 80}]}"),
		anObject("Service", "shop/svc", "labels: {k8s-gateway.dns/resolve-endpoints: \"true\"}", "spec: {type: ClusterIP, publishNotReadyAddresses: true}"),
		anObject("Service", "shop/svc", "spec: {type: ClusterIP}")},
	{slice("shop/one", "svc", "{addresses: [192.0.2.21], hostname: a}", "{addresses: [192.0.2.22], conditions: {ready: false}}"), slice("shop/one", "other", "{addresses: [192.0.2.23]}"), slice("shop/one", "svc")},
	{slice("shop/two", "svc", "{addresses: [192.0.2.21]}", "{addresses: [192.0.2.24], hostname: a}"), slice("shop/two", "svc", "{addresses: [192.0.2.25], hostname: b}")},
}

// G3, S3: whatever came before, answers and the table of names are those of a fresh start with the same objects.
func TestHistoryOfAttachmentsDoesNotMatter(t *testing.T) {
	const stanza = "resources HTTPRoute Gateway TLSRoute Service"
	versions := make([][]kube.Object, len(attachmentVersions))
	for i, forms := range attachmentVersions {
		for _, m := range forms {
			versions[i] = append(versions[i], decode(t, m)...)
		}
	}
	var questions []dns.Question
	for _, name := range []string{"web", "a", "x.a", "y.a", "z.x.a", "other", "edge", "svc", "a.svc", "b.svc", "svc.shop", "a.svc.shop", "_http._tcp.svc", "_tcp.web"} {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeSRV} {
			questions = append(questions, dns.Question{Name: name + ".example.com.", Qtype: qtype, Qclass: dns.ClassINET})
		}
	}
	reply := func(l *live, q dns.Question) string {
		m, _ := l.query(&dns.Msg{Question: []dns.Question{q}})
		if m == nil {
			return "no reply"
		}
		return fmt.Sprint(dns.RcodeToString[m.Rcode], " ", zoneText(m.Answer))
	}
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, 4))
		l := newLive(t, stanza)
		now, history := map[int]int{}, ""
		for range 120 {
			i := random.IntN(len(versions))
			if v := random.IntN(len(versions[i]) + 1); v == len(versions[i]) {
				history += fmt.Sprintf(" -%d", i)
				delete(now, i)
				l.delete(0, versions[i][0])
			} else {
				history += fmt.Sprintf(" +%d.%d", i, v)
				now[i] = v
				l.update(0, versions[i][v])
			}
			fresh := newFresh(t, stanza)
			for i, v := range now {
				fresh.update(0, versions[i][v])
			}
			for _, q := range questions {
				if got, want := reply(l, q), reply(fresh, q); got != want {
					t.Fatalf("seed %d, after%s:\n%s %s: %s\nafresh: %s", seed, history, q.Name, dns.TypeToString[q.Qtype], got, want)
				}
			}
			if got, want := l.Names.Len(), fresh.Names.Len(); got != want {
				t.Fatalf("seed %d, after%s: %d names in the table, afresh %d", seed, history, got, want)
			}
			if t.Failed() {
				t.Fatalf("seed %d, after%s", seed, history)
			}
		}
	}
}
