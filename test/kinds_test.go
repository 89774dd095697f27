package test

import (
	"testing"

	"github.com/miekg/dns"
)

// Objects of every kind answer, in each family, over UDP and TCP.
func TestEveryKindAnswers(t *testing.T) {
	c := newCorner(t)
	for _, manifest := range []string{
		ingressManifest, serviceManifest, gatewayManifest, httpRouteManifest, tlsRouteManifest,
		grpcRouteManifest, dnsEndpointManifest, nodeManifest,
	} {
		c.apply(manifest)
	}
	s := c.serve(allKinds)

	for _, tc := range []struct {
		name  string
		qtype uint16
		want  string
	}{
		{"ingress.$ZONE", dns.TypeA, "192.0.2.1"},
		{"ingress.$ZONE", dns.TypeAAAA, "2001:db8::1"},
		{"db.$NAMESPACE.$ZONE", dns.TypeA, "192.0.2.2"},
		{"db.$NAMESPACE.$ZONE", dns.TypeAAAA, "2001:db8::2"},
		{"http.$ZONE", dns.TypeA, "192.0.2.3"},
		{"http.$ZONE", dns.TypeAAAA, "2001:db8::3"},
		{"tls.$ZONE", dns.TypeA, "192.0.2.3"},
		{"tls.$ZONE", dns.TypeAAAA, "2001:db8::3"},
		{"grpc.$ZONE", dns.TypeA, "192.0.2.3"},
		{"grpc.$ZONE", dns.TypeAAAA, "2001:db8::3"},
		{"endpoint.$ZONE", dns.TypeA, "192.0.2.4 192.0.2.5"},
		{"endpoint.$ZONE", dns.TypeAAAA, "2001:db8::4"},
		{"endpoint.$ZONE", dns.TypeTXT, `"some text"`},
		{"$NAMESPACE.$ZONE", dns.TypeA, "192.0.2.6"},
		{"$NAMESPACE.$ZONE", dns.TypeAAAA, "2001:db8::6"},
		{"ingress.$ZONE", dns.TypeTXT, "NODATA"},
		{"nothing.$ZONE", dns.TypeA, "NXDOMAIN"},
	} {
		name := c.expand(tc.name)
		s.await(name, tc.qtype, tc.want)
		s.expect("tcp", name, tc.qtype, tc.want)
	}
}
