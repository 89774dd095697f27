package gatewayapi_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// versions are objects, each with its versions.
var versions = [][]string{
	{fixture.AnIngress("web.example.com", "192.0.2.1"), fixture.AnIngress("web.example.com")},
	{fixture.AnIngress("*.example.com", "192.0.2.2"), fixture.AnIngress("*.example.com")},
	{fixture.AnIngress("*.a.example.com", "192.0.2.3"), fixture.AnIngress("*.a.example.com")},
	{fixture.AService("one", "web.example.com,*.b.example.com", "192.0.2.4"), fixture.AService("one", "", "192.0.2.4"), fixture.AService("one", "x.a.example.com")},
	{fixture.AService("two", "web.example.com,web.example.com", "192.0.2.5", "192.0.2.4")},
	{fixture.AnEndpoint("web.example.com", "TXT", "one"), fixture.AnEndpoint("web.example.com", "TXT", "two", "three")},
	{fixture.AnEndpoint("*.example.com", "A", "192.0.2.6"), fixture.AnEndpoint("*.example.com", "A", "bad")},
	{fixture.AGateway("one", "192.0.2.7"), fixture.AGateway("one"), fixture.AGateway("one", "192.0.2.8", "2001:db8::8"), fixture.AListener("one", "*.a.example.com", "192.0.2.7"), fixture.AListener("one", "web.example.com")},
	{fixture.AGateway("two", "192.0.2.9"), fixture.AListener("two", "*.com", "192.0.2.9", "192.0.2.7")},
	{fixture.ARoute("HTTPRoute", "one", "one", "web.example.com"), fixture.ARoute("HTTPRoute", "one", "one", "*.example.com", "x.a.example.com"), fixture.ARoute("HTTPRoute", "one", "two"), fixture.ARoute("HTTPRoute", "one", "one")},
	{fixture.ARoute("HTTPRoute", "two", "one", "web.example.com"), fixture.ARoute("HTTPRoute", "two", "two", "*.a.example.com", "web.example.com")},
	{fixture.ARoute("TLSRoute", "one", "one", "*.a.example.com"), fixture.ARoute("TLSRoute", "one", "two", "x.y.a.example.com")},
}

