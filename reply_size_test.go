package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// N5: a text that no record can hold is left out, and the one beside it is served.
func TestTextTooLong(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", anEndpoint("web.example.com", "TXT", strings.Repeat("x", 70000), "good"))
	f.ask(txt("web.example.com.", "good"))
}

// N5: a record set as large as a message may be packs.
func TestLargeRecordSet(t *testing.T) {
	var addrs []string
	for i := range 1000 {
		addrs = append(addrs, fmt.Sprintf("192.0.%d.%d", 2+i/250, 1+i%250))
	}
	newFixture(t, "", anIngress("web.example.com", addrs...)).ask(a("web.example.com.", addrs...))
}

// N5: the addresses of a nameserver with thousands of endpoints fit into a reply.
func TestNameserverAddressesFit(t *testing.T) {
	f := newFixture(t, "apex dns.kube-system\nresources Ingress")
	f.apply(`
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: kube-system, annotations: {k8s-gateway.dns/resolve-endpoints: "true"}}
spec: {type: ClusterIP}`)
	for _, i := range f.informers() {
		i.Settle()
	}
	for s := range 5 {
		var eps []string
		for n := range 1000 {
			eps = append(eps, fmt.Sprintf("{addresses: ['2001:db8:%x::%x']}", s, n+1))
		}
		f.apply(fmt.Sprintf(`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: dns-%d, namespace: kube-system, labels: {kubernetes.io/service-name: dns}}
addressType: IPv6
endpoints: [%s]`, s, strings.Join(eps, ", ")))
	}
	m, rcode := f.query(expect("dns.kube-system.example.com. AAAA").Msg())
	if m == nil {
		t.Fatal(rcode)
	}
	m.Compress = true
	wire, err := m.Pack()
	if err != nil || len(wire) > dns.MaxMsgSize {
		t.Errorf("%d answers, %d octets, %v", len(m.Answer), len(wire), err)
	}
}
