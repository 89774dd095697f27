package inprocess

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/measure"
)

// geography returns a context that knows where the client is, as the plugins metadata and geoip make it.
func geography(country string) context.Context {
	ctx := metadata.ContextWithMetadata(context.Background())
	for label, value := range map[string]string{"continent/code": "EU", "country/code": country, "subdivisions/code": "BE", "latitude": "52.52", "longitude": "13.4"} {
		metadata.SetValueFunc(ctx, "geoip/"+label, func() string { return value })
	}
	return ctx
}

// steered is a stanza with many Ingresses, all at one location; empty for none.
func steered(t testing.TB, properties, location string, n int) *fixture.Stanza {
	f := fixture.New(t, "resources Ingress\n"+properties)
	annotations := map[string]string{}
	if location != "" {
		annotations["coredns.io/location"] = location
	}
	for i := range n {
		f.Feed(cache.Updated, &networkingv1.Ingress{
			ObjectMeta: metav1.ObjectMeta{Namespace: fmt.Sprint("ns", i%100), Name: fmt.Sprint("host", i), Annotations: annotations},
			Spec:       networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: fixture.BenchName(i)}}},
			Status: networkingv1.IngressStatus{LoadBalancer: networkingv1.IngressLoadBalancerStatus{Ingress: []networkingv1.IngressLoadBalancerIngress{
				{IP: "10.240.0.1"}, {IP: "2001:db8::1"}}}},
		})
	}
	return f
}

// chains are the properties that are measured, beside a stanza without any.
var chains = []struct{ name, properties, location string }{
	{"none", "", ""},
	{"subnet-first", "network lan 10.0.0.0/8\nnetwork dmz 10.1.2.0/24\nsteer subnet first", ""},
	{"geo", "location in-cluster DE\nsteer geo", ""},
	{"geo-each", "steer geo", "DE-BE"},
	{"healthy", "steer healthy", ""},
	{"weighted", "steer weighted", ""},
}

// client is a ResponseWriter whose address, like that of a real one, is there before the question.
type client struct {
	fixture.Counting
	addr net.UDPAddr
}

func (c *client) RemoteAddr() net.Addr { return &c.addr }

func newClient() *client { return &client{addr: net.UDPAddr{IP: net.IPv4(10, 240, 0, 1)}} }

// R6: a filter costs a question at most one allocation.
func TestSteeredAllocs(t *testing.T) {
	if measure.RaceDetector {
		t.Skip("the race detector allocates")
	}
	ctx := geography("DE")
	var without float64
	for i, c := range chains {
		f := steered(t, c.properties, c.location, 10)
		req, w := new(dns.Msg).SetQuestion(dns.Fqdn(fixture.BenchName(1)), dns.TypeA), newClient()
		n := testing.AllocsPerRun(500, func() { _, _ = f.ServeDNS(ctx, w, req) })
		if i == 0 {
			without = n
		}
		if w.Answers != 1 || n > without+1 {
			t.Errorf("steer %s: %v allocations and %d answers, want at most %v and 1", c.name, n, w.Answers, without+1)
		}
	}
}

// BenchmarkSteered asks for names whose targets are chosen, and for the same names without filters, by turns. A turn is 1,000 questions. It
// reports the median turn of each chain as a ratio to that of none: ratios stay the same on a noisy machine.
func BenchmarkSteered(b *testing.B) {
	const n, turn = 50_000, 1000
	ctx, w := geography("DE"), newClient()
	questions := fixture.BenchQuestions(n, fixture.BenchName, dns.TypeA)
	stanzas, took := make([]*fixture.Stanza, len(chains)), make([][]time.Duration, len(chains))
	for i, c := range chains {
		stanzas[i] = steered(b, c.properties, c.location, n)
	}
	for from := 0; b.Loop(); from = (from + turn) % len(questions) {
		for i, f := range stanzas {
			begin := time.Now()
			for _, q := range questions[from : from+turn] {
				_, _ = f.ServeDNS(ctx, w, q)
			}
			took[i] = append(took[i], time.Since(begin))
		}
	}
	median := func(i int) float64 {
		slices.Sort(took[i])
		return float64(took[i][len(took[i])/2])
	}
	b.ReportMetric(median(0)/turn, "ns/op") // of a question without filters
	for i, c := range chains[1:] {
		b.ReportMetric(median(i+1)/median(0), c.name+"/none")
	}
}

