package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// secondary is a Corefile for a secondary server on $SECONDARY of a primary on $PORT.
const secondary = `
$ZONE:$SECONDARY 2.0.192.in-addr.arpa:$SECONDARY {
    bind 127.0.0.1
    errors
    secondary {
        transfer from 127.0.0.1:$PORT
    }
}
`

// CoreDNS's own secondary holds the zone, answers as we do, and follows a
// change as soon as it is notified: it would not look by itself for four hours.
func TestSecondary(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	port, other := freePort(t), freePort(t)
	s := c.serve(ports(primary, port, other))
	name := c.expand("ingress.$ZONE")
	s.await(name, dns.TypeA, "192.0.2.1")
	held := c.serve(ports(secondary, port, other))
	held.await(name, dns.TypeA, "192.0.2.1")

	held.await(reverseZone, dns.TypeNS, "ns1."+reverseZone+". ns2."+reverseZone+".")

	t.Logf("%d questions", s.compare(held, c.zone)+s.compare(held, reverseZone))

	c.apply(strings.ReplaceAll(ingressManifest, "192.0.2.1", "192.0.2.9"))
	c.delete(serviceManifest)
	s.await(name, dns.TypeA, "192.0.2.9")
	held.await(name, dns.TypeA, "192.0.2.9")
	s.await(c.expand("db.$NAMESPACE.$ZONE"), dns.TypeA, "NXDOMAIN")
	held.await(c.expand("db.$NAMESPACE.$ZONE"), dns.TypeA, "NXDOMAIN")
	held.await(c.expand("alias.$ZONE"), dns.TypeA, c.expand("192.0.2.9 ingress.$ZONE."))
	s.compare(held, c.zone)
	s.compare(held, reverseZone)
}

// betweenManifest claims names below wildcards, one of them without an address.
const betweenManifest = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: between, namespace: $NAMESPACE}
spec: {rules: [{host: name.between.apps.$ZONE}, {host: name.between.routes.$ZONE}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.21}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: pending, namespace: $NAMESPACE}
spec: {rules: [{host: pending.wild.$ZONE}]}
`

// The wildcards of Ingresses and routes reach as far as requests are routed, and
// none covers a name whose load balancer is pending. A secondary knows only the
// wildcards of RFC 4592, and only names that answer: this is where it differs.
func TestWildcardsOnASecondary(t *testing.T) {
	c := newCorner(t)
	c.apply(gatewayManifest + "---" + wildcardManifest + "---" + recordsManifest + "---" + betweenManifest)
	port, other := freePort(t), freePort(t)
	s := c.serve(ports(primary, port, other))
	held := c.serve(ports(secondary, port, other))
	held.await(c.expand("one.apps.$ZONE"), dns.TypeA, "192.0.2.20")

	for _, tc := range []struct {
		name         string
		ours, theirs string
	}{
		{"one.apps.$ZONE", "192.0.2.20", "192.0.2.20"},
		{"two.one.apps.$ZONE", "NXDOMAIN", "192.0.2.20"}, // W1
		{"one.routes.$ZONE", "192.0.2.3", "192.0.2.3"},
		{"two.one.routes.$ZONE", "192.0.2.3", "192.0.2.3"},
		{"two.between.routes.$ZONE", "192.0.2.3", "NXDOMAIN"}, // W2
		{"one.wild.$ZONE", "192.0.2.43", "192.0.2.43"},
		{"two.one.wild.$ZONE", "192.0.2.43", "192.0.2.43"},
		{"two.closer.wild.$ZONE", "NXDOMAIN", "NXDOMAIN"}, // W3
		{"pending.wild.$ZONE", "NXDOMAIN", "192.0.2.43"},  // Z12
	} {
		name := c.expand(tc.name)
		s.expect("udp", name, dns.TypeA, tc.ours)
		held.expect("udp", name, dns.TypeA, tc.theirs)
	}
}
