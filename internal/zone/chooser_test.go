package zone_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// claiming is an Ingress that claims some hosts.
func claiming(namespace, name string, annotations map[string]string, hosts ...string) *networkingv1.Ingress {
	ing := &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Annotations: annotations}}
	for _, host := range hosts {
		ing.Spec.Rules = append(ing.Spec.Rules, networkingv1.IngressRule{Host: host})
	}
	return ing
}

// fastest returns the shortest time that a question takes.
func fastest(f *fixture.Stanza, question string) time.Duration {
	shortest, req := time.Hour, fixture.Expect(question).Msg()
	for range 50 {
		shortest = min(shortest, fixture.Lasts(func() { _, _ = f.ServeDNS(context.Background(), &fixture.Discard{}, req) }))
	}
	return shortest
}

// N7, T1: objects without a target cost a question for their name nothing. Before, 20,000 of them made it 100 times as slow.
func TestPendingObjectsAtSteeredName(t *testing.T) {
	f := fixture.New(t, "resources Ingress\nsteer healthy")
	for _, name := range []string{"few", "many"} {
		f.Feed(cache.Updated, claiming("zz", name, map[string]string{"coredns.io/target": "192.0.2.1"}, name+".example.com"))
		for i := range 100 {
			f.Feed(cache.Updated, claiming("tenant", fmt.Sprint(name, i), nil, name+".example.com"))
		}
	}
	for i := range 20_000 {
		f.Feed(cache.Updated, claiming("tenant", fmt.Sprint("many", i), nil, "many.example.com"))
	}
	few, many := fastest(f, "few.example.com. A"), fastest(f, "many.example.com. A")
	t.Logf("%v for a name of 100 pending objects, %v for one of 20,000", few, many)
	if many > 10*few {
		t.Errorf("a question takes %v for a name of 20,000 pending objects, and %v for one of 100", many, few)
	}
	if m, _ := f.Query(fixture.Expect("many.example.com. A").Msg()); len(m.Answer) != 1 {
		t.Errorf("%v, want the address of the only target", m.Answer)
	}
}

// N7, T1: a tenant with more objects at a name than filters look at does not hide the targets of other tenants.
func TestTenantsShareRoomOfFilters(t *testing.T) {
	for _, steer := range []string{"steer first", "steer subnet!"} {
		f := fixture.New(t, "resources Ingress\n"+steer)
		f.Feed(cache.Updated, claiming("zz", "web", map[string]string{"coredns.io/target": "192.0.2.1", "coredns.io/priority": "-5"}, "web.example.com"))
		for i := range 1100 {
			f.Feed(cache.Updated, claiming("aa", fmt.Sprint("web", i), map[string]string{"coredns.io/target": "203.0.113.1", "coredns.io/clients": "203.0.113.1/32"}, "web.example.com"))
		}
		m, code := f.Query(fixture.Expect("web.example.com. A").Msg())
		if len(m.Answer) != 1 || m.Answer[0].(*dns.A).A.String() != "192.0.2.1" {
			t.Errorf("%s: code %d, %v, want 192.0.2.1", steer, code, m.Answer)
		}
	}
}

// N7, T1: the setIdentifiers of one DNSEndpoint do not hide the targets of another namespace either.
func TestIdentifiersShareRoomOfFilters(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint\nsteer first")
	list := "apiVersion: externaldns.k8s.io/v1alpha1\nkind: DNSEndpoint\nmetadata: {name: many, namespace: aa}\nspec:\n  endpoints:\n"
	for i := range 1100 {
		list += fmt.Sprintf("  - {dnsName: web.example.com, recordType: A, setIdentifier: '%d', targets: [203.0.113.1]}\n", i)
	}
	f.Apply(list)
	f.Apply("apiVersion: externaldns.k8s.io/v1alpha1\nkind: DNSEndpoint\nmetadata: {name: web, namespace: zz, annotations: {coredns.io/priority: '-5'}}\n" +
		"spec: {endpoints: [{dnsName: web.example.com, recordType: A, targets: [192.0.2.1]}]}")
	m, _ := f.Query(fixture.Expect("web.example.com. A").Msg())
	if len(m.Answer) != 1 || m.Answer[0].(*dns.A).A.String() != "192.0.2.1" {
		t.Errorf("%v, want 192.0.2.1", m.Answer)
	}
}