// The metadata of a question say which filters narrowed its answer down, and which object the client gets: of a draw the one that is drawn.
func TestSteeredMetadata(t *testing.T) {
	f := fixture.New(t, "resources Ingress\nnetwork lan 10.240.0.0/16\nsteer healthy subnet weighted",
		ingressNamed("a", "web.example.com", "10.240.0.1"), ingressNamed("b", "web.example.com", "10.240.0.2"), ingressNamed("c", "web.example.com", "192.0.2.1"),
		ingressNamed("one", "one.example.com", "10.240.0.1"))
	drawn := map[string]bool{}
	for range 50 {
		m, state := new(dns.Msg).SetQuestion("web.example.com.", dns.TypeA), request.Request{W: &test.ResponseWriter{}}
		state.Req = m
		ctx := f.Metadata(metadata.ContextWithMetadata(context.Background()), state)
		name, filters := metadata.ValueFunc(ctx, "k8s_gateway/name")(), metadata.ValueFunc(ctx, "k8s_gateway/steered")()
		if filters != "subnet,weighted" {
			t.Fatalf("the answer is narrowed down by %q", filters)
		}
		reply, _ := f.QueryWith(ctx, m)
		if want := map[string]string{"a": "10.240.0.1", "b": "10.240.0.2"}[name]; len(reply.Answer) != 1 || reply.Answer[0].(*dns.A).A.String() != want {
			t.Fatalf("the metadata names %s, and the answer is %v", name, reply.Answer)
		}
		drawn[name] = true
	}
	if len(drawn) != 2 {
		t.Errorf("only %v is drawn", drawn)
	}
	state := request.Request{W: &test.ResponseWriter{}, Req: new(dns.Msg).SetQuestion("one.example.com.", dns.TypeA)}
	ctx := f.Metadata(metadata.ContextWithMetadata(context.Background()), state)
	if filters := metadata.ValueFunc(ctx, "k8s_gateway/steered")(); filters != "" {
		t.Errorf("nothing is left out, and yet the answer is narrowed down by %q", filters)
	}
}

func ingressNamed(name, host, addr string) string {
	return strings.Replace(fixture.AnIngress(host, addr), fmt.Sprintf("%q", fixture.ObjectName(host)), fmt.Sprintf("%q", name), 1)
}

// T1: a union knows the objects of a name that many share, and filters choose among them as they do among few, however they came and went.
func TestSteeredUnions(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	f := fixture.New(t, "resources Ingress\nnetwork even 10.240.0.0/16\nsteer subnet first")
	there := map[int]int{} // the third octet of each Ingress
	ingress := func(i, octet int) string {
		text := ingressNamed(fmt.Sprint("web", i), "web.example.com", fmt.Sprintf("10.%d.0.%d", octet, i))
		if octet == 241 {
			text = strings.Replace(text, "namespace: default}", `namespace: default, annotations: {coredns.io/priority: "-1"}}`, 1)
		}
		return text
	}
	for step := range 1500 {
		i := rnd.IntN(100)
		if octet, ok := there[i]; ok && rnd.IntN(3) == 0 {
			f.Remove(ingress(i, octet))
			delete(there, i)
		} else {
			there[i] = 239 + rnd.IntN(3)
			f.Apply(ingress(i, there[i]))
		}
		if step%50 != 0 && step < 1450 {
			continue
		}
		want := wanted(there, 240)
		if len(want) == 0 {
			continue
		}
		if got := f.Answers("web.example.com. A"); !slices.Equal(got, want) {
			t.Fatalf("step %d, %d Ingresses:\n got %v\nwant %v", step, len(there), got, want)
		}
	}
}

// wanted returns the answer for a client in 10.240.0.0/16: the test's ResponseWriter asks from there.
func wanted(there map[int]int, octet int) (list []string) {
	for i, o := range there {
		if o == octet {
			list = append(list, fmt.Sprintf("web.example.com.\t60\tIN\tA\t10.%d.0.%d", o, i))
		}
	}
	slices.Sort(list)
	return list
}

// N7: of a name that very many targets share, filters look at the first by object, in whatever order they came.
func TestSteeredCrowd(t *testing.T) {
	endpoint := func(order []int) string {
		var text strings.Builder
		for _, i := range order {
			fmt.Fprintf(&text, "\n  - {dnsName: web.example.com, recordType: A, targets: [10.1.%d.%d], setIdentifier: id%05d, providerSpecific: [{name: weight, value: '%d'}]}",
				i/250, i%250, i, map[bool]int{true: 1, false: 0}[i == 1023 || i == 1024])
		}
		return fixture.Endpoints("crowd", text.String())
	}
	order := rand.Perm(3000)
	f := fixture.New(t, "resources DNSEndpoint\nsteer weighted", endpoint(order))
	for range 50 {
		if got := f.Answers("web.example.com. A"); len(got) != 1 || !strings.HasSuffix(got[0], "10.1.4.23") {
			t.Fatalf("%v, want the target of id01023: the next one is beyond the first 1,024", got)
		}
	}
	f.Within(20*time.Millisecond, "a question", func() { f.Answers("web.example.com. A") })
}

