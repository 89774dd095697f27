package gateway

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// L2: the target annotation takes the place of an object's own targets, in every kind: addresses, host names,
// or both, of which the addresses count (C1). What is bad in it is left out (N5, C5, N6).
func TestTargetAnnotation(t *testing.T) {
	for _, kind := range annotatedKinds {
		for target, want := range map[string][]string{
			"192.0.2.7":                      {"A 192.0.2.7"},
			" 192.0.2.8 ,192.0.2.7,,":        {"A 192.0.2.7", "A 192.0.2.8"},
			"192.0.2.7,192.0.2.7":            {"A 192.0.2.7"},
			"192.0.2.7,2001:db8::7":          {"A 192.0.2.7"},
			"::ffff:192.0.2.7":               {"A 192.0.2.7"},
			"2001:db8::7":                    nil,
			"lb.example.net":                 {"CNAME lb.example.net.", "A 192.0.2.9"},
			"LB.example.net.":                {"CNAME lb.example.net.", "A 192.0.2.9"},
			"lb.example.net,192.0.2.7":       {"A 192.0.2.7"},
			"*.example.net,192.0.2.7":        {"A 192.0.2.7"},
			"bad host,192.0.2.7":             {"A 192.0.2.7"},
			"*.example.net,lb.example.net":   {"CNAME lb.example.net.", "A 192.0.2.9"},
			"0.0.0.0,192.0.2.7,fe80::1%eth0": {"A 192.0.2.7"},
			"192.0.2.7,256.0.0.1":            {"A 192.0.2.7"},
		} {
			l := newLive(t, "resources "+kind, annotated(kind, namedWeb+", coredns.io/target: "+fmt.Sprintf("%q", target)))
			l.outside("lb.example.net. 60 IN A 192.0.2.9")
			var lines []string
			for _, w := range want {
				owner := "web.example.com."
				if w == "A 192.0.2.9" {
					owner = "lb.example.net."
				}
				lines = append(lines, owner+" 60 IN "+w)
			}
			if want == nil {
				lines = []string{"soa"}
			}
			l.check(expect("web.example.com. A", lines...))
			if t.Failed() {
				t.Fatalf("%s with %q", kind, target)
			}
		}
	}
}

// L2: as in external-dns, an annotation that is there but empty is none.
func TestTargetAnnotationEmpty(t *testing.T) {
	for _, kind := range annotatedKinds {
		for _, target := range []string{"", " ", ",", " , ,"} {
			l := newLive(t, "resources "+kind, annotated(kind, namedWeb+", coredns.io/target: "+fmt.Sprintf("%q", target)))
			l.ask(a("web.example.com.", "192.0.2.1"))
			if t.Failed() {
				t.Fatalf("%s with %q", kind, target)
			}
		}
	}
}

// N5: an annotation with nothing good in it costs itself only: the object's own addresses still answer, and
// it is counted.
func TestTargetAnnotationBad(t *testing.T) {
	for _, kind := range annotatedKinds {
		before := skippedCount(t, kind, "name") + skippedCount(t, kind, "address")
		l := newLive(t, "resources "+kind, annotated(kind, namedWeb+", coredns.io/target: \"*.example.net,0.0.0.0\""))
		if n := skippedCount(t, kind, "name") + skippedCount(t, kind, "address") - before; n != 2 {
			t.Errorf("%s: counted %v bad values, want 2", kind, n)
		}
		if l.ask(a("web.example.com.", "192.0.2.1")); t.Failed() {
			t.Fatal(kind)
		}
	}
}

// L2: the annotation comes, changes and goes.
func TestTargetAnnotationChanges(t *testing.T) {
	for _, kind := range annotatedKinds {
		l := newLive(t, "resources "+kind)
		for range 2 {
			for target, want := range map[string]string{"": "192.0.2.1", ", coredns.io/target: 192.0.2.7": "192.0.2.7", ", coredns.io/target: 192.0.2.8": "192.0.2.8"} {
				l.apply(annotated(kind, namedWeb+target))
				if l.ask(a("web.example.com.", want)); t.Failed() {
					t.Fatal(kind, target)
				}
			}
		}
	}
}

