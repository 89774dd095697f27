package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// Sixty addresses at one name do not fit into 512 octets: over UDP the reply
// says so, over TCP and to a client that takes larger replies all are there.
func TestManyAddresses(t *testing.T) {
	c := newCorner(t)
	const many = 60
	addresses := make([]string, many)
	for i := range addresses {
		addresses[i] = fmt.Sprintf("{ip: 192.0.2.%d}, {ip: \"2001:db8::%x\"}", i+1, i+1)
	}
	c.apply(`
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: $NAMESPACE}
spec: {rules: [{host: ingress.$ZONE}, {host: "*.wild.$ZONE"}]}
status: {loadBalancer: {ingress: [` + strings.Join(addresses, ", ") + `]}}
`)
	s := c.serve(allKinds)
	name := c.expand("ingress.$ZONE")
	for len(s.ask("tcp", name, dns.TypeA).Answer) == 0 {
		s.await(name, dns.TypeTXT, "NODATA")
	}

	for _, name := range []string{name, c.expand("one.wild.$ZONE")} {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			for _, tc := range []struct {
				network   string
				size      uint16 // that the client says it can take; 0 for no EDNS
				truncated bool
			}{
				{"udp", 0, true},
				{"udp", 512, true},
				{"udp", 4096, false},
				{"tcp", 0, false},
				{"tcp", 512, false},
			} {
				what := fmt.Sprintf("%s %s over %s with EDNS size %d", name, dns.TypeToString[qtype], tc.network, tc.size)
				m := new(dns.Msg).SetQuestion(dns.Fqdn(name), qtype)
				if tc.size > 0 {
					m.SetEdns0(tc.size, false)
				}
				reply := s.exchange(tc.network, m)
				reply.Compress = true // Len is then what was on the wire
				if reply.Truncated != tc.truncated {
					t.Errorf("%s: TC=%t, want %t", what, reply.Truncated, tc.truncated)
				}
				if !tc.truncated && len(reply.Answer) != many {
					t.Errorf("%s: %d addresses, want %d: %s", what, len(reply.Answer), many, dig.Short(reply))
				}
				if limit := max(512, int(tc.size)); tc.network == "udp" && reply.Len() > limit {
					t.Errorf("%s: %d octets, which is more than %d", what, reply.Len(), limit)
				}
			}
		}
	}
}

// exchange sends a message of the test's own making.
func (s *server) exchange(network string, m *dns.Msg) *dns.Msg {
	s.t.Helper()
	client := &dns.Client{Net: network, Timeout: awaitTimeout, UDPSize: dns.MaxMsgSize}
	reply, _, err := client.ExchangeContext(s.t.Context(), m, s.Addr)
	if err != nil {
		s.t.Fatalf("%s over %s: %v", m.Question[0].String(), network, err)
	}
	return reply
}

// RFC 2181 section 9: addresses that an MX brings along and that do not fit are left out, over UDP and TCP, and TC is not set for them.
func TestManyAdditionalAddresses(t *testing.T) {
	c := newCorner(t)
	addresses := make([]string, 60)
	for i := range addresses {
		addresses[i] = fmt.Sprintf("192.0.2.%d", i+1)
	}
	c.apply(`
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: mail, namespace: $NAMESPACE}
spec:
  endpoints:
  - {dnsName: $ZONE, recordType: MX, targets: [10 many.$ZONE, 20 one.$ZONE]}
  - {dnsName: many.$ZONE, recordType: A, targets: [` + strings.Join(addresses, ", ") + `]}
  - {dnsName: one.$ZONE, recordType: A, targets: [192.0.2.99]}
`)
	s := c.serve(allKinds)
	s.await(c.expand("one.$ZONE"), dns.TypeA, "192.0.2.99")
	for network, additional := range map[string]int{"udp": 1, "tcp": len(addresses) + 1} {
		reply := s.exchange(network, new(dns.Msg).SetQuestion(c.expand("$ZONE."), dns.TypeMX))
		if reply.Truncated || len(reply.Answer) != 2 || len(reply.Extra) != additional {
			t.Errorf("over %s: TC=%t, %d records, %d additional ones, want %d", network, reply.Truncated, len(reply.Answer), len(reply.Extra), additional)
		}
	}
}
