package test

import (
	"net/url"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// `namespaces` and `labelSelector` go to the API server with every list and watch
// of a configured kind; what kinds are joined with is asked for by namespace alone.
func TestFiltersReachTheAPIServer(t *testing.T) {
	c := newCorner(t)
	c.apply(in(namespacedManifest, "$NAMESPACE", "a"))
	c.apply(in(namespacedManifest, "$NAMESPACE-b", "b"))
	p := newProxy(t, cluster)
	c.serve(strings.ReplaceAll(filtered, "$ACCOUNT", p.kubeconfig(t, cluster.Config().BearerToken)))

	const selector = "dns=yes,tier notin (test)"
	both := func(selector string) []string {
		return []string{c.namespace + " " + selector, c.namespace + "-b " + selector}
	}
	want := map[string][]string{
		"nodes":        {" " + selector},
		"gateways":     both(""), // routes need them; the selector is for their own names
		"listenersets": both(""),
	}
	for _, resource := range []string{"ingresses", "services", "httproutes", "tlsroutes", "grpcroutes", "tcproutes", "udproutes", "dnsendpoints"} {
		want[resource] = both(selector)
	}
	got := lists(p.asked())
	for deadline := time.Now().Add(awaitTimeout); !reflect.DeepEqual(got, want); got = lists(p.asked()) {
		if time.Now().After(deadline) {
			t.Fatalf("asked for %q, want %q", got, want)
		}
		time.Sleep(awaitInterval)
	}
}

// lists returns the namespaces and label selectors that requests have, by resource:
// in order, and each once.
func lists(requests []*url.URL) map[string][]string {
	asked := map[string][]string{}
	for _, u := range requests {
		if !u.Query().Has("resourceVersion") && !u.Query().Has("watch") && !u.Query().Has("limit") {
			continue // discovery
		}
		namespace := ""
		if _, rest, ok := strings.Cut(u.Path, "/namespaces/"); ok {
			namespace, _, _ = strings.Cut(rest, "/")
		}
		resource, q := path.Base(u.Path), namespace+" "+u.Query().Get("labelSelector")
		if i, ok := slices.BinarySearch(asked[resource], q); !ok {
			asked[resource] = slices.Insert(asked[resource], i, q)
		}
	}
	return asked
}

const filtered = `
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources Ingress Service HTTPRoute TLSRoute GRPCRoute TCPRoute UDPRoute Gateway DNSEndpoint Node
        kubeconfig $ACCOUNT
        namespaces $NAMESPACE $NAMESPACE-b
        labelSelector "dns=yes,tier notin (test)"
        apex ns1 192.0.2.53
    }
}
`

// An object comes and goes with the labels that `labelSelector` asks for (Z13).
// A Gateway needs them for its own names only, not for its routes.
func TestLabelsComeAndGo(t *testing.T) {
	c := newCorner(t)
	unlabelled := in(namespacedManifest, "$NAMESPACE", "a")
	labelled := strings.NewReplacer("namespace: $NAMESPACE}", "namespace: $NAMESPACE, labels: {dns: \"yes\"}}",
		"namespace: $NAMESPACE, annotations", "namespace: $NAMESPACE, labels: {dns: \"yes\"}, annotations").Replace(unlabelled)
	excluded := strings.ReplaceAll(labelled, `{dns: "yes"}`, `{dns: "yes", tier: test}`)
	c.apply(in(namespacedManifest, "$NAMESPACE-b", "b"))
	c.apply(unlabelled)
	s := c.serve(strings.ReplaceAll(filtered, "$ACCOUNT", "$KUBECONFIG"))
	for _, step := range []struct {
		manifest string
		answers  bool
	}{{unlabelled, false}, {labelled, true}, {excluded, false}, {labelled, true}, {unlabelled, false}} {
		c.apply(step.manifest)
		for _, a := range namespacedAnswers {
			want := "NXDOMAIN"
			if step.answers {
				want = a.want
			}
			s.await(c.expand(in(a.name, "$NAMESPACE", "a")), a.qtype, want)
		}
	}

	c.apply(labelled)
	s.await(c.expand("gateway.a.$ZONE"), dns.TypeA, "192.0.2.3")
	s.await(c.expand("http.a.$ZONE"), dns.TypeA, "192.0.2.3")
	c.apply(in(gatewayAlone, "$NAMESPACE", "a"))
	s.await(c.expand("gateway.a.$ZONE"), dns.TypeA, "NXDOMAIN")
	s.expect("udp", c.expand("http.a.$ZONE"), dns.TypeA, "192.0.2.3")
}

// gatewayAlone is the Gateway of namespacedManifest, with a label that is not the right one.
const gatewayAlone = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: $NS, labels: {dns: "no"}, annotations: {coredns.io/hostname: gateway.$LABEL.$ZONE}}
spec:
  gatewayClassName: test
  listeners: [{name: http, protocol: HTTP, port: 80, hostname: "*.$LABEL.$ZONE"}]
status: {addresses: [{value: 192.0.2.3}]}
`
