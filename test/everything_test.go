package test

import (
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
)

// everythingManifest claims names in every way there is: addresses, aliases,
// wildcards of the three sorts, every record type, a delegation, empty
// non-terminals, a name whose load balancer is pending, and what else is odd.
var everythingManifest = strings.Join([]string{
	ingressManifest, serviceManifest, gatewayManifest, httpRouteManifest, tlsRouteManifest,
	grpcRouteManifest, dnsEndpointManifest, nodeManifest, aliasManifest, wildcardManifest, recordsManifest, oddManifest,
}, "---")

const (
	aliasManifest = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: alias, namespace: $NAMESPACE}
spec: {rules: [{host: alias.$ZONE}]}
status: {loadBalancer: {ingress: [{hostname: ingress.$ZONE}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: away, namespace: $NAMESPACE}
spec: {rules: [{host: away.$ZONE}]}
status: {loadBalancer: {ingress: [{hostname: lb.elsewhere.invalid}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: dangling, namespace: $NAMESPACE}
spec: {rules: [{host: dangling.$ZONE}]}
status: {loadBalancer: {ingress: [{hostname: nothing.$ZONE}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: flat, namespace: $NAMESPACE}
spec: {rules: [{host: flat.$ZONE}]}
status: {loadBalancer: {ingress: [{hostname: ingress.$ZONE}, {hostname: endpoint.$ZONE}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: pending, namespace: $NAMESPACE}
spec: {rules: [{host: pending.$ZONE}]}
`
	wildcardManifest = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: wildcard, namespace: $NAMESPACE}
spec: {rules: [{host: "*.apps.$ZONE"}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.20}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: wildcard, namespace: $NAMESPACE}
spec: {parentRefs: [{name: gw}], hostnames: ["*.routes.$ZONE"]}
`
	recordsManifest = `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: types, namespace: $NAMESPACE}
spec:
  endpoints:
  - {dnsName: $ZONE, recordType: TXT, targets: [v=spf1 -all]}
  - {dnsName: $ZONE, recordType: MX, targets: [10 mx.$ZONE]}
  - {dnsName: $ZONE, recordType: CAA, targets: [0 issue "ca.example.net"]}
  - {dnsName: mx.$ZONE, recordType: A, targets: [192.0.2.30]}
  - {dnsName: mx.$ZONE, recordType: TXT, recordTTL: 7, targets: ["\"quoted; and; more\"", plain]}
  - {dnsName: mailed.$ZONE, recordType: MX, targets: [10 mx.$ZONE, 20 mx.elsewhere.invalid]}
  - {dnsName: _sip._udp.$ZONE, recordType: SRV, targets: [0 10 5060 endpoint.$ZONE]}
  - {dnsName: pointer.$ZONE, recordType: PTR, targets: [endpoint.$ZONE]}
  - {dnsName: naptr.$ZONE, recordType: NAPTR, targets: [10 100 "s" "SIP+D2U" "" _sip._udp.$ZONE]}
  - {dnsName: cname.$ZONE, recordType: CNAME, targets: [endpoint.$ZONE]}
  - {dnsName: child.$ZONE, recordType: NS, targets: [ns.child.$ZONE, ns.elsewhere.invalid]}
  - {dnsName: ns.child.$ZONE, recordType: A, targets: [192.0.2.40]}
  - {dnsName: hidden.child.$ZONE, recordType: A, targets: [192.0.2.41]}
  - {dnsName: a.b.ent.$ZONE, recordType: A, targets: [192.0.2.42]}
  - {dnsName: "*.wild.$ZONE", recordType: A, targets: [192.0.2.43]}
  - {dnsName: "*.wild.$ZONE", recordType: TXT, targets: [from the wildcard]}
  - {dnsName: closer.wild.$ZONE, recordType: A, targets: [192.0.2.44]}
`
)

// oddManifest has aliases to a delegated name, from a wildcard and beside other
// records, addresses at the apex and at a nameserver's name, two objects and two
// TTLs for one name, and texts that a zone file has to escape.
var oddManifest = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: astray, namespace: $NAMESPACE}
spec: {rules: [{host: astray.$ZONE}]}
status: {loadBalancer: {ingress: [{hostname: hidden.child.$ZONE}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: beside, namespace: $NAMESPACE}
spec: {rules: [{host: beside.$ZONE}, {host: "*.beside.$ZONE"}]}
status: {loadBalancer: {ingress: [{hostname: ingress.$ZONE}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: apex, namespace: $NAMESPACE}
spec: {rules: [{host: $ZONE}, {host: ns2.$ZONE}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.50}, {ip: "2001:db8::50"}]}}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: odd, namespace: $NAMESPACE}
spec:
  endpoints:
  - {dnsName: beside.$ZONE, recordType: TXT, targets: [beside an alias]}
  - {dnsName: lost.$ZONE, recordType: CNAME, targets: [endpoint.$ZONE]}
  - {dnsName: lost.$ZONE, recordType: TXT, targets: [a CNAME loses]}
  - {dnsName: "*.aliased.$ZONE", recordType: CNAME, targets: [endpoint.$ZONE]}
  - {dnsName: ns1.$ZONE, recordType: TXT, targets: [beside a nameserver]}
  - {dnsName: united.$ZONE, recordType: A, recordTTL: 300, targets: [192.0.2.60]}
  - {dnsName: text.$ZONE, recordType: TXT, targets: ['a "quote"; a back\slash', "tab\there, ümlaut", "", '` + strings.Repeat("long ", 100) + `']}
  - {dnsName: null.$ZONE, recordType: MX, targets: [0 .]}
  - {dnsName: _none._tcp.$ZONE, recordType: SRV, targets: [0 0 0 .]}
  - {dnsName: regexp.$ZONE, recordType: NAPTR, targets: ['100 50 "u" "E2U+sip" "!^(.*)$!sip:\\1@example.com!" .']}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: more, namespace: $NAMESPACE}
spec:
  endpoints:
  - {dnsName: united.$ZONE, recordType: A, recordTTL: 30, targets: [192.0.2.60, 192.0.2.61]}
`

// primary is a Corefile for a primary server on $PORT that lets its zones be
// transferred, and notifies a secondary on $SECONDARY.
const primary = `
$ZONE:$PORT 2.0.192.in-addr.arpa:$PORT {
    bind 127.0.0.1
    errors
    transfer {
        to 127.0.0.1:$SECONDARY
    }
    k8s_gateway {
        resources Ingress Service HTTPRoute TLSRoute GRPCRoute DNSEndpoint Node
        kubeconfig $KUBECONFIG
        apex ns1 192.0.2.53 2001:db8::53
        secondary ns2 192.0.2.54
    }
}
`

// reverseZone has the addresses of all Services in the cluster.
const reverseZone = "2.0.192.in-addr.arpa"

// ports replaces $PORT and $SECONDARY in a Corefile. Without a secondary anyone
// may transfer, and nobody is notified.
func ports(corefile, port, secondary string) string {
	if secondary == "" {
		corefile = strings.ReplaceAll(corefile, "127.0.0.1:$SECONDARY", "*")
	}
	return strings.NewReplacer("$PORT", port, "$SECONDARY", secondary).Replace(corefile)
}

// freePort is coredns.FreePort for servers that have to know of each other
// before they start.
func freePort(t *testing.T) string {
	t.Helper()
	port, err := coredns.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}
