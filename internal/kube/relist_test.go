package kube_test

import (
	"slices"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// R7: a relist in which objects swapped names, or in which one took over the name of another that is gone, answers for
// the names throughout, in whichever order the list has the objects.
func TestRelistKeepsNames(t *testing.T) {
	const x, y = "x.example.com", "y.example.com"
	ingress := func(name, host string) string { return fixture.IngressAt(name, host, "192.0.2.1") }
	service := func(name, host string) string { return fixture.ServiceAt(name, host, "192.0.2.1") }
	endpoint := func(name, host string) string {
		return fixture.Endpoints(name, "\n  - {dnsName: "+host+", recordType: A, targets: [192.0.2.1]}")
	}
	route := func(kind string) func(name, host string) string {
		return func(name, host string) string { return fixture.ARouteTo(kind, "shop/"+name, fixture.ToGateway, host) }
	}
	everything := fixture.Edge("{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}, {name: tls, port: 443, protocol: TLS, allowedRoutes: {namespaces: {from: All}}}, {name: tcp, port: 90, protocol: TCP, allowedRoutes: {namespaces: {from: All}}}")
	listening := func(name, host string) string {
		return fixture.AnObject("Gateway", "infra/"+name, "spec: {gatewayClassName: public, listeners: ["+fixture.FromAll("http", host)+"]}", "status: {addresses: [{value: 192.0.2.1}]}")
	}
	inherits := fixture.AnObject("HTTPRoute", "shop/web", "spec: {parentRefs: [{name: a, namespace: infra}, {name: b, namespace: infra}]}")
	set := func(name, host string) string { return fixture.ASet("shop/"+name, fixture.FromAll("http", host)) }
	inheritsSets := fixture.AnObject("HTTPRoute", "shop/web", "spec: {parentRefs: [{kind: ListenerSet, name: a}, {kind: ListenerSet, name: b}]}")
	annotated := func(name, host string) string {
		return fixture.AnObject("Gateway", "infra/"+name, "annotations: {coredns.io/hostname: "+host+"}", "spec: {gatewayClassName: public, listeners: []}", "status: {addresses: [{value: 192.0.2.1}]}")
	}
	resolving := func(name, host string) string {
		return fixture.AnObject("Service", "shop/"+name, "labels: {k8s-gateway.dns/resolve-endpoints: \"true\"}", "annotations: {coredns.io/hostname: "+host+"}", "spec: {clusterIP: None}")
	}
	for _, tc := range []struct {
		name, stanza, kind string
		beside             []string
		object             func(name, host string) string
	}{
		{"Ingress", "resources Ingress", "Ingress", nil, ingress},
		{"Service", "resources Service", "Service", nil, service},
		{"Service with endpoints", "resources Service", "Service", []string{fixture.Slice("shop/a", "a", "{addresses: [192.0.2.1]}"), fixture.Slice("shop/b", "b", "{addresses: [192.0.2.1]}")}, resolving},
		{"DNSEndpoint", "resources DNSEndpoint", "DNSEndpoint", nil, endpoint},
		{"HTTPRoute", "resources HTTPRoute", "HTTPRoute", []string{everything}, route("HTTPRoute")},
		{"TLSRoute", "resources TLSRoute", "TLSRoute", []string{everything}, route("TLSRoute")},
		{"TCPRoute", "resources TCPRoute", "TCPRoute", []string{everything}, route("TCPRoute")},
		{"listeners of Gateways", "resources HTTPRoute", "Gateway", []string{inherits}, listening},
		{"listeners of ListenerSets", "resources HTTPRoute", "ListenerSet", []string{fixture.Edge("", fixture.SetsFromAll), inheritsSets}, set},
		{"Gateway", "resources Gateway", "Gateway", nil, annotated},
	} {
		for how, list := range map[string][]string{
			"swapped":               {tc.object("a", y), tc.object("b", x)},
			"swapped, other order":  {tc.object("b", x), tc.object("a", y)},
			"taken over":            {tc.object("b", x), tc.object("c", y)},
			"taken over, other way": {tc.object("c", x), tc.object("a", y)},
		} {
			if tc.name == "listeners of Gateways" || tc.name == "listeners of ListenerSets" || tc.name == "Service with endpoints" {
				if how != "swapped" && how != "swapped, other order" {
					continue // nothing refers to c
				}
			}
			t.Run(tc.name+", "+how, func(t *testing.T) {
				l := fixture.NewFresh(t, tc.stanza, append(tc.beside, tc.object("a", x), tc.object("b", y))...)
				i := relistInSteps(l, tc.kind, func() {
					l.Ask(fixture.A(x+".", "192.0.2.1"), fixture.A(y+".", "192.0.2.1"), fixture.NXDomain("z.example.com.", dns.TypeA))
				}, list...)
				fixture.Relist(t, i)
				l.Ask(fixture.NXDomain(x+".", dns.TypeA), fixture.NXDomain(y+".", dns.TypeA))
			})
		}
	}
}

// relistInSteps has the informer of a kind list some manifests anew. It calls check before, after, and whenever something was
// stored, and fails the test if the same list stores something again. The informer that it returns no longer calls check.
func relistInSteps(l *fixture.Live, kind string, check func(), manifests ...string) *kube.Informer {
	l.T.Helper()
	steps, checks := 0, true
	step := func() {
		if checks {
			steps++
			check()
		}
	}
	step()
	n := slices.IndexFunc(l.Informers(), func(i *kube.Informer) bool { return i.Title == kind })
	i := l.Informers()[n]
	fixture.AfterEachPut(l.T, i, step)
	var objs []kube.Object
	for _, m := range manifests {
		objs = append(objs, fixture.Decode(l.T, m)...)
	}
	fixture.Relist(l.T, i, objs...)
	if step(); steps < 4 {
		l.T.Errorf("%d steps", steps)
	}
	again := steps
	if fixture.Relist(l.T, i, objs...); steps != again {
		l.T.Errorf("%d more steps for the same list", steps-again)
	}
	checks = false
	return i
}
