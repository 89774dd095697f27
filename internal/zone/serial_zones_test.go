package zone_test

import (
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// A3: the serial goes forward with a change, to at most a second ahead of the clock, and a change that
// came too late for that shows as soon as it can. Comparison is RFC 1982's, across the wrap.
// A3: the serial stays while nothing changes, and every change is seen in the end.
// A3: what can alter an answer moves the serial, and nothing else does.
func TestSerialMoves(t *testing.T) {
	f := fixture.New(t, "resources Ingress HTTPRoute")
	labelled := `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web.example.com, namespace: default, labels: {app: web}, resourceVersion: "2"}
spec: {rules: [{host: web.example.com}], defaultBackend: {service: {name: web}}}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
`
	for _, tc := range []struct {
		what   string
		change func()
		want   bool
	}{
		{"nothing", func() {}, false},
		{"new Ingress", func() { f.Apply(fixture.AnIngress("web.example.com", "192.0.2.1")) }, true},
		{"the same again", func() { f.Apply(fixture.AnIngress("web.example.com", "192.0.2.1")) }, false},
		{"labels, backend and version", func() { f.Apply(labelled) }, false},
		{"another address", func() { f.Apply(fixture.AnIngress("web.example.com", "192.0.2.1", "192.0.2.2")) }, true},
		{"other order", func() { f.Apply(fixture.AnIngress("web.example.com", "192.0.2.2", "192.0.2.1")) }, false},
		{"name in no zone", func() { f.Apply(fixture.AnIngress("web.example.net", "192.0.2.1")) }, false},
		{"removed", func() { f.Remove(fixture.AnIngress("web.example.com")) }, true},
		{"removed again", func() { f.Remove(fixture.AnIngress("web.example.com")) }, false},
		{"Gateway without routes", func() { f.Apply(fixture.AGateway("gw", "192.0.2.3")) }, false},
		{"route without Gateway", func() { f.Apply(fixture.ARoute("HTTPRoute", "lost", "none", "lost.example.com")) }, false},
		{"route", func() { f.Apply(fixture.ARoute("HTTPRoute", "one", "gw", "route.example.com")) }, true},
		{"second route for the host", func() { f.Apply(fixture.ARoute("HTTPRoute", "two", "gw", "route.example.com")) }, false},
		{"first route gone", func() { f.Remove(fixture.ARoute("HTTPRoute", "one", "gw", "route.example.com")) }, false},
		{"Gateway moved", func() { f.Apply(fixture.AGateway("gw", "192.0.2.4")) }, true},
		{"Gateway pending", func() { f.Apply(fixture.AGateway("gw")) }, true},
		{"Gateway gone", func() { f.Remove(fixture.AGateway("gw")) }, true},
		{"Gateway back", func() { f.Apply(fixture.AGateway("gw", "192.0.2.4")) }, true},
		{"last route gone", func() { f.Remove(fixture.ARoute("HTTPRoute", "two", "gw", "route.example.com")) }, true},
		{"wildcard above the zone", func() { f.Apply(fixture.ARoute("HTTPRoute", "above", "gw", "*.com")) }, true},
		{"nameserver Service", func() { f.Apply(fixture.NameserverService) }, true},
		{"the same again", func() { f.Apply(fixture.NameserverService) }, false},
		{"nameserver Service gone", func() { f.Remove(fixture.NameserverService) }, true},
	} {
		if got := f.Moves("example.com", tc.change); got != tc.want {
			t.Errorf("%s: moved %t, want %t", tc.what, got, tc.want)
		}
	}
}

// A3, N5: a value that is skipped alters no answer.
func TestSerialSkippedValue(t *testing.T) {
	f := fixture.New(t, "")
	f.Apply(fixture.AnIngress("web.example.com", "192.0.2.1"))
	if f.Moves("example.com", func() { f.Apply(fixture.AnIngress("web.example.com", "192.0.2.1", "bad-address")) }) {
		t.Error("moved")
	}
}

// A3: nor does a nameserver's Service without an address.
func TestSerialNameserverPending(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	if f.Moves("example.com", func() {
		f.Apply("apiVersion: v1\nkind: Service\nmetadata: {name: dns1, namespace: kube-system}\nspec: {type: LoadBalancer}")
	}) {
		t.Error("moved")
	}
}

// A3, N3: each zone has a serial of its own.
func TestSerialPerZone(t *testing.T) {
	f := fixture.New(t, "k8s_gateway example.com example.org sub.example.com", fixture.AnIngress("x.example.com", "192.0.2.1"))
	apply := func() { f.Apply(fixture.AnIngress("www.example.com", "192.0.2.1")) }
	remove := func() { f.Remove(fixture.AnIngress("www.example.com")) }
	for zone, want := range map[string]bool{"example.com": true, "example.org": false, "sub.example.com": false} {
		if got := f.Moves(zone, apply); got != want {
			t.Errorf("%s: moved %t, want %t", zone, got, want)
		}
		remove()
	}
}

// A3, W2, W5: a Gateway API wildcard alters answers in the zones below its own as well.
func TestSerialWildcardOverInnerZone(t *testing.T) {
	f := fixture.New(t, "k8s_gateway example.com sub.example.com {\nresources HTTPRoute\n}", fixture.AGateway("gw", "192.0.2.1"))
	if !f.Moves("sub.example.com", func() { f.Apply(fixture.ARoute("HTTPRoute", "web", "gw", "*.example.com")) }) {
		t.Error("did not move")
	}
	f.Ask(fixture.A("www.sub.example.com.", "192.0.2.1"))
}

// A3, W5: a DNS wildcard above the zone alters no answer.
func TestSerialWildcardAboveZone(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint")
	if f.Moves("example.com", func() { f.Apply(fixture.AnEndpoint("*.com", "A", "192.0.2.1")) }) {
		t.Error("moves the serial")
	}
}

// A3: labels that nothing depends on do not move the serial.
func TestNamespaceSerial(t *testing.T) {
	l := fixture.NewLive(t, "resources HTTPRoute", fixture.Edge("{name: http, port: 80, protocol: HTTP, "+fixture.TeamWeb+"}"), fixture.ANamespace("shop", "team: web"),
		fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToGateway, "web.example.com"))
	for labels, want := range map[string]bool{"team: web, tier: gold": false, "team: text": true} {
		l.Apply(fixture.ANamespace("shop", "team: web"))
		if got := l.Moves("example.com", func() { l.Apply(fixture.ANamespace("shop", labels)) }); got != want {
			t.Errorf("labels %s: serial moved: %t", labels, got)
		}
	}
}

