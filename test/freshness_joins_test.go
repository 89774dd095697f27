package test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// Whatever decides about an answer besides the object that has the name shows in
// DNS as soon as a change to that object would: Gateways, ListenerSets, the labels
// of Namespaces, EndpointSlices, statuses, annotations.
func TestRelatedChangesShowAtOnce(t *testing.T) {
	for _, tc := range []struct{ what, setup, off, on, name, wantOff, wantOn string }{
		{
			what: "listener host", setup: freshRoute,
			on:   fresh("$HOST", "'*.in.$ZONE'"),
			off:  fresh("$HOST", "'*.out.$ZONE'"),
			name: "web.in.$ZONE", wantOn: "192.0.2.3", wantOff: "NXDOMAIN",
		},
		{
			what: "addresses of a Gateway", setup: freshRoute,
			on:   fresh("192.0.2.3", "198.51.100.3"),
			off:  fresh(),
			name: "web.in.$ZONE", wantOn: "198.51.100.3", wantOff: "192.0.2.3",
		},
		{
			what: "address of a Gateway gone", setup: freshRoute,
			on:   fresh(),
			off:  fresh("[{value: 192.0.2.3}]", "[]"),
			name: "web.in.$ZONE", wantOn: "192.0.2.3", wantOff: "NXDOMAIN",
		},
		{
			what: "class", setup: freshRoute,
			on:   fresh(),
			off:  fresh("$CLASS", "other"),
			name: "web.in.$ZONE", wantOn: "192.0.2.3", wantOff: "NXDOMAIN",
		},
		{
			what: "labels of a Namespace", setup: freshRoute + "---" + fresh("from: Same", "from: Selector, selector: {matchLabels: {routes: welcome}}"),
			on:   "apiVersion: v1\nkind: Namespace\nmetadata: {name: $NAMESPACE, labels: {routes: welcome}}",
			off:  "apiVersion: v1\nkind: Namespace\nmetadata: {name: $NAMESPACE, labels: {routes: unwelcome}}",
			name: "web.in.$ZONE", wantOn: "192.0.2.3", wantOff: "NXDOMAIN",
		},
		{
			what: "parents of a route", setup: fresh() + "---" + strings.NewReplacer("name: gw,", "name: elsewhere,", "192.0.2.3", "192.0.2.4").Replace(fresh()),
			on:   freshRoute,
			off:  strings.ReplaceAll(freshRoute, "name: gw", "name: elsewhere"),
			name: "web.in.$ZONE", wantOn: "192.0.2.3", wantOff: "192.0.2.4",
		},
		{
			what: "status of a route", setup: fresh(),
			on:   freshRoute + strings.ReplaceAll(freshStatus, "$STATUS", `"True"`),
			off:  freshRoute + strings.ReplaceAll(freshStatus, "$STATUS", `"False"`),
			name: "web.in.$ZONE", wantOn: "192.0.2.3", wantOff: "NXDOMAIN",
		},
		{
			what: "ListenerSet", setup: fresh() + "---" + strings.ReplaceAll(freshRoute, "name: gw", "name: set, kind: ListenerSet"),
			on:   freshSet,
			off:  "delete" + freshSet,
			name: "web.in.$ZONE", wantOn: "192.0.2.3", wantOff: "NXDOMAIN",
		},
		{
			what: "allowedListeners", setup: freshSet + "---" + strings.ReplaceAll(freshRoute, "name: gw", "name: set, kind: ListenerSet"),
			on:   fresh(),
			off:  fresh("allowedListeners: {namespaces: {from: Same}}", "allowedListeners: {namespaces: {from: None}}"),
			name: "web.in.$ZONE", wantOn: "192.0.2.3", wantOff: "NXDOMAIN",
		},
		{
			what: "EndpointSlice", setup: freshService,
			on:   strings.ReplaceAll(freshSlice, "192.0.2.5", "198.51.100.5"),
			off:  freshSlice,
			name: "pods.$NAMESPACE.$ZONE", wantOn: "198.51.100.5", wantOff: "192.0.2.5",
		},
		{
			what: "readiness of an endpoint", setup: freshService,
			on:   freshSlice,
			off:  strings.ReplaceAll(freshSlice, "addresses: [192.0.2.5]", "addresses: [192.0.2.5], conditions: {ready: false}"),
			name: "pods.$NAMESPACE.$ZONE", wantOn: "192.0.2.5", wantOff: "NXDOMAIN",
		},
		{
			what: "hostname annotation",
			on:   strings.ReplaceAll(ingressManifest, "name: web,", "name: web, annotations: {coredns.io/hostname: annotated.$ZONE},"),
			off:  ingressManifest,
			name: "annotated.$ZONE", wantOn: "192.0.2.1", wantOff: "NXDOMAIN",
		},
		{
			what: "target annotation of a Gateway", setup: freshRoute,
			on:   fresh("name: gw,", "name: gw, annotations: {coredns.io/target: 198.51.100.9},"),
			off:  fresh(),
			name: "web.in.$ZONE", wantOn: "198.51.100.9", wantOff: "192.0.2.3",
		},
	} {
		t.Run(tc.what, func(t *testing.T) {
			c := newCorner(t)
			c.apply(tc.setup)
			change := func(manifest string) {
				if manifest, ok := strings.CutPrefix(manifest, "delete"); ok {
					c.delete(manifest)
				} else {
					c.apply(manifest)
				}
			}
			change(tc.on)
			s := c.serve(freshServer)
			name := c.expand(tc.name)
			s.await(name, dns.TypeA, tc.wantOn)

			var waits []time.Duration
			for range 5 {
				for _, step := range []struct{ manifest, want string }{{tc.off, tc.wantOff}, {tc.on, tc.wantOn}} {
					change(step.manifest)
					start := time.Now()
					s.spin(name, step.want)
					waits = append(waits, time.Since(start))
				}
			}
			slices.Sort(waits)
			middle := waits[len(waits)/2]
			t.Logf("median %s, longest %s", middle, waits[len(waits)-1])
			if middle > freshness {
				t.Errorf("half of %d changes took longer than %s to show: %v", len(waits), freshness, waits)
			}
		})
	}
}

