package zone_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// rulesWithBackends is an Ingress with some rules of one host, each with a backend Service of its own.
func rulesWithBackends(host string, rules int) *networkingv1.Ingress {
	ing := hostsWithBackends(rules)
	ing.Annotations = map[string]string{"coredns.io/target": "192.0.2.1"}
	for i := range ing.Spec.Rules {
		ing.Spec.Rules[i].Host = host
	}
	return ing
}

// N7, T2: the backends of a host are looked up once, and not for each of its rules. For each rule, this took 20 s.
func TestRulesOfOneHost(t *testing.T) {
	f := fixture.New(t, "resources Ingress\nsteer healthy")
	f.Within(2*time.Second, "an Ingress with 8,000 rules of one host", func() { f.Feed(cache.Updated, rulesWithBackends(fixture.Host(0), 8000)) })
	f.Ask(fixture.A(fixture.Host(0)+".", "192.0.2.1"))
}

// N7, T2: the backends of the rules without a host are looked up once, and not for each name of an annotation. For each name, this took
// 20 s.
func TestBackendsOfAnnotatedNames(t *testing.T) {
	f := fixture.New(t, "resources Ingress\nsteer healthy")
	ing := rulesWithBackends("", 8000)
	ing.Annotations["coredns.io/hostname"] = strings.Join(fixture.Numbered(8000, "h%d.example.com"), ",")
	f.Within(2*time.Second, "an Ingress with 8,000 backends and 8,000 names", func() { f.Feed(cache.Updated, ing) })
	f.Ask(fixture.A(fixture.Host(7999)+".", "192.0.2.1"))
}

// hostsWithBackends is an Ingress with some hosts, each with a backend Service of its own, and many addresses.
func hostsWithBackends(hosts int) *networkingv1.Ingress {
	ing := &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: "tenant", Name: "large", Annotations: map[string]string{
		"coredns.io/target": strings.Join(fixture.Addresses(3800), ",")}}}
	for i := range hosts {
		backend := networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: fmt.Sprint("s", i)}}
		ing.Spec.Rules = append(ing.Spec.Rules, networkingv1.IngressRule{Host: fixture.Host(i), IngressRuleValue: networkingv1.IngressRuleValue{
			HTTP: &networkingv1.HTTPIngressRuleValue{Paths: []networkingv1.HTTPIngressPath{{Path: "/", Backend: backend}}}}})
	}
	return ing
}

// N7, T2: a change of an object with thousands of hosts, addresses and backends costs about as much with `steer` as without. With `steer`,
// it took 200 times as long before lists that the hosts share were compared once.
func TestChangeOfHostsWithBackends(t *testing.T) {
	change := func(steer string) int64 {
		f := fixture.New(t, "resources Ingress\n"+steer)
		f.Feed(cache.Updated, hostsWithBackends(3000))
		return int64(fixture.Lasts(func() { f.Feed(cache.Updated, hostsWithBackends(3001)) }))
	}
	plain, steered := change(""), change("steer healthy")
	t.Logf("%d ms without steer, %d ms with it", plain/1e6, steered/1e6)
	if steered > 20*plain {
		t.Errorf("a change takes %d ms with steer, and %d ms without", steered/1e6, plain/1e6)
	}
}
