package gateway

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/file"
	_ "github.com/coredns/coredns/plugin/hosts"
	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
)

// discard is a ResponseWriter that does nothing, and allocates nothing.
type discard struct{ test.ResponseWriter }

func (discard) WriteMsg(*dns.Msg) error { return nil }

// counting is a ResponseWriter that counts answers.
type counting struct {
	test.ResponseWriter
	answers int
}

func (c *counting) WriteMsg(m *dns.Msg) error { c.answers = len(m.Answer); return nil }

// benchName is the host of the i-th Ingress.
func benchName(i int) string { return fmt.Sprintf("host%d.ns%d.example.com", i, i%100) }

// manyIngresses serves n Ingresses, and with every kind configured a wildcard of a route and an alias.
func manyIngresses(b testing.TB, n int) *fixture {
	f := newFixture(b, everyKind, anIngress("*.wild.example.com", "192.0.2.9"),
		aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "apps", "gw", "*.apps.example.com"),
		endpoints("alias", "\n  - {dnsName: alias.example.com, recordType: CNAME, targets: ["+benchName(1)+"]}"))
	for i := range n {
		f.feed(cache.Updated, &networkingv1.Ingress{
			ObjectMeta: metav1.ObjectMeta{Namespace: fmt.Sprint("ns", i%100), Name: fmt.Sprint("host", i)},
			Spec:       networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: benchName(i)}}},
			Status: networkingv1.IngressStatus{LoadBalancer: networkingv1.IngressLoadBalancerStatus{Ingress: []networkingv1.IngressLoadBalancerIngress{
				{IP: "192.0.2.1"}, {IP: "2001:db8::1"}}}},
		})
	}
	return f
}

// benchServer is what is measured, or what it is measured against.
type benchServer struct {
	name string
	plugin.Handler
}

// benchServers are CoreDNS's own plugins with the names of manyIngresses, and the plugin.
func benchServers(b testing.TB, n int) []benchServer {
	return []benchServer{{"hosts", hostsPlugin(b, n)}, {"file", filePlugin(b, n)}, {"k8s_gateway", manyIngresses(b, n)}}
}

// hostsPlugin has the names inline, which it holds as it does those of a file.
func hostsPlugin(b testing.TB, n int) plugin.Handler {
	b.Helper()
	var stanza strings.Builder
	stanza.WriteString("hosts {\nreload 0\nno_reverse\n")
	for i := range n {
		fmt.Fprintf(&stanza, "192.0.2.1 %s\n2001:db8::1 %[1]s\n", benchName(i))
	}
	stanza.WriteString("}\n")
	c := caddy.NewTestController("dns", stanza.String())
	c.ServerBlockKeys = []string{"example.com."}
	setup, err := caddy.DirectiveAction("dns", "hosts")
	if err != nil {
		b.Fatal(err)
	}
	if err := setup(c); err != nil {
		b.Fatal(err)
	}
	plugins := dnsserver.GetConfig(c).Plugin
	return plugins[len(plugins)-1](nil)
}

// filePlugin has the names, the wildcard and the alias in a zone.
func filePlugin(b testing.TB, n int) plugin.Handler {
	b.Helper()
	var text strings.Builder
	text.WriteString(`$TTL 60
@ SOA dns1.kube-system hostmaster 1 14400 3600 1209600 5
@ NS dns1.kube-system
dns1.kube-system A 192.0.2.53
*.apps A 192.0.2.1
`)
	fmt.Fprintf(&text, "alias CNAME %s.\n", benchName(1))
	for i := range n {
		fmt.Fprintf(&text, "%s. A 192.0.2.1\n%[1]s. AAAA 2001:db8::1\n", benchName(i))
	}
	zone, err := file.Parse(strings.NewReader(text.String()), "example.com.", "db.example.com", 0)
	if err != nil {
		b.Fatal(err)
	}
	return file.File{Zones: file.Zones{Z: map[string]*file.Zone{"example.com.": zone}, Names: []string{"example.com."}}}
}

// benchQuestions are as many questions as are asked in turn, for names among n, so that not all of what answers them
// is at hand.
func benchQuestions(n int, name func(i int) string, qtype uint16) []*dns.Msg {
	const asked = 1_000
	list := make([]*dns.Msg, asked)
	for i := range list {
		list[i] = new(dns.Msg).SetQuestion(dns.Fqdn(name(i*(n/asked))), qtype)
	}
	return list
}

// serveBench measures what questions cost, asked in turn. All have as many answers.
func serveBench(b *testing.B, h plugin.Handler, answers int, questions ...*dns.Msg) {
	b.Helper()
	ctx, w := context.Background(), &counting{}
	for _, q := range questions {
		if _, err := h.ServeDNS(ctx, w, q); err != nil || w.answers != answers {
			b.Fatalf("%s: %d answers, %v", q.Question[0].String(), w.answers, err)
		}
		w.answers = 0
	}
	quiet := &discard{}
	b.ReportAllocs()
	for i := 0; b.Loop(); {
		_, _ = h.ServeDNS(ctx, quiet, questions[i])
		if i++; i == len(questions) {
			i = 0
		}
	}
}
