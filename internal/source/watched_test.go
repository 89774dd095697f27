package source_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// asked names every watch of a cluster as it is asked for: what, where, and with which selector.
func askedFor(l *fixture.Live, cluster int) (list []string) {
	for _, i := range l.Clusters[cluster].Demanded() {
		r := i.Resource
		list = append(list, strings.TrimRight(fmt.Sprintf("%s in %q %s", r.Plural, r.Namespace, r.Labels), " "))
	}
	slices.Sort(list)
	return list
}

// `namespaces`: what is in namespaces is watched in these, one by one, so that a Role in each is enough. Nodes and
// Namespaces are in none. The nameserver's Service is watched where it is (A1).
func TestNamespacesWatched(t *testing.T) {
	l := fixture.NewLive(t, "resources Ingress Service HTTPRoute Gateway DNSEndpoint Node\nnamespaces shop blog",
		fixture.AnObject("Gateway", "shop/gw", "spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP, "+fixture.TeamWeb+"}], allowedListeners: {namespaces: {from: All}}}"),
		fixture.AnObject("Service", "blog/db", fixture.ByEndpoints, "spec: {}"))
	want := []string{`namespaces in ""`, `nodes in ""`, `services in "kube-system"`}
	for _, plural := range []string{"ingresses", "services", "httproutes", "gateways", "dnsendpoints", "listenersets", "endpointslices"} {
		want = append(want, plural+` in "blog"`, plural+` in "shop"`)
	}
	slices.Sort(want)
	if got := askedFor(l, 0); !slices.Equal(got, want) {
		t.Errorf("asked for:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A list of one namespace replaces what was there from that namespace, and nothing else.
func TestWithinNamespace(t *testing.T) {
	f := fixture.New(t, "resources Ingress\nnamespaces shop shop-2")
	for _, ns := range []string{"shop", "shop-2"} {
		for _, name := range []string{"one", "two"} {
			f.Apply(fixture.AnObject("Ingress", ns+"/"+name, "spec: {rules: [{host: "+name+"."+ns+".example.com}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"))
		}
	}
	index := f.Served[0].Parts[0].Records
	for ns, want := range map[string][]string{"shop": {"shop/one", "shop/two"}, "shop-2": {"shop-2/one", "shop-2/two"}, "": {"shop-2/one", "shop-2/two", "shop/one", "shop/two"}, "sho": nil} {
		if got := slices.Sorted(slices.Values(store.Within[record.Record]{Store: index, Namespace: ns}.ListKeys())); !slices.Equal(got, want) {
			t.Errorf("within %q: %q, want %q", ns, got, want)
		}
	}
	all := "one.shop two.shop one.shop-2 two.shop-2"
	f.Only(all, all)
	for _, i := range f.Informers() {
		if i.Title == "Ingress" && i.Resource.Namespace == "shop" {
			fixture.Relist(t, i, fixture.Decode(t, fixture.AnObject("Ingress", "shop/two", "spec: {rules: [{host: two.shop.example.com}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"))...)
		}
	}
	f.Only(all, "two.shop one.shop-2 two.shop-2")
}

// labelSelector is a part of the list and the watch, so that the API server sends no object of other labels. Gateways are watched
// whatever their labels are, because their routes count.
func TestLabelSelectorIsAskedFor(t *testing.T) {
	for _, kind := range append([]string{"DNSEndpoint"}, fixture.AnnotatedKinds...) {
		l := fixture.NewLive(t, "resources "+kind+"\nlabelSelector \"app in (web, db)\"")
		for _, i := range l.Clusters[0].Demanded() {
			want := ""
			if i.Title == kind && kind != "Gateway" {
				want = "app in (web, db)"
			}
			if i.Resource.Labels != want {
				t.Errorf("resources %s: %s asked for with selector %q, want %q", kind, i.Title, i.Resource.Labels, want)
			}
		}
	}
}

// EndpointSlices, ListenerSets and Namespaces are watched once an object depends on them, and not before.
func TestWatchedOnDemand(t *testing.T) {
	selecting := "{name: http, port: 80, protocol: HTTP, " + fixture.TeamWeb + "}"
	targeted := fixture.AnObject("Service", "shop/db", fixture.ByEndpoints, "annotations: {coredns.io/target: 192.0.2.7}", "spec: {type: ClusterIP}")
	for _, tc := range []struct {
		stanza, kind string
		want         bool
		objects      []string
	}{
		{"", "EndpointSlice", false, []string{fixture.AnObject("Service", "shop/db", "spec: {type: ClusterIP}")}},
		{"", "EndpointSlice", false, []string{targeted}},
		{"", "EndpointSlice", true, []string{fixture.ResolvedService()}},
		{"serviceLabelSelectors app=web", "EndpointSlice", false, []string{fixture.ResolvedService()}},
		{"labelSelector app=web", "EndpointSlice", false, []string{fixture.ResolvedService()}},
		{"namespaces blog", "EndpointSlice", false, []string{fixture.ResolvedService()}},

		{"", "ListenerSet", false, []string{fixture.Edge(fixture.FromAll("http", ""))}},
		{"", "ListenerSet", true, []string{fixture.Edge(fixture.FromAll("http", ""), fixture.SetsFromSame)}},
		{"gatewayClasses private", "ListenerSet", false, []string{fixture.Edge(fixture.FromAll("http", ""), fixture.SetsFromAll)}},

		{"", "Namespace", false, []string{fixture.Edge(fixture.FromAll("http", ""))}},
		{"", "Namespace", false, []string{fixture.Edge("{name: http, port: 80, protocol: HTTP}", fixture.SetsFromAll), fixture.ASet("shop/set", fixture.FromAll("http", ""))}},
		{"", "Namespace", true, []string{fixture.Edge(selecting)}},
		{"", "Namespace", true, []string{fixture.Edge("", fixture.SetsTeamWeb)}},
		{"", "Namespace", true, []string{fixture.Edge("", fixture.SetsFromAll), fixture.ASet("shop/set", selecting)}},
	} {
		l := fixture.NewLive(t, "apex ns1 192.0.2.53\nresources HTTPRoute Service\n"+tc.stanza, tc.objects...)
		if got := fixture.Contains(l.Watched(0), tc.kind); got != tc.want {
			t.Errorf("%s %v: watched: %v", tc.stanza, tc.objects, l.Watched(0))
		}
	}
}

// A1: no Service is watched for a nameserver's name of one label or of three, or for one whose addresses are given.
func TestNameserverServiceIsNotWatched(t *testing.T) {
	for _, stanza := range []string{"apex ns1", "apex a.b.c", "apex dns1.kube-system 192.0.2.99", "apex ns1\nsecondary dns1.kube-system 192.0.2.99"} {
		f := fixture.New(t, "resources Service\n"+stanza)
		for _, i := range f.Informers() {
			if i.Title != "Service" {
				t.Errorf("%s: watches %s", stanza, i.Title)
			}
		}
	}
}