// L2, N5: on a route whose Gateway is pending, annotations of every sort come and go without harm.
func TestTargetAnnotationOfPendingRoute(t *testing.T) {
	pending := anObject("Gateway", "infra/gw", "spec: {gatewayClassName: public, listeners: [{name: http, port: 80, protocol: HTTP}]}")
	route := func(annotations string) string {
		return anObject("HTTPRoute", "infra/web", "annotations: {"+annotations+"}", "spec: {hostnames: [web.example.com], parentRefs: [{name: gw}]}")
	}
	forms := []string{"", "coredns.io/target: \"\"", "coredns.io/target: \"*.example.net\"", "coredns.io/target: web.example.com", "coredns.io/target: \",\""}
	for _, one := range forms {
		for _, two := range forms {
			l := newLive(t, "resources HTTPRoute", pending, route(one))
			l.apply(route(two))
			l.ask(nxdomain("web.example.com.", dns.TypeA))
			l.remove(route(two))
			l.ask(nxdomain("web.example.com.", dns.TypeA))
			if t.Failed() {
				t.Fatalf("%q, then %q", one, two)
			}
		}
	}
}

// L2: a Gateway's target serves all its routes, but for those that have one of their own.
func TestTargetAnnotationOfGateway(t *testing.T) {
	gateway := func(annotations string) string {
		return edge(fromAll("http", ""), setsFromAll, "annotations: {"+annotations+"}")
	}
	l := newLive(t, "resources HTTPRoute", gateway("coredns.io/target: 192.0.2.7"), aSet("infra/set", fromAll("http", "")),
		aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"), aRouteTo("HTTPRoute", "shop/set", toSet, "set.example.com"),
		anObject("HTTPRoute", "shop/own", "annotations: {coredns.io/target: 192.0.2.8}", "spec: {hostnames: [own.example.com], parentRefs: ["+toGateway+"]}"))
	own := a("own.example.com.", "192.0.2.8")
	l.ask(a("web.example.com.", "192.0.2.7"), a("set.example.com.", "192.0.2.7"), own)
	l.apply(gateway("coredns.io/target: 192.0.2.9"))
	l.ask(a("web.example.com.", "192.0.2.9"), a("set.example.com.", "192.0.2.9"), own)
	l.apply(gateway(""))
	l.ask(a("web.example.com.", "192.0.2.1"), a("set.example.com.", "192.0.2.1"), own)
}

// A3: a Gateway that moves does not move the serial for routes that answer with a target of their own.
func TestTargetAnnotationSerial(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge(fromAll("http", "")),
		anObject("HTTPRoute", "shop/own", "annotations: {coredns.io/target: 192.0.2.8}", "spec: {hostnames: [own.example.com], parentRefs: ["+toGateway+"]}"))
	if l.moves("example.com", func() { l.apply(edge(fromAll("http", ""), "annotations: {coredns.io/target: 192.0.2.7}")) }) {
		t.Error("serial moved, and no answer has changed")
	}
}

// L2: a route with a target of its own needs no address of its Gateway, though a Gateway that takes it.
func TestTargetAnnotationOfRoute(t *testing.T) {
	pending := anObject("Gateway", "infra/gw", "spec: {gatewayClassName: public, listeners: ["+fromAll("http", "*.example.com")+"]}")
	route := anObject("HTTPRoute", "shop/own", "annotations: {coredns.io/target: 192.0.2.8}", "spec: {hostnames: [own.example.com], parentRefs: ["+toGateway+"]}")
	l := newLive(t, "resources HTTPRoute", route)
	l.only("own", "")
	l.apply(pending)
	l.ask(a("own.example.com.", "192.0.2.8"))
	l.remove(pending)
	l.only("own", "")
}