// fresh returns a Gateway with some of its text replaced, in pairs.
func fresh(pairs ...string) string {
	s := strings.NewReplacer(pairs...).Replace(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: $NAMESPACE}
spec:
  gatewayClassName: $CLASS
  allowedListeners: {namespaces: {from: Same}}
  listeners: [{name: http, protocol: HTTP, port: 80, hostname: $HOST, allowedRoutes: {namespaces: {from: Same}}}]
status: {addresses: [{value: 192.0.2.3}]}
`)
	return strings.NewReplacer("$CLASS", "good", "$HOST", "'*.in.$ZONE'").Replace(s)
}

const (
	freshRoute = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: $NAMESPACE}
spec: {parentRefs: [{name: gw}], hostnames: [web.in.$ZONE]}
`
	freshStatus = `status:
  parents:
  - parentRef: {group: gateway.networking.k8s.io, kind: Gateway, name: gw}
    controllerName: example.net/controller
    conditions: [{type: Accepted, status: $STATUS, reason: Test, message: "", lastTransitionTime: "2026-01-01T00:00:00Z"}]
`
	freshSet = `
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: set, namespace: $NAMESPACE}
spec:
  parentRef: {name: gw}
  listeners: [{name: more, protocol: HTTP, port: 8080, hostname: "*.in.$ZONE"}]
`
	freshService = `
apiVersion: v1
kind: Service
metadata: {name: pods, namespace: $NAMESPACE, annotations: {k8s-gateway.dns/resolve-endpoints: "true"}}
spec: {clusterIP: None, ports: [{port: 53}]}
`
	freshSlice = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: pods-x, namespace: $NAMESPACE, labels: {kubernetes.io/service-name: pods}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.5]}]
ports: [{port: 53}]
`
	freshServer = `
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources Ingress Service HTTPRoute
        kubeconfig $KUBECONFIG
        gatewayClasses good
    }
}
`
)
