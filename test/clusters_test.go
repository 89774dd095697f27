package test

import (
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// recovery is how long it may take until a client tries again to reach an API
// server: it waits longer with every attempt that fails.
const recovery = time.Minute

// twoClusters is a Corefile for one zone of two clusters. $OTHER is the kubeconfig
// of the second.
const twoClusters = `
$ZONE:0 {
    bind 127.0.0.1
    errors
    k8s_gateway {
        resources Ingress HTTPRoute Service DNSEndpoint
        kubeconfig $KUBECONFIG
        kubeconfig $OTHER
        apex ns1 192.0.2.53
    }
}
`

func both(other *testcluster.Cluster) string {
	return strings.ReplaceAll(twoClusters, "$OTHER", other.Kubeconfig())
}

// Two clusters answer together: one RRset with the addresses of both, and what
// only one of them has. A route is joined with the Gateways of its own cluster.
// When one goes away its answers stay, and the other goes on (R3).
func TestTwoClusters(t *testing.T) {
	c := newCorner(t)
	other := newCluster(t, nil)
	abroad := strings.NewReplacer("192.0.2.", "198.51.100.", "2001:db8::", "2001:db8:1::").Replace
	for _, manifest := range []string{ingressManifest, gatewayManifest, httpRouteManifest, serviceManifest, dnsEndpointManifest} {
		c.apply(manifest)
		c.applyTo(other, abroad(strings.ReplaceAll(manifest, "some text", "other text")))
	}
	c.apply(strings.NewReplacer("name: http,", "name: here,", "http.$ZONE", "here.$ZONE", "name: gw", "name: only-here").Replace(httpRouteManifest))
	c.applyTo(other, strings.ReplaceAll(gatewayManifest, "name: gw,", "name: only-here,"))
	c.applyTo(other, strings.NewReplacer("name: web,", "name: there,", "ingress.$ZONE", "there.$ZONE").Replace(ingressManifest))
	s := c.serve(both(other))

	questions := []struct {
		name  string
		qtype uint16
		want  string
	}{
		{"ingress.$ZONE", dns.TypeA, "192.0.2.1 198.51.100.1"},
		{"ingress.$ZONE", dns.TypeAAAA, "2001:db8:1::1 2001:db8::1"},
		{"http.$ZONE", dns.TypeA, "192.0.2.3 198.51.100.3"},
		{"db.$NAMESPACE.$ZONE", dns.TypeA, "192.0.2.2 198.51.100.2"},
		{"endpoint.$ZONE", dns.TypeA, "192.0.2.4 192.0.2.5 198.51.100.4 198.51.100.5"},
		{"endpoint.$ZONE", dns.TypeTXT, `"other text" "some text"`},
		{"there.$ZONE", dns.TypeA, "192.0.2.1"},
		{"here.$ZONE", dns.TypeA, "NXDOMAIN"},
		{"nothing.$ZONE", dns.TypeA, "NXDOMAIN"},
	}
	for _, q := range questions {
		s.await(c.expand(q.name), q.qtype, q.want)
	}

	st := s.stream(answers{"ingress.$ZONE": "192.0.2.1 198.51.100.1", "http.$ZONE": "192.0.2.3 198.51.100.3", "there.$ZONE": "192.0.2.1"})
	if err := other.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, q := range questions {
		s.expect("udp", c.expand(q.name), q.qtype, q.want)
	}
	st.change("ingress.$ZONE", "192.0.2.9 198.51.100.1")
	c.apply(strings.ReplaceAll(ingressManifest, "192.0.2.1", "192.0.2.9"))
	st.awaitChanges(awaitTimeout)
	st.end()
	c.delete(ingressManifest)
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "198.51.100.1")
	s.await(c.expand("there.$ZONE"), dns.TypeA, "192.0.2.1")

	if err := other.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.applyTo(other, abroad(strings.ReplaceAll(ingressManifest, "192.0.2.1", "192.0.2.8")))
	s.awaitWithin(recovery, c.expand("ingress.$ZONE"), dns.TypeA, "198.51.100.8")
	if err := other.Delete(t.Context(), []byte(c.expand(abroad(ingressManifest)))); err != nil {
		t.Fatal(err)
	}
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "NXDOMAIN")
}

// CoreDNS starts while one of two clusters is down, as when a site is lost: after
// the startup grace the other's names answer, and nothing is denied before both
// have been listed (Z2, R1).
func TestOneClusterDownAtStart(t *testing.T) {
	c := newCorner(t)
	other := newCluster(t, nil)
	c.apply(ingressManifest)
	c.apply(gatewayManifest)
	c.apply(httpRouteManifest)
	c.applyTo(other, strings.ReplaceAll(ingressManifest, "192.0.2.", "198.51.100."))
	if err := other.Stop(); err != nil {
		t.Fatal(err)
	}
	s := c.serve(both(other))
	s.expect("udp", c.expand("nothing.$ZONE"), dns.TypeA, "SERVFAIL")
	s.expect("udp", c.zone, dns.TypeNS, c.expand("ns1.$ZONE."))
	for name, want := range map[string]string{"ingress.$ZONE": "192.0.2.1", "http.$ZONE": "192.0.2.3"} {
		if got := dig.Short(s.ask("udp", c.expand(name), dns.TypeA)); got != want {
			t.Errorf("%s while the other cluster is down: got %s, want %s", c.expand(name), got, want)
		}
	}

	if err := other.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.awaitWithin(recovery, c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1 198.51.100.1")
	s.awaitWithin(recovery, c.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")
}
