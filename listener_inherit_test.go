package gateway

import "testing"

// G5: a route without hosts takes those of the listeners that count, of ListenerSets as well. No hosts on
// either side are nothing.
func TestInheritFromListeners(t *testing.T) {
	all := "gw x.gw set x.set other"
	listeners := fromAll("exact", "gw.example.com") + ", " + fromAll("wild", "*.gw.example.com") + ", " + fromAll("any", "")
	for _, kind := range []string{"HTTPRoute", "GRPCRoute"} {
		l := newLive(t, "resources "+kind, edge(listeners, setsFromAll),
			aSet("infra/set", fromAll("exact", "set.example.com")+", "+fromAll("wild", "*.set.example.com")+", "+fromAll("any", "")))
		for refs, served := range map[string]string{
			toGateway:                "gw x.gw",
			toSet:                    "set x.set",
			toSet + ", " + toGateway: "gw x.gw set x.set",
			"{kind: ListenerSet, name: set, namespace: infra, sectionName: wild}": "x.set",
			"{kind: ListenerSet, name: set, namespace: infra, sectionName: any}":  "",
			"{name: gw, namespace: infra, sectionName: any}":                      "",
			"{name: gw, namespace: infra, sectionName: exact}":                    "gw",
		} {
			l.apply(aRouteTo(kind, "shop/web", refs))
			if served == "x.set" { // which has set above it, as a name that only has names below
				l.only("gw x.gw x.set other", served)
				continue
			}
			l.only(all, served)
			if t.Failed() {
				t.Fatalf("%s to %s", kind, refs)
			}
		}
	}
}

// G5: hosts of a route and of a ListenerSet's listener are matched both ways.
func TestListenerSetHosts(t *testing.T) {
	for _, tc := range []struct{ listener, route, all, served string }{
		{"web.example.com", "web.example.com", "web x.web", "web"},
		{"*.example.com", "web.example.com", "web x.web other", "web"},
		{"*.example.com", "x.web.example.com", "other x.web", "x.web"},
		{"web.example.com", "*.example.com", "web x.web other", "web"},
		{"*.web.example.com", "*.example.com", "x.web y.x.web other", "x.web y.x.web"},
		{"*.example.com", "*.web.example.com", "x.web y.x.web other", "x.web y.x.web"},
		{"*.web.example.com", "web.example.com", "web x.web", ""},
		{"web.example.com", "*.web.example.com", "web x.web", ""},
		{"one.example.com", "two.example.com", "one two", ""},
		{"*.one.example.com", "*.two.example.com", "x.one x.two", ""},
		{"WEB.example.com", "web.EXAMPLE.com", "web", "web"},
		{"*.com", "*.web.example.com", "x.web other", "x.web"},
		{"*.com", "web.example.com", "web other", "web"},
		{"", "*.com", "web x.y", "web x.y"},
		{"", "web.example.com", "web other", "web"},
	} {
		l := newLive(t, "resources TLSRoute", edge("", setsFromSame),
			aSet("infra/set", `{name: tls, port: 443, protocol: TLS, hostname: "`+tc.listener+`"}`), aRouteTo("TLSRoute", "infra/web", toSet, tc.route))
		l.only(tc.all, tc.served)
		if t.Failed() {
			t.Fatalf("listener %q, route %q", tc.listener, tc.route)
		}
	}
}

// G5, N5: a route whose hosts are all bad is not one without hosts.
func TestBadHostsDoNotInherit(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge("", setsFromSame), aSet("infra/set", fromAll("http", "set.example.com")), aRouteTo("HTTPRoute", "infra/web", toSet, "bad_host.example.com"))
	l.only("set", "")
}

// G5, N5: a listener whose host is bad takes nothing, rather than everything.
func TestBadListenerSetHost(t *testing.T) {
	before := skippedCount(t, "ListenerSet", "name")
	l := newLive(t, "resources HTTPRoute", edge("", setsFromSame), aSet("infra/set", fromAll("bad", "bad_host.example.com")+", "+fromAll("good", "good.example.com")),
		aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com", "good.example.com"))
	l.only("web good", "good")
	if n := skippedCount(t, "ListenerSet", "name") - before; n != 1 {
		t.Errorf("counted %v bad names, want 1", n)
	}
}
