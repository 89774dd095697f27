package gateway

import (
	"slices"
	"strings"
	"testing"
)

// G3: sectionName and port pick listeners, in a Gateway and in a ListenerSet, for every kind of route.
func TestSectionAndPort(t *testing.T) {
	const http, other, dup, tcp = `{name: http, port: 80, protocol: HTTP, hostname: "*.http.example.com"}`,
		`{name: other, port: 8080, protocol: HTTP, hostname: "*.other.example.com"}`,
		`{name: dup, port: 80, protocol: HTTP, hostname: "*.dup.example.com"}`,
		`{name: tcp, port: 80, protocol: TCP}`
	listeners := strings.Join([]string{http, other, dup, tcp}, ", ")
	for _, tc := range []struct{ more, served string }{
		{"", "x.http x.other x.dup"},
		{", sectionName: http", "x.http"},
		{", sectionName: dup", "x.dup"},
		{", port: 80", "x.http x.dup"},
		{", port: 8080", "x.other"},
		{", sectionName: dup, port: 80", "x.dup"},
		{", sectionName: dup, port: 8080", ""},
		{", sectionName: absent", ""},
		{", port: 81", ""},
		{", sectionName: tcp", ""},
		{", sectionName: \"\"", "x.http x.other x.dup"},
	} {
		hosts := []string{"x.http.example.com", "x.other.example.com", "x.dup.example.com"}
		ref := "{name: gw, namespace: infra" + tc.more + "}"
		l := newLive(t, everyRoute, edge(listeners, setsFromSame), aSet("infra/set", listeners), aRouteTo("HTTPRoute", "infra/web", ref, hosts...))
		l.only("x.http x.other x.dup", tc.served)
		l.apply(aRouteTo("HTTPRoute", "infra/web", "{kind: ListenerSet, name: set"+tc.more+"}", hosts...))
		l.only("x.http x.other x.dup", tc.served)
		l.remove(aRouteTo("HTTPRoute", "infra/web", ""))
		l.apply(aRouteTo("GRPCRoute", "infra/web", ref, hosts...))
		l.only("x.http x.other x.dup", tc.served)
		if t.Failed() {
			t.Fatal(tc.more)
		}
	}
}

// G3: several references of one route to one parent each count by themselves.
func TestSectionsOfOneRoute(t *testing.T) {
	listeners := fromAll("a", "a.example.com") + ", " + fromAll("b", "b.example.com") + ", " + fromAll("c", "c.example.com")
	ref := func(section string) string { return "{name: gw, namespace: infra, sectionName: " + section + "}" }
	for _, sections := range []string{"a", "a b", "b a", "a b c", "absent c", "c absent", "a a", "absent"} {
		var refs []string
		for _, section := range strings.Fields(sections) {
			refs = append(refs, ref(section))
		}
		served := slices.DeleteFunc(strings.Fields(sections), func(s string) bool { return s == "absent" })
		l := newLive(t, "resources HTTPRoute", edge(listeners), aRouteTo("HTTPRoute", "shop/web", strings.Join(refs, ", ")))
		l.only("a b c", strings.Join(served, " "))
	}
}

// G2, G3: a reference that its own entry refuses leaves the others to the same parent be.
func TestSectionRefused(t *testing.T) {
	l := newLive(t, "resources HTTPRoute", edge(fromAll("a", "a.example.com")+", "+fromAll("b", "b.example.com"), setsFromAll), aSet("infra/set", fromAll("a", "c.example.com")),
		anObject("HTTPRoute", "infra/web", `
spec: {parentRefs: [{name: gw, sectionName: a}, {name: gw, sectionName: b}, {kind: ListenerSet, name: set, sectionName: a}]}
status:
  parents:
  - {controllerName: example.com/c, parentRef: {name: gw, sectionName: a}, conditions: [{type: Accepted, status: "False"}]}
  - {controllerName: example.com/c, parentRef: {name: set, sectionName: a}, conditions: [{type: Accepted, status: "False"}]}
`))
	l.only("a b c", "b c")
	l.apply(anObject("HTTPRoute", "infra/web", `
spec: {parentRefs: [{name: gw, sectionName: a}, {name: gw, sectionName: b}, {kind: ListenerSet, name: set, sectionName: a}]}
status:
  parents:
  - {controllerName: example.com/c, parentRef: {kind: ListenerSet, name: set, namespace: infra, sectionName: a}, conditions: [{type: Accepted, status: "False"}]}
`))
	l.only("a b c", "a b")
}