// Whatever the history, the answers are those of a Gateway that has just started with the same objects.
func TestHistoryDoesNotMatter(t *testing.T) {
	const stanza = "resources HTTPRoute Ingress Service DNSEndpoint TLSRoute"
	objects := make([][]kube.Object, len(versions))
	for i, list := range versions {
		for _, m := range list {
			objects[i] = append(objects[i], fixture.Decode(t, m)...)
		}
	}
	var questions []dns.Question
	for _, name := range []string{"web", "a", "x.a", "x.y.a", "z", "x.z", "b", "x.b", "x.web", "default", "one.default", "*", "*.a"} {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeTXT} {
			questions = append(questions, dns.Question{Name: name + ".example.com.", Qtype: qtype, Qclass: dns.ClassINET})
		}
	}
	reply := func(f *fixture.Stanza, q dns.Question) string {
		m, _ := f.Query(&dns.Msg{Question: []dns.Question{q}})
		s := dns.RcodeToString[m.Rcode]
		for _, rr := range m.Answer {
			s += "\n" + rr.String()
		}
		return s
	}
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, 0))
		f := fixture.New(t, stanza)
		now := map[int]int{} // object → version
		history := ""
		for range 150 {
			i := random.IntN(len(objects))
			v := random.IntN(len(objects[i]) + 1)
			if v == len(objects[i]) {
				history += fmt.Sprintf(" -%d", i)
				delete(now, i)
				f.Feed(cache.Deleted, objects[i][0])
			} else {
				history += fmt.Sprintf(" +%d.%d", i, v)
				now[i] = v
				f.Feed(cache.Updated, objects[i][v])
			}
			fresh := fixture.New(t, stanza)
			for i, v := range now {
				fresh.Feed(cache.Added, objects[i][v])
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

// attachmentVersions are objects that depend on each other, each with its versions.
var attachmentVersions = [][]string{
	{fixture.Edge(fixture.FromAll("http", ""), fixture.SetsFromAll), fixture.Edge("{name: http, port: 80, protocol: HTTP, "+fixture.TeamWeb+"}", fixture.SetsTeamWeb), fixture.Edge(fixture.FromAll("http", "*.a.example.com"), fixture.SetsFromSame, "annotations: {coredns.io/target: 192.0.2.7}"),
		fixture.Edge("{name: tls, port: 443, protocol: TLS, hostname: web.example.com}", "annotations: {coredns.io/hostname: \"web.example.com,edge.example.com\"}"),
		fixture.AnObject("Gateway", "infra/gw", "spec: {gatewayClassName: public, listeners: ["+fixture.FromAll("http", "")+"], allowedListeners: {namespaces: {from: All}}}"),
		fixture.Edge(fixture.FromAll("http", ""), `labels: {k8s-gateway.dns/ignore: "true"}`, "annotations: {coredns.io/hostname: edge.example.com, coredns.io/target: \"\"}")},
	{fixture.ASet("infra/set", fixture.FromAll("http", "*.example.com")), fixture.ASet("infra/set", "{name: http, port: 80, protocol: HTTP, "+fixture.TeamWeb+"}, {name: tls, port: 443, protocol: TLS, hostname: \"*.a.example.com\"}"),
		fixture.ASet("infra/set", fixture.FromAll("http", "")) + `status: {conditions: [{type: Accepted, status: "False"}]}`},
	{fixture.ASet("shop/set", fixture.FromAll("http", "x.a.example.com")), fixture.ASet("shop/set", fixture.FromAll("other", "")), fixture.AnObject("ListenerSet", "shop/set", "spec: {parentRef: {name: other}, listeners: ["+fixture.FromAll("http", "")+"]}")},
	{fixture.ANamespace("shop", "team: web"), fixture.ANamespace("shop", "team: text")},
	{fixture.ANamespace("infra", "team: web"), fixture.ANamespace("infra", "")},
	{fixture.ARouteTo("HTTPRoute", "infra/web", fixture.ToGateway+", "+fixture.ToSet), fixture.ARouteTo("HTTPRoute", "infra/web", fixture.ToSet, "web.example.com", "*.example.com"), fixture.ARouteTo("HTTPRoute", "infra/web", fixture.ToGateway, "web.example.com")},
	{fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToGateway+", {kind: ListenerSet, name: set}", "web.example.com", "x.a.example.com"), fixture.ARouteTo("HTTPRoute", "shop/web", "{kind: ListenerSet, name: set, sectionName: http}"),
		fixture.AnObject("HTTPRoute", "shop/web", "annotations: {coredns.io/target: 192.0.2.9, coredns.io/ttl: \"9\"}", "spec: {hostnames: [web.example.com], parentRefs: ["+fixture.ToGateway+"]}"),
		fixture.AnObject("HTTPRoute", "shop/web", "annotations: {coredns.io/target: \"\"}", "spec: {hostnames: [web.example.com], parentRefs: ["+fixture.ToGateway+"]}")},
	{fixture.ARouteTo("TLSRoute", "infra/tls", fixture.ToGateway+", "+fixture.ToSet, "web.example.com", "y.a.example.com"), fixture.ARouteTo("TLSRoute", "infra/tls", fixture.ToSet)},
	{fixture.AnObject("Service", "shop/svc", "annotations: {coredns.io/hostname: \"svc.example.com,web.example.com\", k8s-gateway.dns/resolve-endpoints: \"true\"}", "spec: {type: ClusterIP, ports: [{name: http, port: 80}]}"),
		fixture.AnObject("Service", "shop/svc", "annotations: {coredns.io/hostname: svc.example.com}", "spec: {type: LoadBalancer, externalIPs: [192.0.2.20], ports: [{name: http, port: 80}]}"),
		fixture.AnObject("Service", "shop/svc", "labels: {k8s-gateway.dns/resolve-endpoints: \"true\"}", "spec: {type: ClusterIP, publishNotReadyAddresses: true}"),
		fixture.AnObject("Service", "shop/svc", "spec: {type: ClusterIP}")},
	{fixture.Slice("shop/one", "svc", "{addresses: [192.0.2.21], hostname: a}", "{addresses: [192.0.2.22], conditions: {ready: false}}"), fixture.Slice("shop/one", "other", "{addresses: [192.0.2.23]}"), fixture.Slice("shop/one", "svc")},
	{fixture.Slice("shop/two", "svc", "{addresses: [192.0.2.21]}", "{addresses: [192.0.2.24], hostname: a}"), fixture.Slice("shop/two", "svc", "{addresses: [192.0.2.25], hostname: b}")},
}

// G3, S3: whatever the history, answers and the table of names are those of a fresh start with the same objects.
func TestHistoryOfAttachmentsDoesNotMatter(t *testing.T) {
	const stanza = "resources HTTPRoute Gateway TLSRoute Service"
	versions := make([][]kube.Object, len(attachmentVersions))
	for i, forms := range attachmentVersions {
		for _, m := range forms {
			versions[i] = append(versions[i], fixture.Decode(t, m)...)
		}
	}
	var questions []dns.Question
	for _, name := range []string{"web", "a", "x.a", "y.a", "z.x.a", "other", "edge", "svc", "a.svc", "b.svc", "svc.shop", "a.svc.shop", "_http._tcp.svc", "_tcp.web"} {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeSRV} {
			questions = append(questions, dns.Question{Name: name + ".example.com.", Qtype: qtype, Qclass: dns.ClassINET})
		}
	}
	reply := func(l *fixture.Live, q dns.Question) string {
		m, _ := l.Query(&dns.Msg{Question: []dns.Question{q}})
		if m == nil {
			return "no reply"
		}
		return fmt.Sprint(dns.RcodeToString[m.Rcode], " ", fixture.ZoneText(m.Answer))
	}
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, 4))
		l := fixture.NewLive(t, stanza)
		now, history := map[int]int{}, ""
		for range 120 {
			i := random.IntN(len(versions))
			if v := random.IntN(len(versions[i]) + 1); v == len(versions[i]) {
				history += fmt.Sprintf(" -%d", i)
				delete(now, i)
				l.Delete(0, versions[i][0])
			} else {
				history += fmt.Sprintf(" +%d.%d", i, v)
				now[i] = v
				l.Update(0, versions[i][v])
			}
			fresh := fixture.NewFresh(t, stanza)
			for i, v := range now {
				fresh.Update(0, versions[i][v])
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

// Z7: when every object is gone, whatever the order, nothing is left of them: no name, no record.
func TestNothingIsLeft(t *testing.T) {
	manifests := slices.Clone(fixture.Everything)
	for turn := range manifests {
		f := fixture.New(t, fixture.EveryKind)
		empty := f.Names.Len()
		for _, m := range manifests {
			f.Apply(m)
		}
		slices.Reverse(manifests[turn:])
		for _, m := range manifests {
			f.Remove(m)
		}
		if got := f.Names.Len(); got != empty {
			t.Errorf("%d names in the table, %d at the start", got, empty)
		}
		left := map[string]int{"Gateway": len(f.Sources.JoinOf(f.Clusters[0]).Gateways.Index.List())}
		for _, k := range f.Served {
			left[k.Name] = len(k.Parts[0].Records.List())
		}
		for _, r := range f.Sources.JoinOf(f.Clusters[0]).Kinds {
			left["objects of kind "+r.Kind] = len(r.Index.List())
		}
		for what, n := range left {
			if n > 0 {
				t.Errorf("%s: left: %d", what, n)
			}
		}
		f.Ask(
			fixture.NXDomain("web.example.com.", dns.TypeA),
			fixture.NXDomain("x.y.z.example.com.", dns.TypeA),
			fixture.NoData("example.com.", dns.TypeA),
			fixture.NoData("dns1.kube-system.example.com.", dns.TypeA),
		)
	}
}

// A relist tells of an object that went away meanwhile by its key alone.
func TestTombstone(t *testing.T) {
	f := fixture.New(t, fixture.EveryKind)
	empty := f.Names.Len()
	for _, m := range fixture.Everything {
		f.Apply(m)
	}
	for _, m := range fixture.Everything {
		for _, obj := range fixture.Decode(t, m) {
			for _, i := range f.Watching(obj) {
				i.Storer.Process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: kube.MetaOf(obj).Key().String()})
			}
		}
	}
	if got := f.Names.Len(); got != empty {
		t.Errorf("%d names in the table, %d at the start", got, empty)
	}
	f.Ask(fixture.NXDomain("web.example.com.", dns.TypeA))
}
