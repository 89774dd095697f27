package kube_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
)

// R7: nothing that people read shows an object twice, or under another name than its own, while a relist keeps what the
// object was before: the status page, explanations, metadata, the log and the numbers of names.
func TestRelistShowsObjectsOnce(t *testing.T) {
	const x, y, z = "x.example.com", "y.example.com", "z.example.com"
	everywhere := fixture.Edge("{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}")
	resolving := func(name, host string) string {
		return fixture.AnObject("Service", "shop/"+name, "labels: {k8s-gateway.dns/resolve-endpoints: \"true\"}", "annotations: {coredns.io/hostname: "+host+"}", "spec: {clusterIP: None}")
	}
	for _, tc := range []struct {
		what, kind, stanza string
		beside             []string
		object             func(name, host string) string
	}{
		{"Ingress", "Ingress", "resources Ingress", nil, func(name, host string) string { return fixture.IngressAt(name, host, "192.0.2.1") }},
		{"pending Ingress", "Ingress", "resources Ingress", nil, func(name, host string) string { return fixture.IngressAt(name, host) }},
		{"Service", "Service", "resources Service", nil, func(name, host string) string { return fixture.ServiceAt(name, host, "192.0.2.1") }},
		{"Service with endpoints", "Service", "resources Service", []string{fixture.Slice("shop/a", "a", "{addresses: [192.0.2.1]}"), fixture.Slice("shop/b", "b", "{addresses: [192.0.2.1]}")}, resolving},
		{"Service with too many endpoints", "Service", "resources Service", []string{crowdedSlice("a"), crowdedSlice("b")}, resolving},
		{"DNSEndpoint", "DNSEndpoint", "resources DNSEndpoint", nil, func(name, host string) string {
			return fixture.Endpoints(name, "\n  - {dnsName: "+host+", recordType: A, targets: [192.0.2.1]}")
		}},
		{"HTTPRoute", "HTTPRoute", "resources HTTPRoute", []string{everywhere}, func(name, host string) string {
			return fixture.ARouteTo("HTTPRoute", "shop/"+name, fixture.ToGateway, host)
		}},
		{"refused HTTPRoute", "HTTPRoute", "resources HTTPRoute", nil, func(name, host string) string {
			return fixture.ARouteTo("HTTPRoute", "shop/"+name, "{name: nowhere}", host)
		}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			said := fixture.Logged(t, func() {
				l := fixture.NewFresh(t, "status :0\nexplain\nfallthrough\n"+tc.stanza, append(tc.beside, tc.object("a", x), tc.object("b", y))...)
				i := l.Informers()[slices.IndexFunc(l.Informers(), func(i *kube.Informer) bool { return i.Title == tc.kind })]
				seen, names := 0, counted(l, tc.kind)
				fixture.AfterEachPut(t, i, func() {
					seen++
					noneTwice(l)
					if now := counted(l, tc.kind); tc.kind != "HTTPRoute" && now > names { // a name of a route is given up at the end
						t.Errorf("%d names, %d before", now, names)
					}
					for _, name := range []string{x, y, z} {
						neverMarked(l, name)
					}
				})
				fixture.Relist(t, i, append(fixture.Decode(t, tc.object("a", y)), fixture.Decode(t, tc.object("b", z))...)...)
				if seen < 4 {
					t.Errorf("looked %d times", seen)
				}
			})
			if marked(said) {
				t.Errorf("logged: %q", said)
			}
		})
	}
}

// crowdedSlice is an EndpointSlice of a Service with more endpoints than a Service may have.
func crowdedSlice(service string) string {
	var all []string
	for n := range source.MaxEndpoints + 1 {
		all = append(all, fmt.Sprintf("{addresses: [10.1.%d.%d]}", n>>8, n&255))
	}
	return fixture.Slice("shop/"+service, service, all...)
}

// marked reports whether a text has the mark of an object as it was before a relist.
func marked(text string) bool {
	return strings.Contains(text, "\x00") || strings.Contains(text, `\x00`) || strings.Contains(text, `\u0000`)
}

// counted returns how many names the objects of a kind claim, as the metric has it.
func counted(l *fixture.Live, kind string) (n int) {
	for _, s := range l.Overview().State().Sources {
		if s.Kind == kind {
			n += s.Names
		}
	}
	return n
}

// noneTwice checks the rows of the status page.
func noneTwice(l *fixture.Live) {
	l.T.Helper()
	state := l.Overview().State()
	rows := map[string]bool{}
	for _, c := range state.Claims {
		if c.Object == nil || c.Object.Kind == "Corefile" {
			continue
		}
		key := fmt.Sprintf("%s %s/%s", c.Object.Kind, c.Object.Namespace, c.Object.Name)
		row := fmt.Sprintf("%s %s %s %s", key, c.Name, c.Type, c.Reason)
		if marked(row) || rows[row] {
			l.T.Errorf("on the page: %q", row)
		}
		rows[row] = true
	}
	for _, s := range state.Sources {
		if s.Objects > 2 {
			l.T.Errorf("%d objects of kind %s", s.Objects, s.Kind)
		}
	}
}

// neverMarked checks explanations and metadata of a name.
func neverMarked(l *fixture.Live, name string) {
	l.T.Helper()
	if e := l.Overview().Explain(name); marked(fmt.Sprint(e)) {
		l.T.Errorf("explained: %q", e.Reasons)
	}
	m := new(dns.Msg).SetQuestion(name+".", dns.TypeA)
	m.SetEdns0(dns.DefaultMsgSize, false)
	if reply, _ := l.Query(m); reply != nil && marked(reply.String()) {
		l.T.Errorf("replied: %s", reply)
	}
	ctx := l.Metadata(metadata.ContextWithMetadata(context.Background()), request.Request{W: &test.ResponseWriter{}, Req: m})
	if object := metadata.ValueFunc(ctx, "k8s_gateway/name")(); marked(object) {
		l.T.Errorf("metadata: %q", object)
	}
}
