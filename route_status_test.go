package gateway

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// G2: a parent counts unless its own entry in the status says Accepted=False. Entries are compared on
// all six fields of the reference, after defaulting.
func TestRouteStatus(t *testing.T) {
	const accepted, refused = `conditions: [{type: Accepted, status: "True"}]`, `conditions: [{type: Accepted, status: "False"}]`
	for _, tc := range []struct {
		ref, status string
		want        bool
	}{
		{`{name: gw}`, ``, true},
		{`{name: gw}`, `{parentRef: {name: gw}, ` + accepted + `}`, true},
		{`{name: gw}`, `{parentRef: {name: gw}, ` + refused + `}`, false},
		{`{name: gw}`, `{parentRef: {name: gw}, conditions: [{type: Accepted, status: Unknown}]}`, true},
		{`{name: gw}`, `{parentRef: {name: gw}, conditions: []}`, true},
		{`{name: gw}`, `{parentRef: {name: gw}, conditions: [{type: ResolvedRefs, status: "False"}]}`, true},
		{`{name: gw}`, `{parentRef: {name: gw}, conditions: [{type: Accepted, status: "True"}, {type: ResolvedRefs, status: "False"}]}`, true},
		{`{name: gw}`, `{parentRef: {name: gw}, conditions: [{type: Accepted, status: "False", observedGeneration: 1}]}`, false},
		// The two write their defaults out, or do not.
		{`{name: gw}`, `{parentRef: {group: gateway.networking.k8s.io, kind: Gateway, namespace: default, name: gw}, ` + refused + `}`, false},
		{`{group: gateway.networking.k8s.io, kind: Gateway, namespace: default, name: gw}`, `{parentRef: {name: gw}, ` + refused + `}`, false},
		// Another parent's entry, by each of the six fields.
		{`{name: gw}`, `{parentRef: {name: other}, ` + refused + `}`, true},
		{`{name: gw}`, `{parentRef: {name: gw, namespace: other}, ` + refused + `}`, true},
		{`{name: gw}`, `{parentRef: {name: gw, kind: Service}, ` + refused + `}`, true},
		{`{name: gw}`, `{parentRef: {name: gw, group: ""}, ` + refused + `}`, true},
		{`{name: gw}`, `{parentRef: {name: gw, sectionName: http}, ` + refused + `}`, true},
		{`{name: gw}`, `{parentRef: {name: gw, port: 80}, ` + refused + `}`, true},
		{`{name: gw, sectionName: http}`, `{parentRef: {name: gw}, ` + refused + `}`, true},
		{`{name: gw, sectionName: http}`, `{parentRef: {name: gw, sectionName: http}, ` + refused + `}`, false},
		{`{name: gw, port: 80}`, `{parentRef: {name: gw}, ` + refused + `}`, true},
		{`{name: gw, port: 80}`, `{parentRef: {name: gw, port: 80}, ` + refused + `}`, false},
		// One parent refused, the other not.
		{`{name: gw, sectionName: http}, {name: gw, sectionName: tls}`, `{parentRef: {name: gw, sectionName: tls}, ` + refused + `}`, true},
		// Two controllers may have a say about one parent.
		{`{name: gw}`, `{parentRef: {name: gw}, ` + refused + `}, {parentRef: {name: gw}, ` + accepted + `}`, true},
		{`{name: gw}`, `{parentRef: {name: gw}, ` + accepted + `}, {parentRef: {name: gw}, ` + refused + `}`, true},
		{`{name: gw}`, `{parentRef: {name: gw}, ` + refused + `}, {parentRef: {name: gw}, ` + refused + `}`, false},
	} {
		f := newFixture(t, "resources HTTPRoute", aGateway("gw", "192.0.2.1"), fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default, generation: 2}
spec: {hostnames: [web.example.com], parentRefs: [%s]}
status: {parents: [%s]}
`, tc.ref, tc.status))
		if tc.want {
			f.ask(a("web.example.com.", "192.0.2.1"))
		} else {
			f.ask(nxdomain("web.example.com.", dns.TypeA))
		}
		if t.Failed() {
			t.Fatalf("parentRefs: [%s], status: [%s]", tc.ref, tc.status)
		}
	}
}

// G2: a route that is refused later goes away, and comes back.
func TestRouteStatusChanges(t *testing.T) {
	route := `
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: web, namespace: default}
spec: {hostnames: [web.example.com], parentRefs: [{name: gw}]}
status: {parents: [{parentRef: {name: gw}, conditions: [{type: Accepted, status: %q}]}]}
`
	f := newFixture(t, "resources TLSRoute", aGateway("gw", "192.0.2.1"))
	for range 2 {
		f.apply(fmt.Sprintf(route, "True"))
		f.ask(a("web.example.com.", "192.0.2.1"))
		f.apply(fmt.Sprintf(route, "False"))
		f.ask(nxdomain("web.example.com.", dns.TypeA))
	}
}