// T8: the status page says what each filter keeps for a client, and without one shows all targets.
func TestSteeredPage(t *testing.T) {
	f := fixture.New(t, "resources Ingress\nstatus 127.0.0.1:0\nnetwork lan 10.240.0.0/16\nsteer subnet! weighted",
		ingressNamed("a", "web.example.com", "10.240.0.1"), ingressNamed("b", "web.example.com", "192.0.2.1"))
	page := f.Overview()
	e := page.Explain("web.example.com")
	if len(e.Answers) != 2 || !strings.Contains(strings.Join(e.Reasons, " "), "subnet!, weighted") {
		t.Errorf("without a client: %+v", e)
	}
	e = page.ExplainFor("web.example.com", netip.MustParsePrefix("10.240.7.7/32"))
	if len(e.Answers) != 1 || !strings.Contains(strings.Join(e.Reasons, " "), "The filter subnet keeps 1 of 2 targets: Ingress default/a (the client 10.240.7.7 is in the network lan).") {
		t.Errorf("with a client: %+v", e)
	}
	e = page.ExplainFor("web.example.com", netip.MustParsePrefix("203.0.113.0/24"))
	if len(e.Answers) != 0 || e.Result != "NOERROR" || !strings.Contains(strings.Join(e.Reasons, " "), "The filter subnet! keeps nothing of 2 targets") {
		t.Errorf("with a subnet that is in no network: %+v", e)
	}
}

// T1, N7: filters look at 1,024 targets of a name, and not at 1,024 entries: one with addresses of both families is one, and so is a route
// with many Gateways.
func TestTargetsAreCounted(t *testing.T) {
	count := func(f *fixture.Stanza, want int, qtypes ...string) {
		t.Helper()
		for _, qtype := range qtypes {
			if got := len(f.Answers("web.example.com. " + qtype)); got != want {
				t.Errorf("%d records of type %s, want %d", got, qtype, want)
			}
		}
	}
	var endpoints strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&endpoints, "\n  - {dnsName: web.example.com, recordType: A, targets: [10.0.%d.%d], setIdentifier: id%d}", i/200, i%200+1, i)
		fmt.Fprintf(&endpoints, "\n  - {dnsName: web.example.com, recordType: AAAA, targets: ['fd00::%x'], setIdentifier: id%d}", i+1, i)
	}
	count(fixture.New(t, "resources DNSEndpoint\nsteer first", fixture.Endpoints("both", endpoints.String())), 1000, "A", "AAAA")

	f := fixture.New(t, "resources DNSEndpoint\nsteer first")
	for i := range 700 {
		object := fixture.Endpoints("both", fmt.Sprintf("\n  - {dnsName: web.example.com, recordType: A, targets: [10.0.%d.%d]}\n  - {dnsName: web.example.com, recordType: AAAA, targets: ['fd00::%x']}", i/200, i%200+1, i+1))
		f.Apply(strings.Replace(object, "namespace: default", fmt.Sprintf("namespace: tenant%d", i), 1))
	}
	count(f, 700, "A", "AAAA")

	f = fixture.New(t, "resources HTTPRoute\nsteer first")
	gateway := func(name, addr string) string {
		f.Apply(fixture.AnObject("Gateway", "infra/"+name, "spec: {gatewayClassName: public, listeners: ["+fixture.FromAll("a", "")+"]}", "status: {addresses: [{value: "+addr+"}]}"))
		return "{name: " + name + ", namespace: infra}"
	}
	route := func(name string, parents ...string) {
		f.Apply(fixture.AnObject("HTTPRoute", "tenant/"+name, "spec: {parentRefs: ["+strings.Join(parents, ",")+"], hostnames: [web.example.com]}"))
	}
	var parents []string
	for i := range 32 {
		parents = append(parents, gateway(fmt.Sprint("gw", i), fmt.Sprintf("192.0.2.%d", i+1)))
	}
	for i := range 40 {
		route(fmt.Sprint("r", i), parents...)
	}
	route("z", gateway("own", "198.51.100.1"))
	count(f, 33, "A")
}
