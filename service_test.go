package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// S1: a Service of type LoadBalancer is <service>.<namespace>, and one of another type is nothing.
func TestServiceName(t *testing.T) {
	f := newFixture(t, "resources Service", aService("web", "", "192.0.2.1", "2001:db8::1"), `
apiVersion: v1
kind: Service
metadata: {name: cluster, namespace: default, annotations: {coredns.io/hostname: cluster.example.com}}
spec: {type: ClusterIP, externalIPs: [192.0.2.2]}
---
apiVersion: v1
kind: Service
metadata: {name: node, namespace: default}
spec: {type: NodePort}
status: {loadBalancer: {ingress: [{ip: 192.0.2.3}]}}
`)
	f.ask(
		a("web.default.example.com.", "192.0.2.1"),
		aaaa("web.default.example.com.", "2001:db8::1"),
		nodata("default.example.com.", dns.TypeA),
		nxdomain("web.example.com.", dns.TypeA),
		nxdomain("web.other.example.com.", dns.TypeA),
		nxdomain("cluster.example.com.", dns.TypeA),
		nxdomain("cluster.default.example.com.", dns.TypeA),
		nxdomain("node.default.example.com.", dns.TypeA),
	)
}

// S1: a Service that changes its type comes and goes.
func TestServiceChangesType(t *testing.T) {
	f := newFixture(t, "resources Service", aService("web", "", "192.0.2.1"))
	f.ask(a("web.default.example.com.", "192.0.2.1"))
	f.apply(strings.Replace(aService("web", "", "192.0.2.1"), "LoadBalancer", "NodePort", 1))
	f.ask(nxdomain("web.default.example.com.", dns.TypeA))
	f.apply(aService("web", "", "192.0.2.1"))
	f.ask(a("web.default.example.com.", "192.0.2.1"))
}

// S1, L3: what a hostname annotation may say, and the names that come of it.
func TestServiceHostname(t *testing.T) {
	for _, tc := range []struct {
		hostname string
		names    []string // each with the address, and no others
	}{
		{"web.example.com", []string{"web.example.com."}},
		{"web.example.com.", []string{"web.example.com."}},
		{"WEB.Example.Com", []string{"web.example.com."}},
		{"one.example.com,two.example.com", []string{"one.example.com.", "two.example.com."}},
		{" one.example.com , two.example.com. ", []string{"one.example.com.", "two.example.com."}},
		{",,one.example.com,, ,", []string{"one.example.com."}},
		{"one.example.com,one.example.com", []string{"one.example.com."}},
		{"*.web.example.com", []string{"x.web.example.com.", "x.y.web.example.com."}},
		{"good.ok", []string{"good.ok.example.com."}},
		{"single", []string{"single.example.com."}},
		{"*.relative", []string{"x.relative.example.com."}},
		{"*", []string{"x.example.com.", "web.default.example.com."}},
		{"web.example.net", []string{"web.example.net.example.com."}},
		{"good.example.com,bad_host,1.2.3.4", []string{"good.example.com."}},
		{"example.com", []string{"example.com."}},
		{"", []string{"web.default.example.com."}},
		{" , ", []string{"web.default.example.com."}},
		{"bad_host.example.com", []string{"web.default.example.com."}},
		{"192.0.2.1", []string{"web.default.example.com."}},
	} {
		f := newFixture(t, "resources Service", fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default, annotations: {coredns.io/hostname: %q}}
spec: {type: LoadBalancer}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
`, tc.hostname))
		for _, name := range tc.names {
			f.ask(a(name, "192.0.2.1"))
		}
		if last := tc.names[len(tc.names)-1]; last != "web.default.example.com." {
			f.ask(nxdomain("web.default.example.com.", dns.TypeA))
		}
		if t.Failed() {
			t.Fatalf("with %q", tc.hostname)
		}
	}
}

// S1, N5: empty items of the list are nothing to complain about.
func TestServiceHostnameEmptyItems(t *testing.T) {
	before := skippedCount(t, "Service", "name")
	newFixture(t, "resources Service", aService("web", ", web.example.com ,, ", "192.0.2.1"))
	if n := skippedCount(t, "Service", "name") - before; n != 0 {
		t.Errorf("counted %v bad names", n)
	}
}

// S1, L3: which annotation counts when there are several. One that is there without a good name is
// not passed over for the next.
func TestServiceHostnameAnnotations(t *testing.T) {
	const own, external, alpha = "coredns.io/hostname", "external-dns.kubernetes.io/hostname", "external-dns.alpha.kubernetes.io/hostname"
	for _, tc := range []struct {
		annotations map[string]string
		name        string
	}{
		{map[string]string{own: "own.example.com"}, "own.example.com."},
		{map[string]string{external: "external.example.com"}, "external.example.com."},
		{map[string]string{alpha: "alpha.example.com"}, "alpha.example.com."},
		{map[string]string{external: "external.example.com", alpha: "alpha.example.com"}, "external.example.com."},
		{map[string]string{own: "own.example.com", alpha: "alpha.example.com"}, "own.example.com."},
		{map[string]string{own: "own.example.com", external: "external.example.com", alpha: "alpha.example.com"}, "own.example.com."},
		{map[string]string{"external-dns.alpha.kubernetes.io/internal-hostname": "internal.example.com"}, "web.default.example.com."},
		{map[string]string{alpha: "alpha.example.com", "external-dns.alpha.kubernetes.io/target": "192.0.2.9", "external-dns.alpha.kubernetes.io/ttl": "9"}, "alpha.example.com."},
	} {
		f := newFixture(t, "resources Service", fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default, annotations: %s}
spec: {type: LoadBalancer}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
`, asJSON(tc.annotations)))
		for _, name := range []string{"own.example.com.", "external.example.com.", "alpha.example.com.", "internal.example.com.", "web.default.example.com."} {
			if name == tc.name {
				f.ask(a(name, "192.0.2.1"))
			} else {
				f.ask(nxdomain(name, dns.TypeA))
			}
		}
	}
}

