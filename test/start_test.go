package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// When CoreDNS lets queries in, everything that could be listed is known: what
// only turns out to be needed while other things are read (ListenerSets, the
// labels of Namespaces, EndpointSlices) is waited for as well.
func TestNothingMissingAtStart(t *testing.T) {
	c := newCorner(t)
	c.apply(in(namespacedManifest, "$NAMESPACE", "a"))
	c.apply(selectingSet)
	for range 10 {
		s := c.serve(strings.ReplaceAll(inTwoNamespaces, "$ACCOUNT", "$KUBECONFIG"))
		for _, a := range namespacedAnswers {
			s.expect("udp", c.expand(in(a.name, "$NAMESPACE", "a")), a.qtype, a.want)
		}
		s.expect("udp", c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")
	}
}

// selectingSet is the ListenerSet of namespacedManifest, with a listener that
// selects by the labels of Namespaces.
const selectingSet = `
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: more, namespace: $NAMESPACE}
spec:
  parentRef: {name: gw}
  listeners:
  - name: more
    protocol: HTTP
    port: 8080
    hostname: set.a.$ZONE
    allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: $NAMESPACE}}}}
`
