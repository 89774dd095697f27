package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

const textsAndPorts = `
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: text, namespace: $NAMESPACE}
spec:
  endpoints:
  - {dnsName: _dmarc.text.$ZONE, recordType: TXT, targets: ['"v=DMARC1;" "p=reject;"']}
  - {dnsName: escaped.text.$ZONE, recordType: TXT, targets: ['"say \"hello\" \065"', '"open']}
---
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: $NAMESPACE
  annotations: {coredns.io/hostname: db.$ZONE, k8s-gateway.dns/resolve-endpoints: "true"}
spec: {clusterIP: None, ports: [{name: mongo, port: 27017, targetPort: 37017}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: db-1, namespace: $NAMESPACE, labels: {kubernetes.io/service-name: db}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.11]}]
ports: [{name: mongo, port: 37017}]
---
apiVersion: v1
kind: Service
metadata: {name: lb, namespace: $NAMESPACE, annotations: {coredns.io/hostname: lb.$ZONE}}
spec: {type: LoadBalancer, ports: [{name: http, port: 80}]}
status: {loadBalancer: {ingress: [{hostname: lb.elsewhere.test}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: wild, namespace: $NAMESPACE}
spec: {rules: [{host: "*.wild.$ZONE"}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.12}]}}
`

// What objects say arrives as it is meant: TXT records of several strings (D5), the ports of SRV records and what they point at (S4), and no name with an
// underscore below the wildcard of an Ingress (W7).
func TestRecords(t *testing.T) {
	c := newCorner(t)
	c.apply(textsAndPorts)
	s := c.serve(`
.:0 {
    bind 127.0.0.1
    errors
    k8s_gateway $ZONE {
        resources Ingress Service DNSEndpoint
        kubeconfig $KUBECONFIG
    }
}
`)
	for _, tc := range []struct {
		name  string
		qtype uint16
		want  string
	}{
		{"_dmarc.text.$ZONE", dns.TypeTXT, `"v=DMARC1;" "p=reject;"`},
		{"escaped.text.$ZONE", dns.TypeTXT, `"say \"hello\" A"`},
		{"_mongo._tcp.db.$ZONE", dns.TypeSRV, "0 100 37017 db.$ZONE."},
		{"_http._tcp.lb.$ZONE", dns.TypeSRV, "0 100 80 lb.elsewhere.test."},
		{"app.wild.$ZONE", dns.TypeA, "192.0.2.12"},
		{"_acme-challenge.wild.$ZONE", dns.TypeTXT, "NXDOMAIN"},
	} {
		s.await(c.expand(tc.name), tc.qtype, c.expand(tc.want))
		s.expect("tcp", c.expand(tc.name), tc.qtype, c.expand(tc.want))
	}
}

// Without a plugin that looks names up, an alias that has to be flattened says so (C6), whether there is a server block for the name behind it or not.
func TestAliasesWithoutForward(t *testing.T) {
	c := newCorner(t)
	c.apply(known("one.$ZONE", "lb."+elsewhere) + known("several.$ZONE", "lb."+elsewhere, "lb2."+elsewhere))
	for _, zone := range []string{".", "$ZONE"} {
		s := c.serve(strings.Replace(strings.Replace(outside, "    forward . $UPSTREAM\n", "", 1), ".:0", zone+":0", 1))
		s.await(c.expand("one.$ZONE"), dns.TypeA, "lb.elsewhere.test.")
		reply := s.askEDNS(c.expand("several.$ZONE"))
		if ede := explanation(t, reply); reply.Rcode != dns.RcodeServerFailure || ede == nil || !strings.Contains(ede.ExtraText, "no plugin of this server, such as forward") {
			t.Errorf("server block %s: got %s %v", zone, dig.Short(reply), ede)
		}
	}
}
