package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// wholeNames is a Corefile whose nameservers have whole names: in the zone, the zone itself, and outside.
const wholeNames = `
.:0 {
    bind 127.0.0.1
    errors
    transfer {
        to *
    }
    k8s_gateway $ZONE other.$ZONE {
        kubeconfig $KUBECONFIG
        startupTimeout 60s
        apex dns.$ZONE
        secondary $ZONE 192.0.2.53 2001:db8::53
        secondary ns.elsewhere.invalid.
        secondary ns4
        secondary nameserver.$NAMESPACE
    }
}
`

// nameserverManifest is a Service that answers with its endpoints, and an Ingress that bears a nameserver's name.
const nameserverManifest = `
apiVersion: v1
kind: Service
metadata: {name: nameserver, namespace: $NAMESPACE, labels: {k8s-gateway.dns/resolve-endpoints: "true"}, annotations: {coredns.io/hostname: unrelated.$ZONE}}
spec: {clusterIP: None, ports: [{name: dns, port: 53, protocol: UDP}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: nameserver-1, namespace: $NAMESPACE, labels: {kubernetes.io/service-name: nameserver}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.56]}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: nameserver, namespace: $NAMESPACE}
spec: {rules: [{host: dns.$ZONE}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.54}]}}
`

// A1, A2: nameservers with whole names, on the wire: NS with glue, SOA, their own addresses, the transfer, and what the log says of one
// without an address.
func TestNameserversWithWholeNames(t *testing.T) {
	log := newLogged(t)
	c := newCorner(t)
	c.apply(nameserverManifest)
	s := c.serve(wholeNames)
	for question, want := range map[string]string{
		"$ZONE A":                       "192.0.2.53",
		"$ZONE AAAA":                    "2001:db8::53",
		"dns.$ZONE A":                   "192.0.2.54",
		"dns.$ZONE AAAA":                "NODATA",
		"dns.$ZONE ANY":                 "192.0.2.54",
		"ns4.$ZONE A":                   "NODATA",
		"nameserver.$NAMESPACE.$ZONE A": "192.0.2.56",
		"unrelated.$ZONE A":             "192.0.2.56",
		"dns.$ZONE.$ZONE A":             "NXDOMAIN",
		"$ZONE NS":                      "dns.$ZONE. nameserver.$NAMESPACE.$ZONE. $ZONE. ns.elsewhere.invalid. ns4.$ZONE.",
		"other.$ZONE NS":                "dns.$ZONE. nameserver.$NAMESPACE.other.$ZONE. $ZONE. ns.elsewhere.invalid. ns4.other.$ZONE.",
		"other.$ZONE SOA":               "",
	} {
		name, qtype, _ := strings.Cut(c.expand(question), " ")
		if qtype == "SOA" {
			soa, ok := s.ask("udp", name, dns.TypeSOA).Answer[0].(*dns.SOA)
			if !ok || soa.Ns != c.expand("dns.$ZONE.") || soa.Expire != 1209600 || soa.Refresh != 14400 || soa.Retry != 3600 {
				t.Errorf("%s: %v", question, soa)
			}
			continue
		}
		s.await(name, dns.StringToType[qtype], c.expand(want))
	}
	glue := s.ask("udp", c.expand("other.$ZONE"), dns.TypeNS)
	if got, want := dig.Short(&dns.Msg{Answer: glue.Extra}), "192.0.2.53 192.0.2.54 192.0.2.56 2001:db8::53"; got != want {
		t.Errorf("glue of other.%s: %s, want %s", c.zone, got, want)
	}
	var glued []string
	for _, rr := range s.mustAXFR(c.zone) {
		if h := rr.Header(); h.Rrtype == dns.TypeA || h.Rrtype == dns.TypeAAAA {
			glued = append(glued, strings.TrimSuffix(h.Name, c.zone+".")+dns.Type(h.Rrtype).String())
		}
	}
	for _, want := range []string{"A", "AAAA", "dns.A", "nameserver." + c.namespace + ".A", "nameserver." + c.namespace + ".other.A", "unrelated.A"} {
		if n := strings.Count(" "+strings.Join(glued, " ")+" ", " "+want+" "); n != 1 {
			t.Errorf("%s is %d times among the addresses that are transferred: %v", want, n, glued)
		}
	}
	log.once(t, c.expand("nameserver ns4.$ZONE.: no address is known"))
	for _, name := range []string{"dns.$ZONE.", "$ZONE.", "nameserver.$NAMESPACE.$ZONE."} {
		if lines := log.lines(c.expand("nameserver " + name + ":")); len(lines) > 0 {
			t.Errorf("said of a nameserver that has an address: %v", lines)
		}
	}
}
