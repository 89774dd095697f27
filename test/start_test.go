package test

import (
	"strings"
	"testing"
	"time"

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

// CoreDNS starts after the startup grace however many stanzas and clusters there
// are that cannot be reached (R1).
func TestStartWithoutAnyCluster(t *testing.T) {
	c := newCorner(t)
	c.apply(otherManifest)
	p := newProxy(t, cluster)
	p.cut()
	started := make(chan *server, 1)
	go func() {
		started <- c.serve(strings.ReplaceAll(severalStanzas, "$DOWN", p.kubeconfig(t, cluster.Config().BearerToken)))
	}()
	var s *server
	select {
	case s = <-started:
		s.expect("udp", c.expand("web.one.$ZONE"), dns.TypeA, "SERVFAIL")
		s.expect("udp", c.expand("web.two.$ZONE"), dns.TypeA, "SERVFAIL")
		p.mend()
	case <-time.After(2 * awaitTimeout):
		t.Errorf("not started after %s", 2*awaitTimeout)
		p.mend()
		s = <-started
	}
	s.awaitWithin(recovery, c.expand("web.one.$ZONE"), dns.TypeA, "192.0.2.7")
	s.awaitWithin(recovery, c.expand("web.two.$ZONE"), dns.TypeA, "192.0.2.7")
}

const severalStanzas = `
.:0 {
    bind 127.0.0.1
    errors
    k8s_gateway one.$ZONE {
        kubeconfig $DOWN
        apex ns1 192.0.2.53
    }
    k8s_gateway two.$ZONE {
        kubeconfig $DOWN
        apex ns1 192.0.2.53
    }
}
`