// S1, N3: a name in none of the zones is relative to each of them; one in a zone is in that zone only.
func TestServiceRelativeName(t *testing.T) {
	f := newFixture(t, "k8s_gateway foo.org bar.org {\nresources Service\n}", aService("one", "good.ok", "192.0.2.1"), aService("two", "web.foo.org", "192.0.2.2"))
	f.ask(
		a("good.ok.foo.org.", "192.0.2.1"),
		a("good.ok.bar.org.", "192.0.2.1"),
		a("web.foo.org.", "192.0.2.2"),
		test.Case{Qname: "web.bar.org.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf("bar.org.")},
		test.Case{Qname: "web.foo.org.bar.org.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf("bar.org.")},
	)
}

// S2: external IPs take the place of the load balancer's addresses, if one of them is good.
func TestServiceExternalIPs(t *testing.T) {
	service := `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default}
spec: {type: LoadBalancer, loadBalancerIP: 192.0.2.9, clusterIP: 10.0.0.1, externalIPs: %s}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}, {ip: "2001:db8::1"}]}}
`
	name := "web.default.example.com."
	f := newFixture(t, "resources Service")
	f.apply(fmt.Sprintf(service, `[192.0.2.2, 192.0.2.3]`))
	f.ask(a(name, "192.0.2.2", "192.0.2.3"), nodata(name, dns.TypeAAAA))
	f.apply(fmt.Sprintf(service, `[not-an-address, 192.0.2.2]`))
	f.ask(a(name, "192.0.2.2"))
	f.apply(fmt.Sprintf(service, `[not-an-address, 0.0.0.0]`))
	f.ask(a(name, "192.0.2.1"), aaaa(name, "2001:db8::1"))
	f.apply(fmt.Sprintf(service, `[]`))
	f.ask(a(name, "192.0.2.1"), aaaa(name, "2001:db8::1"))
}

// S2: Services with one name are united, also where one has it by annotation and the other by default.
func TestServicesWithOneName(t *testing.T) {
	f := newFixture(t, "resources Service", aService("web", "", "192.0.2.1"), aService("other", "web.default", "192.0.2.2", "192.0.2.1"))
	f.ask(a("web.default.example.com.", "192.0.2.1", "192.0.2.2"))
	f.remove(aService("web", ""))
	f.ask(a("web.default.example.com.", "192.0.2.1", "192.0.2.2"))
	f.remove(aService("other", ""))
	f.ask(nxdomain("web.default.example.com.", dns.TypeA))
}

// Z13: a Service counts when its labels match one of the selectors.
func TestServiceLabelSelectors(t *testing.T) {
	f := newFixture(t, "resources Service\nserviceLabelSelectors app=web,tier!=test \"env in (prod, stage)\"")
	for labels, want := range map[string]bool{
		"{}":                                 false,
		"{app: web}":                         true,
		"{app: web, tier: test}":             false,
		"{app: web, tier: test, env: stage}": true,
		"{env: prod}":                        true,
		"{env: dev}":                         false,
	} {
		f.apply(fmt.Sprintf("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: default, labels: %s}\nspec: {type: LoadBalancer, externalIPs: [192.0.2.1]}", labels))
		if want {
			f.ask(a("web.default.example.com.", "192.0.2.1"))
		} else {
			f.ask(nxdomain("web.default.example.com.", dns.TypeA))
		}
	}
}
