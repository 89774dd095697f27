package gateway

import (
	"fmt"
	"testing"
)

// L2: the hostname annotation adds names in every kind, and replaces those of a Service (S1). On a route
// without hosts of its own the listener's stay.
func TestHostnameAnnotation(t *testing.T) {
	const all = "web one x.two web.example"
	for _, kind := range append([]string{"DNSEndpoint"}, annotatedKinds...) {
		own := "web"
		switch kind {
		case "Service", "Gateway", "TCPRoute", "UDPRoute":
			own = ""
		}
		for hostname, added := range map[string]string{
			"one.example.com":                           "one",
			"one.example.com,*.two.example.com":         "one x.two",
			" ONE.example.com. ,, ":                     "one",
			"bad_host.example.com,one.example.com":      "one",
			"192.0.2.1,one.example.com,one.example.net": "one",
			"one.example.com,one.example.com":           "one",
			"a.*.example.com,*.two.example.com":         "x.two",
		} {
			more := ""
			if kind == "DNSEndpoint" { // whose endpoints each stand alone (D1): added names need a target
				more = ", coredns.io/target: 192.0.2.1"
			}
			l := newLive(t, "resources "+kind, annotated(kind, fmt.Sprintf("coredns.io/hostname: %q", hostname)+more))
			l.only(all, own+" "+added)
			if t.Failed() {
				t.Fatalf("%s with %q", kind, hostname)
			}
		}
	}
}

// L2: the annotation comes, changes and goes.
func TestHostnameAnnotationChanges(t *testing.T) {
	for _, kind := range annotatedKinds {
		l := newLive(t, "resources "+kind)
		for range 2 {
			l.apply(annotated(kind, "coredns.io/hostname: one.example.com"))
			l.only("one two", "one")
			l.apply(annotated(kind, "coredns.io/hostname: two.example.com"))
			l.only("one two", "two")
			l.apply(annotated(kind, ""))
			l.only("one two", "")
		}
		if t.Failed() {
			t.Fatal(kind)
		}
	}
}

// L2, N5: bad names are counted, one by one, and once.
func TestHostnameAnnotationBad(t *testing.T) {
	for _, kind := range annotatedKinds {
		before := skippedCount(t, kind, "name")
		object := annotated(kind, "coredns.io/hostname: \"bad_host.example.com,web.example.com,b@d\"")
		l := newLive(t, "resources "+kind, object, object)
		l.only("web", "web")
		if n := skippedCount(t, kind, "name") - before; n != 2 {
			t.Errorf("%s: counted %v bad names, want 2", kind, n)
		}
	}
}

// L2, G5: names that the annotation adds to a route still have to match a listener.
func TestHostnameAnnotationOfRoute(t *testing.T) {
	const all = "web one x.one other x.deep"
	for _, tc := range []struct{ listener, hosts, annotation, served string }{
		{"", "web.example.com", "one.example.com", "web one"},
		{"web.example.com", "web.example.com", "one.example.com", "web"},
		{"one.example.com", "web.example.com", "one.example.com", "one"},
		{"*.deep.example.com", "web.example.com", "x.deep.example.com,other.example.com", "x.deep"},
		{"other.example.com", "", "one.example.com", "other"},
		{"*.example.com", "one.example.com", "*.one.example.com", "one x.one"},
		{"one.example.com", "", "*.example.com", "one"},
		{"", "", "one.example.com", "one"},
	} {
		hosts := "[]"
		if tc.hosts != "" {
			hosts = list(tc.hosts)
		}
		l := newLive(t, "resources HTTPRoute", edge(fromAll("http", tc.listener)),
			anObject("HTTPRoute", "shop/web", fmt.Sprintf("annotations: {coredns.io/hostname: %q}", tc.annotation), "spec: {hostnames: "+hosts+", parentRefs: ["+toGateway+"]}"))
		l.only(all, tc.served)
		if t.Failed() {
			t.Fatal(tc)
		}
	}
}
