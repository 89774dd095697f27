package zone_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	networkingv1 "k8s.io/api/networking/v1"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/measure"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
)

// sharing is the i-th of many Ingresses that share a host, each with an address of its own.
func sharing(i int) kube.Object {
	return &networkingv1.Ingress{
		ObjectMeta: metav1.ObjectMeta{Namespace: "tenant", Name: fmt.Sprint("web", i), Annotations: map[string]string{"coredns.io/ttl": fmt.Sprint(100 + i)}},
		Spec:       networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: "web.example.com"}}},
		Status: networkingv1.IngressStatus{LoadBalancer: networkingv1.IngressLoadBalancerStatus{
			Ingress: []networkingv1.IngressLoadBalancerIngress{{IP: fixture.Addresses(i + 1)[i]}}}},
	}
}

func sharedByMany(b testing.TB, n int) *fixture.Stanza {
	f := fixture.New(b, "resources Ingress")
	addrs := fixture.Addresses(n)
	for i := range n {
		ing := &networkingv1.Ingress{
			ObjectMeta: metav1.ObjectMeta{Namespace: "tenant", Name: fmt.Sprint("web", i), Annotations: map[string]string{"coredns.io/ttl": fmt.Sprint(100 + i)}},
			Spec:       networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: "web.example.com"}}},
		}
		ing.Status.LoadBalancer.Ingress = []networkingv1.IngressLoadBalancerIngress{{IP: addrs[i%200]}}
		f.Feed(cache.Updated, ing)
	}
	return f
}

// N7: what a question for a name costs does not grow with the objects that share it, and they come and go for little.
func TestNameSharedByMany(t *testing.T) {
	allocations := func(f *fixture.Stanza) float64 {
		req, w := new(dns.Msg).SetQuestion("web.example.com.", dns.TypeTXT), &fixture.Discard{}
		return testing.AllocsPerRun(100, func() { _, _ = f.ServeDNS(t.Context(), w, req) })
	}
	few, many := sharedByMany(t, 2), sharedByMany(t, 20_000)
	if !measure.RaceDetector {
		if few, many := allocations(few), allocations(many); many > few {
			t.Errorf("%v allocations for a name of 20,000 objects, %v for one of two", many, few)
		}
	}
	m, _ := many.Query(fixture.Expect("web.example.com. A").Msg())
	if len(m.Answer) != 200 || m.Answer[0].Header().Ttl != 100 {
		t.Errorf("%d addresses with TTL %d, want 200 with 100", len(m.Answer), m.Answer[0].Header().Ttl)
	}
	many.Within(time.Minute, "the departure of 20,000 objects, with a question after each", func() {
		for i := range 20_000 - 1 {
			many.Feed(cache.Deleted, &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: "tenant", Name: fmt.Sprint("web", i)}})
			many.Query(fixture.Expect("web.example.com. TXT").Msg())
		}
	})
	m, _ = many.Query(fixture.Expect("web.example.com. A").Msg())
	if len(m.Answer) != 1 || m.Answer[0].Header().Ttl != 100+20_000-1 {
		t.Errorf("left: %v", m.Answer)
	}
	if s := many.Served[0].Parts[0]; len(s.Unions) > 0 {
		t.Errorf("%d unions are left", len(s.Unions))
	}
}

// BenchmarkNameShared asks for a name that few and many objects share. They have as many addresses, 200.
func BenchmarkNameShared(b *testing.B) {
	for _, n := range []int{200, 20_000} {
		f := sharedByMany(b, n)
		b.Run(fmt.Sprintf("objects=%d", n), func(b *testing.B) {
			fixture.ServeBench(b, f, 200, new(dns.Msg).SetQuestion("web.example.com.", dns.TypeA))
		})
	}
}

// BenchmarkChangeShared changes an object at a name that 20,000 share.
func BenchmarkChangeShared(b *testing.B) {
	f := sharedByMany(b, 20_000)
	list := []kube.Object{sharing(7), sharing(8)}
	list[1].(*networkingv1.Ingress).Name = "web7"
	for i := 0; b.Loop(); i++ {
		f.Feed(cache.Updated, list[i%2])
		f.Query(fixture.Expect("web.example.com. TXT").Msg())
	}
}

