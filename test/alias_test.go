package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// outside is a Corefile that forwards everything outside the zone to $UPSTREAM.
const outside = `
.:0 {
    bind 127.0.0.1
    errors
    k8s_gateway $ZONE {
        explain
        resources Ingress DNSEndpoint
        kubeconfig $KUBECONFIG
    }
    forward . $UPSTREAM
}
`

// known is an Ingress whose load balancer is known by hostnames.
func known(name string, hosts ...string) string {
	for i := range hosts {
		hosts[i] = strings.TrimSuffix(hosts[i], ".")
	}
	return fmt.Sprintf(`---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: "alias-%s", namespace: $NAMESPACE}
spec: {rules: [{host: %s}]}
status: {loadBalancer: {ingress: [{hostname: %s}]}}
`, strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(name), "$", ""), ".", "-"), name, strings.Join(hosts, "}, {hostname: "))
}

// A load balancer known by a hostname outside the zone is a CNAME with what
// CoreDNS's own forward finds behind it (C2, C3); several, and one at the apex, are
// flattened to addresses (C4). The RCODE is the last name's (RFC 6604).
func TestAliases(t *testing.T) {
	c := newCorner(t)
	u := newUpstream(t)
	c.apply(known("alias.$ZONE", "lb."+elsewhere) + known("again.$ZONE", "alias.$ZONE") +
		known("gone.$ZONE", "gone."+elsewhere) + known("loop.$ZONE", "pool.$ZONE") + known("pool.$ZONE", "loop.$ZONE") +
		known("several.$ZONE", "lb."+elsewhere, "lb2."+elsewhere, "gone."+elsewhere) + known("$ZONE", "lb."+elsewhere))
	s := c.serve(strings.ReplaceAll(outside, "$UPSTREAM", u.addr))

	for _, tc := range []struct {
		name  string
		qtype uint16
		want  string
	}{
		{"alias.$ZONE", dns.TypeA, "203.0.113.1 lb.elsewhere.test."},
		{"alias.$ZONE", dns.TypeAAAA, "2001:db8:ff::1 lb.elsewhere.test."},
		{"alias.$ZONE", dns.TypeCNAME, "lb.elsewhere.test."},
		{"alias.$ZONE", dns.TypeTXT, "lb.elsewhere.test."},
		{"again.$ZONE", dns.TypeA, "203.0.113.1 alias.$ZONE. lb.elsewhere.test."},
		{"several.$ZONE", dns.TypeA, "203.0.113.1"},
		{"several.$ZONE", dns.TypeAAAA, "2001:db8:ff::1"},
		{"several.$ZONE", dns.TypeCNAME, "NODATA"},
		{"several.$ZONE", dns.TypeTXT, "NODATA"},
		{"$ZONE", dns.TypeA, "203.0.113.1"},
		{"$ZONE", dns.TypeAAAA, "2001:db8:ff::1"},
		{"$ZONE", dns.TypeCNAME, "NODATA"},
	} {
		s.await(c.expand(tc.name), tc.qtype, c.expand(tc.want))
		s.expect("tcp", c.expand(tc.name), tc.qtype, c.expand(tc.want))
	}

	gone := s.ask("udp", c.expand("gone.$ZONE"), dns.TypeA)
	if gone.Rcode != dns.RcodeNameError || len(gone.Answer) != 1 || gone.Answer[0].Header().Rrtype != dns.TypeCNAME {
		t.Errorf("alias to a name that does not exist: got %v, want NXDOMAIN with the CNAME", gone)
	}
	if loop := s.ask("udp", c.expand("loop.$ZONE"), dns.TypeA); len(loop.Answer) == 0 || len(loop.Answer) > 10 {
		t.Errorf("aliases in a loop: got %s, want a CNAME or a few", dig.Short(loop))
	}
}
