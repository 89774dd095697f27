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
			if got, want := f.names.Len(), fresh.names.Len(); got != want {
				t.Fatalf("seed %d, after%s: %d names in the table, afresh %d", seed, history, got, want)
			}
		}
	}
}
