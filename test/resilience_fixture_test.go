package test

import (
	"strings"
	"time"

	"github.com/miekg/dns"
)

// retry is how soon a client tries again what failed, with room for a busy machine.
const retry = 15 * time.Second

// resilient is a Corefile for what has to keep answering. $CONFIG is the kubeconfig.
const resilient = `
$ZONE:0 {
    bind 127.0.0.1
    errors
    probe
    k8s_gateway {
        resources Ingress HTTPRoute Service DNSEndpoint
        kubeconfig $CONFIG
        namespaces $NAMESPACE
        startupTimeout 1s
        apex ns1 192.0.2.53
    }
}
`

func via(kubeconfig string) string { return strings.ReplaceAll(resilient, "$CONFIG", kubeconfig) }

// clusterWide is a Corefile that watches all namespaces.
func clusterWide(corefile string) string {
	return strings.ReplaceAll(corefile, "namespaces $NAMESPACE", "")
}

// impatient is a Corefile that starts sooner without what is not known.
func impatient(corefile string) string {
	return strings.ReplaceAll(corefile, "startupTimeout 1s", "startupTimeout 200ms")
}

// resilientManifests are an object of each of the kinds.
var resilientManifests = []string{ingressManifest, gatewayManifest, httpRouteManifest, serviceManifest, dnsEndpointManifest}

func (c *corner) applyResilient() {
	c.t.Helper()
	for _, manifest := range resilientManifests {
		c.apply(manifest)
	}
}

// awaitResilient waits until everything is known.
func (s *server) awaitResilient(limit time.Duration) {
	s.t.Helper()
	s.awaitWithin(limit, s.corner.expand("nothing.$ZONE"), dns.TypeA, "NXDOMAIN")
	s.awaitReady(awaitTimeout)
}

// resilientAnswers are what they answer.
var resilientAnswers = answers{
	"ingress.$ZONE":       "192.0.2.1",
	"http.$ZONE":          "192.0.2.3",
	"db.$NAMESPACE.$ZONE": "192.0.2.2",
	"endpoint.$ZONE":      "192.0.2.4 192.0.2.5",
	"nothing.$ZONE":       "NXDOMAIN",
}

// moved is a manifest with other IPv4 addresses.
func moved(manifest string) string { return strings.ReplaceAll(manifest, "192.0.2.", "198.51.100.") }
