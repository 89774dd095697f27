package gateway

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// openGateways are two Gateways of one name that take routes from everywhere.
const openGateways = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  gatewayClassName: public
  listeners:
  - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}
status: {addresses: [{value: 192.0.2.1}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec:
  gatewayClassName: public
  listeners:
  - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}
status: {addresses: [{value: 192.0.2.2}]}
`

// G1: which references mean a Gateway, and which Gateway: group, kind and namespace have defaults of
// their own in each reference.
func TestParentRefs(t *testing.T) {
	for refs, want := range map[string][]string{
		`{name: gw}`:                                                  {"192.0.2.1"},
		`{name: gw, namespace: infra}`:                                {"192.0.2.2"},
		`{name: gw, kind: Gateway}`:                                   {"192.0.2.1"},
		`{name: gw, group: gateway.networking.k8s.io}`:                {"192.0.2.1"},
		`{name: gw, group: gateway.networking.k8s.io, kind: Gateway}`: {"192.0.2.1"},
		`{name: gw}, {name: gw, namespace: infra}`:                    {"192.0.2.1", "192.0.2.2"},
		`{name: gw, namespace: infra}, {name: gw}`:                    {"192.0.2.1", "192.0.2.2"},
		`{name: gw}, {name: gw}`:                                      {"192.0.2.1"},
		`{name: other}, {name: gw}`:                                   {"192.0.2.1"},
		// The defaults of one reference do not come from the one before.
		`{name: gw, kind: Service, group: "", namespace: infra}, {name: gw}`: {"192.0.2.1"},
		// A Service may bear a Gateway's name.
		`{name: gw, kind: Service, group: ""}`:              nil,
		`{name: gw, kind: Service}`:                         nil,
		`{name: gw, group: ""}`:                             nil,
		`{name: gw, group: example.com}`:                    nil,
		`{name: gw, group: example.com, kind: Gateway}`:     nil,
		`{name: gw, kind: HTTPRoute}`:                       nil,
		`{name: other}`:                                     nil,
		`{name: gw, namespace: other}`:                      nil,
		`{name: gw, namespace: infra, sectionName: absent}`: nil,
		``: nil,
	} {
		f := newFixture(t, "resources HTTPRoute", openGateways, fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default}
spec: {hostnames: [web.example.com], parentRefs: [%s]}
`, refs))
		if want == nil {
			f.ask(nxdomain("web.example.com.", dns.TypeA))
		} else {
			f.ask(a("web.example.com.", want...))
		}
		if t.Failed() {
			t.Fatalf("parentRefs: [%s]", refs)
		}
	}
}

// G3: a reference may mean one listener, by name or by port, and takes its host.
func TestSectionName(t *testing.T) {
	for ref, want := range map[string][]string{
		`{name: gw}`:                                                 {"a", "b", "c"},
		`{name: gw, sectionName: one}`:                               {"a"},
		`{name: gw, sectionName: two}`:                               {"b"},
		`{name: gw, port: 8080}`:                                     {"b", "c"},
		`{name: gw, sectionName: three, port: 8080}`:                 {"c"},
		`{name: gw, sectionName: one, port: 8080}`:                   nil,
		`{name: gw, sectionName: One}`:                               nil,
		`{name: gw, port: 443}`:                                      nil,
		`{name: gw, sectionName: one}, {name: gw, sectionName: two}`: {"a", "b"},
	} {
		f := newFixture(t, "resources HTTPRoute", `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  gatewayClassName: public
  listeners:
  - {name: one, port: 80, protocol: HTTP, hostname: a.example.com}
  - {name: two, port: 8080, protocol: HTTP, hostname: b.example.com}
  - {name: three, port: 8080, protocol: HTTP, hostname: c.example.com}
status: {addresses: [{value: 192.0.2.1}]}
`, fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default}
spec: {parentRefs: [%s]}
`, ref))
		for _, name := range []string{"a", "b", "c"} {
			tc := nxdomain(name+".example.com.", dns.TypeA)
			for _, w := range want {
				if w == name {
					tc = a(name+".example.com.", "192.0.2.1")
				}
			}
			f.ask(tc)
		}
		if t.Failed() {
			t.Fatalf("parentRefs: [%s]", ref)
		}
	}
}

// G1: a route without parents is served by no one.
func TestRouteWithoutParents(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", openGateways, `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: default}
spec: {hostnames: [web.example.com]}
`)
	f.ask(nxdomain("web.example.com.", dns.TypeA))
}