// N7: TXT records of a DNSEndpoint with different setIdentifiers are one RRset, because filters do not decide on them.
func TestIdentifiersOfOtherTypes(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint\nsteer first")
	var list string
	for i := range 100 {
		list += fmt.Sprintf("\n  - {dnsName: web.example.com, recordType: TXT, setIdentifier: '%d', targets: ['%d']}", i, i)
	}
	f.Apply(fixture.Endpoints("web", list))
	found := f.Served[0].Parts[0].Records.ByValue(0, "web.example.com")
	if n := len(found.All()[0].At("web.example.com")); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
	if m, _ := f.Query(fixture.Expect("web.example.com. TXT").Msg()); len(m.Answer) != 100 {
		t.Errorf("%d TXT records, want 100", len(m.Answer))
	}
}

// N7: filters look at a bounded number of targets for the additional section of one reply.
func TestAdditionalOfManyTargets(t *testing.T) {
	hosts := fixture.Numbered(20, "h%d.example.com")
	for steer, want := range map[string][2]int{"": {20, 20}, "steer first": {4, 8}} {
		f := fixture.New(t, "resources Ingress DNSEndpoint\n"+steer)
		for i := range 100 {
			f.Feed(cache.Updated, claiming("tenant", fmt.Sprint("web", i), map[string]string{"coredns.io/target": "192.0.2.1"}, hosts...))
		}
		f.Apply(fixture.Endpoints("mx", "\n  - {dnsName: mx.example.com, recordType: MX, targets: [\"10 "+strings.Join(hosts, `", "10 `)+"\"]}"))
		m, _ := f.Query(fixture.Expect("mx.example.com. MX").Msg().SetEdns0(65000, false))
		addrs := 0
		for _, rr := range m.Extra {
			if _, ok := rr.(*dns.A); ok {
				addrs++
			}
		}
		if len(m.Answer) != 20 || addrs < want[0] || addrs > want[1] {
			t.Errorf("%q: %d answers and %d addresses, want 20 and from %d to %d", steer, len(m.Answer), addrs, want[0], want[1])
		}
	}
}

// N7, T1: routes under a Gateway without an address are no targets until the Gateway has one.
func TestPendingRoutesAtSteeredName(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute\nsteer first", fixture.AGateway("ready", "192.0.2.1"), fixture.AGateway("pending"))
	for i := range 200 {
		f.Apply(fixture.AnObject("HTTPRoute", fmt.Sprint("default/a", i), "", "spec: {hostnames: [web.example.com], parentRefs: [{name: pending}]}"))
	}
	f.Apply(fixture.AnObject("HTTPRoute", "default/web", "", "spec: {hostnames: [web.example.com], parentRefs: [{name: ready}]}"))
	for i, want := range []int{1, 2} {
		if m, _ := f.Query(fixture.Expect("web.example.com. A").Msg()); len(m.Answer) != want {
			t.Errorf("%v, want %d addresses", m.Answer, want)
		}
		if i == 0 {
			f.Apply(fixture.AGateway("pending", "192.0.2.2"))
		}
	}
}

// T1: an object and its copy from before a relist are one target. Another object is another target.
func TestCopyFromBeforeRelistIsSameTarget(t *testing.T) {
	target := func(name string, earlier bool) *zone.Target {
		rec := &record.Record{Meta: record.Meta{Namespace: "default", Name: name}}
		if earlier {
			rec.MarkEarlier()
		}
		return &zone.Target{Record: rec, Data: &record.Data{Extra: record.NoExtra}}
	}
	if !target("web", false).SameTarget(target("web", true)) {
		t.Error("the copy is another target")
	}
	if target("web", false).SameTarget(target("api", true)) {
		t.Error("the copy of another object is the same target")
	}
}
