package gateway

import (
	"strings"
	"testing"
)

// G5: the situations of the Gateway API conformance suite about host names: of a route and of a listener, each
// exact, wild or left out. A request that a Gateway would answer has a name that resolves.
func TestConformanceHostnameIntersection(t *testing.T) {
	gateway := edge(`
    {name: exact, port: 80, protocol: HTTP, hostname: very.specific.example.com},
    {name: wild, port: 80, protocol: HTTP, hostname: "*.wild.example.com"},
    {name: other, port: 80, protocol: HTTP, hostname: "*.other.example.com"}`)
	const all = "very.specific non.matching x.specific x.wild y.wild x.y.wild x.other y.x.other x.none wrong.very.specific"
	for hosts, served := range map[string]string{
		"non.matching,*.none,very.specific":        "very.specific",
		"non.matching,wild,x.wild,y.wild,x.y.wild": "x.wild y.wild x.y.wild",
		"non.matching,*.specific":                  "very.specific",
		"*.other":                                  "x.other y.x.other",
		"wrong.very.specific,wild":                 "",
		"":                                         "very.specific x.wild y.wild x.y.wild x.other y.x.other",
	} {
		l := newLive(t, "resources HTTPRoute", gateway, aRouteTo("HTTPRoute", "infra/web", toGateway, hostsOf(hosts)...))
		l.only(all, served)
		if t.Failed() {
			t.Fatal(hosts)
		}
	}
}

// hostsOf puts a list of labels into example.com.
func hostsOf(labels string) (hosts []string) {
	for label := range strings.SplitSeq(labels, ",") {
		if label != "" {
			hosts = append(hosts, label+".example.com")
		}
	}
	return hosts
}

// G5: a listener without a host takes all of them.
func TestConformanceHostnameAll(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge("{name: any, port: 80, protocol: HTTP}"),
		aRouteTo("HTTPRoute", "infra/web", toGateway, hostsOf("first,sub.first,second,sub.second")...))
	l.only("first sub.first second sub.second third sub.third x.sub.first", "first sub.first second sub.second")
}

// G5: TLSRoutes: listeners and routes with hosts of each sort, all serving the SNI that both match.
func TestConformanceTLSHostnames(t *testing.T) {
	const all = "abc xyz a.b.c"
	for _, tc := range []struct{ listener, route, served string }{
		{"abc.example.com", "*.example.com", "abc"},
		{"*.example.com", "abc.example.com", "abc"},
		{"*.example.com", "*.com", all},
		{"*.com", "abc.example.com", "abc"},
		{"*.com", "*.example.com", all},
		{"", "abc.example.com", "abc"},
		{"", "*.com", all},
		{"www.example.com", "www.example.net", ""},
		{"www.example.com", "*.example.net", ""},
		{"*.example.com", "*.example.net", ""},
	} {
		for _, mode := range []string{"Passthrough", "Terminate"} {
			l := newLive(t, "resources TLSRoute", edge(`{name: tls, port: 443, protocol: TLS, hostname: "`+tc.listener+`", tls: {mode: `+mode+`}, allowedRoutes: {namespaces: {from: Same}, kinds: [{kind: TLSRoute}]}}`),
				aRouteTo("TLSRoute", "infra/web", toGateway, tc.route))
			l.only(all, tc.served)
			if t.Failed() {
				t.Fatal(tc)
			}
		}
	}
}

// G3, G5: GRPCRoutes that each refer to a section, and inherit its host.
func TestConformanceListenerHostnames(t *testing.T) {
	for _, kind := range []string{"GRPCRoute", "HTTPRoute"} {
		l := newLive(t, "resources "+kind, edge(`
    {name: one, port: 80, protocol: HTTP, hostname: bar.example.com},
    {name: two, port: 80, protocol: HTTP, hostname: foo.bar.example.com},
    {name: three, port: 80, protocol: HTTP, hostname: "*.bar.example.com"},
    {name: four, port: 80, protocol: HTTP, hostname: "*.foo.example.com"}`))
		const all = "bar foo.bar baz.bar boo.bar multiple.prefixes.bar multiple.prefixes.foo no"
		section := func(name string) string { return "{name: gw, sectionName: " + name + "}" }
		l.apply(aRouteTo(kind, "infra/one", section("one")))
		l.only(all, "bar")
		l.apply(aRouteTo(kind, "infra/two", section("two")))
		l.only(all, "bar foo.bar")
		l.apply(aRouteTo(kind, "infra/three", section("three")+", "+section("four")))
		l.only(all, "bar foo.bar baz.bar boo.bar multiple.prefixes.bar multiple.prefixes.foo")
		l.remove(aRouteTo(kind, "infra/three", ""))
		l.only(all, "bar foo.bar")
	}
}

// G5: with isolation between listeners, a more specific one takes the requests, though not the names: the
// route still has them, at the same Gateway.
func TestConformanceIsolation(t *testing.T) {
	gateway := edge(strings.Join([]string{fromAll("empty", ""), fromAll("wild", "*.example.com"), fromAll("foo", "*.foo.example.com"), fromAll("abc", "abc.foo.example.com")}, ", "))
	hosts := []string{"bar.com", "*.example.com", "*.foo.example.com", "abc.foo.example.com"}
	const all = "x a.b x.foo abc.foo"
	for section, served := range map[string]string{
		"empty": all,
		"wild":  all,
		"foo":   "x.foo abc.foo",
		"abc":   "abc.foo",
	} {
		l := newLive(t, "resources HTTPRoute", gateway, aRouteTo("HTTPRoute", "infra/web", "{name: gw, sectionName: "+section+"}", hosts...))
		l.only(all, served)
		if t.Failed() {
			t.Fatal(section)
		}
	}
}
