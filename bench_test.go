package gateway

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	_ "github.com/coredns/coredns/plugin/hosts"
	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// discard is a ResponseWriter that does nothing, and allocates nothing.
type discard struct{ test.ResponseWriter }

func (discard) WriteMsg(*dns.Msg) error { return nil }

// benchName is the host of the i-th Ingress.
func benchName(i int) string { return fmt.Sprintf("host%d.ns%d.example.com", i, i%100) }

// manyIngresses serves n Ingresses, a wildcard and names below a name that is not there itself.
func manyIngresses(b testing.TB, n int) *fixture {
	f := newFixture(b, "", anIngress("*.wild.example.com", "192.0.2.9"))
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

// sharedHost serves one host that n HTTPRoutes share.
func sharedHost(b testing.TB, n int) *fixture {
	f := newFixture(b, "resources HTTPRoute", aGateway("gw", "192.0.2.1"))
	for i := range n {
		f.feed(cache.Updated, &gatewayv1.HTTPRoute{
			ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: fmt.Sprint("route", i)},
			Spec: gatewayv1.HTTPRouteSpec{Hostnames: []gatewayv1.Hostname{"web.example.com"},
				CommonRouteSpec: gatewayv1.CommonRouteSpec{ParentRefs: []gatewayv1.ParentReference{{Name: "gw"}}}},
		})
	}
	return f
}

// hostsPlugin is CoreDNS's hosts plugin with the names of n Ingresses: inline, which it holds as it does
// those of a file.
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

// serveBench measures one question.
func serveBench(b *testing.B, h plugin.Handler, qname string, qtype uint16, want int) {
	b.Helper()
	req := new(dns.Msg).SetQuestion(qname, qtype)
	w := &counting{}
	if _, err := h.ServeDNS(context.Background(), w, req); err != nil || w.answers != want {
		b.Fatalf("%s: %d answers, %v", qname, w.answers, err)
	}
	ctx, quiet := context.Background(), &discard{}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = h.ServeDNS(ctx, quiet, req)
	}
}

// counting is a ResponseWriter that counts answers.
type counting struct {
	test.ResponseWriter
	answers int
}

func (c *counting) WriteMsg(m *dns.Msg) error { c.answers = len(m.Answer); return nil }

// BenchmarkIngress asks for names among many, and hosts for the same ones beside it.
func BenchmarkIngress(b *testing.B) {
	for _, n := range []int{1_000, 50_000} {
		f := manyIngresses(b, n)
		found := dns.Fqdn(benchName(n / 2))
		for _, bc := range []struct {
			name, qname string
			qtype       uint16
			answers     int
		}{
			{"A", found, dns.TypeA, 1},
			{"AAAA", found, dns.TypeAAAA, 1},
			{"NODATA", found, dns.TypeTXT, 0},
			{"NXDOMAIN", "nowhere.ns1.example.com.", dns.TypeA, 0},
			{"wildcard", "web.wild.example.com.", dns.TypeA, 1},
		} {
			b.Run(fmt.Sprintf("%s/%d", bc.name, n), func(b *testing.B) { serveBench(b, f, bc.qname, bc.qtype, bc.answers) })
		}
		h := hostsPlugin(b, n)
		b.Run(fmt.Sprintf("A-hosts/%d", n), func(b *testing.B) { serveBench(b, h, found, dns.TypeA, 1) })
		b.Run(fmt.Sprintf("AAAA-hosts/%d", n), func(b *testing.B) { serveBench(b, h, found, dns.TypeAAAA, 1) })
	}
}

// BenchmarkSharedHost asks for a host that many routes share: its cost must not grow with them.
func BenchmarkSharedHost(b *testing.B) {
	for _, n := range []int{1, 50, 500} {
		f := sharedHost(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) { serveBench(b, f, "web.example.com.", dns.TypeA, 1) })
	}
}

// BenchmarkParallel asks from all processors while an object changes again and again.
func BenchmarkParallel(b *testing.B) {
	for _, writing := range []bool{false, true} {
		b.Run(fmt.Sprintf("writing=%t", writing), func(b *testing.B) {
			f := manyIngresses(b, 1_000)
			stop := make(chan struct{})
			stopped := make(chan struct{})
			list := append(decode(b, anIngress("web.example.com", "192.0.2.1")), decode(b, anIngress("web.example.com", "192.0.2.2"))...)
			go func() {
				defer close(stopped)
				for i := 0; writing; i++ {
					select {
					case <-stop:
						return
					default:
						f.feed(cache.Updated, list[i%len(list)])
					}
				}
			}()
			found := dns.Fqdn(benchName(1))
			b.RunParallel(func(pb *testing.PB) {
				req, w := new(dns.Msg).SetQuestion(found, dns.TypeA), &discard{}
				for pb.Next() {
					_, _ = f.ServeDNS(context.Background(), w, req)
				}
			})
			close(stop)
			<-stopped
		})
	}
}

// BenchmarkChange stores an Ingress whose address changes each time, among many.
func BenchmarkChange(b *testing.B) {
	for _, n := range []int{1_000, 50_000} {
		f := manyIngresses(b, n)
		list := append(decode(b, anIngress("web.example.com", "192.0.2.1")), decode(b, anIngress("web.example.com", "192.0.2.2"))...)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				f.feed(cache.Updated, list[i%len(list)])
			}
		})
	}
}
