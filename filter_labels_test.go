package gateway

import (
	"fmt"
	"strings"
	"testing"
)

// labelled is an object of a kind that answers at web.example.com, with labels as YAML.
func labelled(kind, labels string) string {
	return strings.Replace(annotated(kind, namedWeb), "annotations: {coredns.io", "labels: {"+labels+"}, annotations: {coredns.io", 1)
}

// Z13: `labelSelector` holds for every kind. Objects of other labels are not asked for, but for Gateways, whose
// routes count whatever their own labels are.
func TestLabelSelector(t *testing.T) {
	for _, kind := range append([]string{"DNSEndpoint"}, annotatedKinds...) {
		for selector, want := range map[string]bool{
			"app=web": true, "app": true, "app!=db": true, "\"app in (web, db)\"": true, "app=web,tier!=test": true, "!tier": true,
			"app=db": false, "tier": false, "\"app notin (web)\"": false, "app=web,tier=gold": false, "!app": false,
		} {
			served := ""
			if want {
				served = "web"
			}
			l := newLive(t, "resources "+kind+"\nlabelSelector "+selector, labelled(kind, "app: web"))
			l.only("web", served)
			for _, i := range l.clusters[0].Demanded() {
				if i.What == kind && kind != "Gateway" && i.Resource.Labels != strings.Trim(selector, `"`) {
					t.Errorf("%s asked for with selector %q", kind, i.Resource.Labels)
				}
				if i.What == "Gateway" && i.Resource.Labels != "" {
					t.Errorf("Gateways asked for with selector %q", i.Resource.Labels)
				}
			}
			if t.Failed() {
				t.Fatal(kind, selector)
			}
		}
	}
}

// Z13: objects come and go with their labels.
func TestLabelSelectorChanges(t *testing.T) {
	for _, kind := range append([]string{"DNSEndpoint"}, annotatedKinds...) {
		l := newLive(t, "resources "+kind+"\nlabelSelector app=web")
		for range 2 {
			l.apply(labelled(kind, "app: web"))
			l.only("web", "web")
			l.apply(labelled(kind, "app: db"))
			l.only("web", "")
		}
		if t.Failed() {
			t.Fatal(kind)
		}
	}
}

// Z13: Services have to match both it and one of `serviceLabelSelectors`.
func TestLabelSelectorOfServices(t *testing.T) {
	for labels, want := range map[string]bool{
		"app: web":               false,
		"tier: gold":             false,
		"app: web, tier: gold":   true,
		"app: web, tier: silver": true,
		"app: db, tier: gold":    false,
		"app: web, tier: iron":   false,
	} {
		l := newLive(t, "resources Service Ingress\nlabelSelector app=web\nserviceLabelSelectors tier=gold tier=silver", labelled("Service", labels),
			anObject("Ingress", "shop/one", "labels: {app: web}", "spec: {rules: [{host: one.example.com}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"))
		served := "one"
		if want {
			served = "one web"
		}
		if l.only("web one", served); t.Failed() {
			t.Fatal(labels)
		}
	}
}

// What decides about routes and Services is watched whatever its labels are.
func TestLabelSelectorOfParents(t *testing.T) {
	l := newLive(t, "resources HTTPRoute Service\nlabelSelector app=web",
		edge("{name: http, port: 80, protocol: HTTP, "+teamWeb+"}", setsFromAll), aSet("infra/set", fromAll("http", "")), aNamespace("shop", "team: web"),
		strings.Replace(aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"), "metadata: {", "metadata: {labels: {app: web}, ", 1),
		strings.Replace(aRouteTo("HTTPRoute", "shop/set", toSet, "set.example.com"), "metadata: {", "metadata: {labels: {app: web}, ", 1),
		strings.Replace(resolvedService(), "labels: {", "labels: {app: web, ", 1), slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
	l.only("web set db", "web set db")
}

// L1: the ignore label excludes an object of any kind, if it says "true".
func TestIgnoreLabelOfEveryKind(t *testing.T) {
	for _, kind := range append([]string{"DNSEndpoint"}, annotatedKinds...) {
		for value, want := range map[string]bool{"true": false, "false": true, "TRUE": true, "": true, "yes": true} {
			served := ""
			if want {
				served = "web"
			}
			l := newLive(t, "resources "+kind, labelled(kind, fmt.Sprintf("k8s-gateway.dns/ignore: %q", value)))
			if l.only("web", served); t.Failed() {
				t.Fatal(kind, value)
			}
		}
	}
}