// Z14, Z15, C1, C2, C5, D3: a union that is kept says the same as the objects themselves, whatever comes and goes: each version is asked
// for both.
func TestUnionSaysWhatObjectsSay(t *testing.T) {
	f := fixture.New(t, "resources Ingress Service HTTPRoute DNSEndpoint", fixture.AGateway("gw0", "192.0.2.1"), fixture.AGateway("gw1", "192.0.2.2", "2001:db8::1"))
	rnd := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	many, mails := fixture.Addresses(3000), fixture.Numbered(20, "%d mx.example.net")
	owners := []string{"web.example.com", "*.web.example.com", "example.com"}
	object := func(i int) string {
		owner, ttl := pick(owners...), fmt.Sprint(10+rnd.IntN(5))
		name := fmt.Sprint("o", i)
		addrs := pick("192.0.2.1", "192.0.2.2,192.0.2.3", "2001:db8::1", "192.0.2.4,2001:db8::2", "a.example.net", "b.example.net,a.example.net",
			"web.example.com", "x.web.example.com", "x.web.example.com,a.example.net",
			strings.Join(many[rnd.IntN(1000):][:20], ",")+",2001:db8::3", strings.Join(many[rnd.IntN(1000):][:2000], ","))
		annotations := fmt.Sprintf("annotations: {coredns.io/hostname: %q, coredns.io/target: %q, coredns.io/ttl: %q}", owner, addrs, ttl)
		switch i % 4 {
		case 0:
			return fixture.AnObject("Ingress", "default/"+name, annotations, "spec: {}")
		case 1:
			return fixture.AnObject("Service", "default/"+name, annotations, "spec: {type: LoadBalancer, ports: [{name: "+pick("http", "dns")+", port: "+pick("80", "81")+"}]}")
		case 2:
			if rnd.IntN(2) == 0 {
				annotations = fmt.Sprintf("annotations: {coredns.io/hostname: %q, coredns.io/ttl: %q}", owner, ttl)
			}
			return fixture.AnObject("HTTPRoute", "default/"+name, annotations, "spec: {parentRefs: [{name: "+pick("gw0", "gw1")+"}]}")
		}
		return fixture.Endpoints(name, fmt.Sprintf("\n  - {dnsName: %q, recordTTL: %s, %s}\n  - {dnsName: %q, recordTTL: %s, %s}", owner, ttl, pick(
			"recordType: CNAME, targets: [c.example.net]", "recordType: CNAME, targets: [a.example.net]", "recordType: CNAME, targets: [x.web.example.com]",
			"recordType: TXT, targets: [one, two]", "recordType: TXT, targets: [two]",
			"recordType: TXT, targets: ["+strings.Join(many[rnd.IntN(1000):][:1500], ", ")+"]", "recordType: MX, targets: ["+strings.Join(mails, ", ")+"]", `recordType: MX, targets: ["10 mx.example.net"]`,
			"recordType: A, targets: [192.0.2.9]", "recordType: AAAA, targets: ['2001:db8::9']"), owner, ttl,
			pick("recordType: TXT, targets: [three]", "recordType: A, targets: [192.0.2.8]")))
	}
	there := map[int]string{}
	for i := range 900 {
		there[i] = object(i)
		f.Apply(there[i])
	}
	unions := 0
	for step := range 60 {
		i := rnd.IntN(1200)
		switch {
		case step%50 == 0:
			f.Apply(fixture.AGateway(pick("gw0", "gw1"), strings.Split(pick("192.0.2.1", "192.0.2.5,192.0.2.6", "2001:db8::5", ""), ",")...))
		case there[i] != "" && rnd.IntN(2) == 0:
			f.Remove(there[i])
			delete(there, i)
		default:
			there[i] = object(i)
			f.Apply(there[i])
		}
		for i := range f.Served {
			unions += len(f.Served[i].Parts[0].Unions)
		}
		if !fixture.CompareUnions(t, f, fmt.Sprint("step ", step), "web.example.com", "x.web.example.com", "y.web.example.com", "example.com", "_http._tcp.web.example.com") {
			return
		}
	}
	if unions < 60 {
		t.Errorf("%d unions were asked", unions)
	}
}

// N5, N7: what one object or several say is answered in full over TCP, as far as a message has room.
func TestAnswersPack(t *testing.T) {
	sixes := func(from, n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf("2001:db8::%x:%x", (from+i)>>16, (from+i)&0xffff)
		}
		return strings.Join(list, ",")
	}
	all := fixture.Addresses(12_000)
	of := func(name, targets string) string {
		return fixture.AnObject("Ingress", "default/"+name, fmt.Sprintf("annotations: {coredns.io/hostname: %q, coredns.io/target: %q}", name[:1]+".example.com", targets), "spec: {}")
	}
	f := fixture.New(t, "resources Ingress", of("a", strings.Join(all[:5000], ",")), of("b", sixes(0, 5000)))
	for i := range 6 {
		f.Apply(of(fmt.Sprint("c", i), strings.Join(all[2000*i:2000*i+2000], ",")))
		f.Apply(of(fmt.Sprint("d", i), sixes(2000*i, 2000)))
	}
	for i := range 3 {
		f.Apply(of(fmt.Sprint("e", i), strings.Join(all[2000*i:2000*i+2000], ",")))
	}
	for question, want := range map[string]int{
		"a.example.com. A": 3839, "b.example.com. AAAA": 2194, "c.example.com. A": 3839, "d.example.com. AAAA": 2194, "e.example.com. A": 3839,
	} {
		m, _ := f.Query(fixture.Expect(question).Msg())
		m.SetEdns0(4096, true)
		m.Compress = true
		if wire, err := m.Pack(); len(m.Answer) != want || err != nil || len(wire) > dns.MaxMsgSize {
			t.Errorf("%s: %d answers, want %d; %d octets, %v", question, len(m.Answer), want, len(wire), err)
		}
	}
}

// N7: the names of an object are also limited by their labels: each label may be a name in between.
func TestLimitLabels(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	f.Feed(cache.Updated, deepIngress(0, 4_000, "192.0.2.1"))
	if n := f.Names.Len(); n > object.MaxLabels+200 {
		t.Errorf("one object makes %d names", n)
	}
}
