package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// asked names every watch of a cluster as it is asked for: what, where, and with which selector.
func (l *live) asked(cluster int) (list []string) {
	for _, i := range l.clusters[cluster].Demanded() {
		r := i.Resource
		list = append(list, strings.TrimRight(fmt.Sprintf("%s in %q %s", r.Plural, r.Namespace, r.Labels), " "))
	}
	slices.Sort(list)
	return list
}

// `namespaces`: what is in namespaces is watched in these, one by one, so that a Role in each is enough. Nodes and
// Namespaces are in none. The nameserver's Service is watched where it is (A1).
func TestNamespacesWatched(t *testing.T) {
	l := newLive(t, "resources Ingress Service HTTPRoute Gateway DNSEndpoint Node\nnamespaces shop blog",
		anObject("Gateway", "shop/gw", "spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP, "+teamWeb+"}], allowedListeners: {namespaces: {from: All}}}"),
		anObject("Service", "blog/db", byEndpoints, "spec: {}"))
	want := []string{`namespaces in ""`, `nodes in ""`, `services in "kube-system"`}
	for _, plural := range []string{"ingresses", "services", "httproutes", "gateways", "dnsendpoints", "listenersets", "endpointslices"} {
		want = append(want, plural+` in "blog"`, plural+` in "shop"`)
	}
	slices.Sort(want)
	if got := l.asked(0); !slices.Equal(got, want) {
		t.Errorf("asked for:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Z13: what is in other namespaces does not exist, of any kind.
func TestNamespacesFilter(t *testing.T) {
	objects := func(ns string) []string {
		host := func(name string) string { return name + "." + ns + ".example.com" }
		return []string{
			anObject("Ingress", ns+"/web", "spec: {rules: [{host: "+host("ingress")+"}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"),
			anObject("Service", ns+"/web", "annotations: {coredns.io/hostname: "+host("service")+"}", "spec: {type: LoadBalancer, externalIPs: [192.0.2.1]}"),
			anObject("Service", ns+"/db", byEndpoints, "annotations: {coredns.io/hostname: "+host("endpoints")+"}", "spec: {}"),
			slice(ns+"/db", "db", "{addresses: [192.0.2.1]}"),
			anObject("Gateway", ns+"/gw", "annotations: {coredns.io/hostname: "+host("gateway")+"}", "spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}], allowedListeners: {namespaces: {from: Same}}}", "status: {addresses: [{value: 192.0.2.1}]}"),
			anObject("ListenerSet", ns+"/set", "spec: {parentRef: {name: gw}, listeners: [{name: http, port: 80, protocol: HTTP}]}"),
			aRouteTo("HTTPRoute", ns+"/web", "{name: gw}", host("route")), aRouteTo("HTTPRoute", ns+"/set", "{kind: ListenerSet, name: set}", host("set")),
			anObject("DNSEndpoint", ns+"/web", "spec: {endpoints: [{dnsName: "+host("endpoint")+", recordType: A, targets: [192.0.2.1]}]}"),
		}
	}
	const stanza = "resources Ingress Service HTTPRoute Gateway DNSEndpoint\n"
	names := func(ns string) string {
		return strings.ReplaceAll("ingress.NS service.NS endpoints.NS gateway.NS route.NS set.NS endpoint.NS", "NS", ns)
	}
	all := names("shop") + " " + names("blog") + " " + names("lab")
	for namespaces, served := range map[string]string{"": all, "namespaces shop": names("shop"), "namespaces shop lab": names("shop") + " " + names("lab"), "namespaces other": "", "namespaces sho": ""} {
		l := newLive(t, stanza+namespaces)
		for _, ns := range []string{"shop", "blog", "lab"} {
			l.apply(objects(ns)...)
		}
		l.only(all, served)
		if t.Failed() {
			t.Fatal(namespaces)
		}
	}
}

// A1: the nameserver's Service counts wherever it is.
func TestNamespacesNameserver(t *testing.T) {
	l := newLive(t, "apex dns.infra\nnamespaces shop\nlabelSelector app=web", anObject("Service", "infra/dns", "spec: {type: LoadBalancer, externalIPs: [192.0.2.53]}"))
	l.ask(a("dns.infra.example.com.", "192.0.2.53"))
}

// G3: a route in a watched namespace whose Gateway is in one that is not has no Gateway.
func TestNamespacesOfParents(t *testing.T) {
	objects := []string{edge(fromAll("http", ""), setsFromAll), aSet("shop/set", fromAll("http", "")),
		aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"), aRouteTo("HTTPRoute", "shop/set", "{kind: ListenerSet, name: set}", "set.example.com")}
	newLive(t, "resources HTTPRoute\nnamespaces shop", objects...).only("web set", "")
	newLive(t, "resources HTTPRoute\nnamespaces shop infra", objects...).only("web set", "web set")
}

// A list of one namespace replaces what was there from that namespace, and nothing else.
func TestWithinNamespace(t *testing.T) {
	f := newFixture(t, "resources Ingress\nnamespaces shop shop-2")
	for _, ns := range []string{"shop", "shop-2"} {
		for _, name := range []string{"one", "two"} {
			f.apply(anObject("Ingress", ns+"/"+name, "spec: {rules: [{host: "+name+"."+ns+".example.com}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"))
		}
	}
	index := f.kinds[0].parts[0].index
	for ns, want := range map[string][]string{"shop": {"shop/one", "shop/two"}, "shop-2": {"shop-2/one", "shop-2/two"}, "": {"shop-2/one", "shop-2/two", "shop/one", "shop/two"}, "sho": nil} {
		if got := slices.Sorted(slices.Values(store.Within[record.Record]{Store: index, Namespace: ns}.ListKeys())); !slices.Equal(got, want) {
			t.Errorf("within %q: %q, want %q", ns, got, want)
		}
	}
	all := "one.shop two.shop one.shop-2 two.shop-2"
	f.only(all, all)
	for _, i := range f.informers() {
		if i.What == "Ingress" && i.Resource.Namespace == "shop" {
			relist(t, i, decode(t, anObject("Ingress", "shop/two", "spec: {rules: [{host: two.shop.example.com}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"))...)
		}
	}
	f.only(all, "two.shop one.shop-2 two.shop-2")
}