// A3: answers and negative answers tell the same serial, which is about the time.
func TestSerialInReplies(t *testing.T) {
	f := fixture.New(t, "")
	before := time.Now().Unix()
	f.Apply(fixture.AnIngress("web.example.com", "192.0.2.1"))
	answer, _ := f.Query(new(dns.Msg).SetQuestion("example.com.", dns.TypeSOA))
	negative, _ := f.Query(new(dns.Msg).SetQuestion("nowhere.example.com.", dns.TypeA))
	after := time.Now().Unix()
	serial := int64(answer.Answer[0].(*dns.SOA).Serial)
	if serial < before-1 || serial > after+1 {
		t.Errorf("serial %d, time %d to %d", serial, before, after)
	}
	if got := int64(negative.Ns[0].(*dns.SOA).Serial); got != serial {
		t.Errorf("serial %d in a negative answer, %d at the apex", got, serial)
	}
}

// A3: a Gateway that moves does not move the serial for routes that answer with a target of their own.
func TestTargetAnnotationSerial(t *testing.T) {
	l := fixture.NewLive(t, "resources HTTPRoute", fixture.Edge(fixture.FromAll("http", "")),
		fixture.AnObject("HTTPRoute", "shop/own", "annotations: {coredns.io/target: 192.0.2.8}", "spec: {hostnames: [own.example.com], parentRefs: ["+fixture.ToGateway+"]}"))
	if l.Moves("example.com", func() {
		l.Apply(fixture.Edge(fixture.FromAll("http", ""), "annotations: {coredns.io/target: 192.0.2.7}"))
	}) {
		t.Error("serial moved, and no answer has changed")
	}
}

// A3: the serial moves when an endpoint does, and not when a slice changes nothing.
func TestEndpointsSerial(t *testing.T) {
	l := fixture.NewLive(t, "resources Service", fixture.ResolvedService(), fixture.Slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
	if l.Moves("example.com", func() { l.Apply(fixture.Slice("shop/a", "db", "{addresses: [192.0.2.1], conditions: {ready: true}}")) }) {
		t.Error("moved for nothing")
	}
	if l.Moves("example.com", func() { l.Apply(fixture.Slice("shop/b", "other", "{addresses: [192.0.2.2]}")) }) {
		t.Error("moved for another Service")
	}
	if !l.Moves("example.com", func() { l.Apply(fixture.Slice("shop/a", "db", "{addresses: [192.0.2.3]}")) }) {
		t.Error("did not move")
	}
}
