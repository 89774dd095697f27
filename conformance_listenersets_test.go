package gateway

import (
	"fmt"
	"strings"
	"testing"
)

// G3: the situations of the Gateway API conformance suite about ListenerSets: routes of each at the listeners
// of the Gateway and of two sets, alone and by section.
func TestConformanceListenerSetRouting(t *testing.T) {
	two := func(prefix string) string {
		return fromAll(prefix+"-1", prefix+"-1.example.com") + ", " + fromAll(prefix+"-2", prefix+"-2.example.com")
	}
	l := newLive(t, "resources HTTPRoute", edge(two("gw"), setsFromAll), aSet("infra/one", two("one")), aSet("infra/two", two("two")))
	const all = "gw-1 gw-2 one-1 one-2 two-1 two-2"
	for refs, served := range map[string]string{
		"{name: gw}, {kind: ListenerSet, name: one}, {kind: ListenerSet, name: two}": all,
		"{name: gw}":                                         "gw-1 gw-2",
		"{name: gw, sectionName: gw-1}":                      "gw-1",
		"{name: gw, sectionName: one-1}":                     "",
		"{kind: ListenerSet, name: one}":                     "one-1 one-2",
		"{kind: ListenerSet, name: one, sectionName: one-1}": "one-1",
		"{kind: ListenerSet, name: two}":                     "two-1 two-2",
	} {
		l.apply(aRouteTo("HTTPRoute", "infra/web", refs))
		l.only(all, served)
		if t.Failed() {
			t.Fatal(refs)
		}
	}
}

// G2, G3: each reference of a route is judged by itself.
func TestConformanceDualParents(t *testing.T) {
	entry := func(ref, status string) string {
		return `{controllerName: example.com/c, parentRef: ` + ref + `, conditions: [{type: Accepted, status: "` + status + `"}]}`
	}
	const gw, set = "{name: gw, namespace: infra, sectionName: set}", "{group: gateway.networking.k8s.io, kind: ListenerSet, name: set, namespace: infra, sectionName: set}"
	l := newLive(t, "resources HTTPRoute", edge(fromAll("gw", "gw.example.com"), setsFromSame), aSet("infra/set", fromAll("set", "set.example.com")))
	l.apply(aRouteTo("HTTPRoute", "infra/both", toGateway+", "+toSet))
	l.only("gw set", "gw set")
	l.remove(aRouteTo("HTTPRoute", "infra/both", ""))
	l.apply(aRouteTo("HTTPRoute", "infra/one", gw+", "+set) + "status: {parents: [" + entry(gw, "False") + ", " + entry(set, "True") + "]}")
	l.only("gw set", "set")
}

// G3: listeners in conflict give way to the Gateway's and to those of older ListenerSets; a ListenerSet of
// which nothing is left is not accepted.
func TestConformanceListenerSetConflicts(t *testing.T) {
	status := func(set string, conflicted ...string) string {
		var list []string
		for _, name := range conflicted {
			list = append(list, fmt.Sprintf(`{name: %s, attachedRoutes: 0, conditions: [{type: Accepted, status: "False"}, {type: Conflicted, status: "True"}, {type: Programmed, status: "False"}]}`, name))
		}
		return fmt.Sprintf(`status: {conditions: [{type: Accepted, status: %q}], listeners: [%s]}`, set, strings.Join(list, ", "))
	}
	l := newLive(t, "resources HTTPRoute", edge(fromAll("gw", "gw.example.com")+", "+fromAll("clash", "clash.example.com"), setsFromSame),
		aSet("infra/one", fromAll("one", "one.example.com")+", "+fromAll("clash", "clash.example.com")+", "+fromAll("among", "among.example.com"), status("True", "clash")),
		aSet("infra/two", fromAll("two", "two.example.com")+", "+fromAll("among", "among.example.com"), status("True", "among")),
		aSet("infra/three", fromAll("clash", "clash.example.com"), status("False", "clash")))
	const all = "gw clash one among two"
	for refs, served := range map[string]string{
		"{name: gw}":                       "gw clash",
		"{kind: ListenerSet, name: one}":   "one among",
		"{kind: ListenerSet, name: two}":   "two",
		"{kind: ListenerSet, name: three}": "",
	} {
		l.apply(aRouteTo("HTTPRoute", "infra/web", refs))
		l.only(all, served)
		if t.Failed() {
			t.Fatal(refs)
		}
	}
}

// G3: which ListenerSets and which routes a namespace lets in, together.
func TestConformanceListenerSetNamespaces(t *testing.T) {
	listeners := fromAll("all", "all.example.com") + `,
    {name: same, port: 80, protocol: HTTP, hostname: same.example.com, allowedRoutes: {namespaces: {from: Same}}},
    {name: selector, port: 80, protocol: HTTP, hostname: selector.example.com, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {allowed: ns}}}}}`
	l := newLive(t, "resources HTTPRoute", edge(fromAll("gw", "gw.example.com"), setsFromAll), aSet("infra/set", listeners),
		aNamespace("infra", ""), aNamespace("allowed", "allowed: ns"), aNamespace("other", ""))
	const all = "all same selector gw"
	for ns, served := range map[string]string{"infra": "all same", "allowed": "all selector", "other": "all"} {
		l.apply(aRouteTo("HTTPRoute", ns+"/web", toSet))
		l.only(all, served)
		l.remove(aRouteTo("HTTPRoute", ns+"/web", ""))
	}
	l.apply(aSet("other/cross", "{name: same, port: 80, protocol: HTTP, hostname: cross.example.com}"), aRouteTo("HTTPRoute", "infra/web", "{kind: ListenerSet, name: cross, namespace: other}"))
	l.only("cross", "")
	l.apply(aRouteTo("HTTPRoute", "other/web", "{kind: ListenerSet, name: cross, namespace: other}"))
	l.only("cross", "cross")
}

// G3: a listener whose kinds do not suit its protocol takes none.
func TestConformanceListenerSetKinds(t *testing.T) {
	l := newLive(t, "resources HTTPRoute TLSRoute", edge("", setsFromAll),
		aSet("infra/set", `{name: tls, port: 443, protocol: TLS, hostname: tls.example.com, tls: {mode: Passthrough}, allowedRoutes: {namespaces: {from: All}, kinds: [{kind: HTTPRoute}]}}`),
		aRouteTo("HTTPRoute", "infra/web", toSet), aRouteTo("TLSRoute", "infra/web", toSet))
	l.only("tls", "")
}
