package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

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
