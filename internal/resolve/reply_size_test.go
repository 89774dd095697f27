package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// N5: a text that no reply has room for costs itself only.
func TestTextTooLarge(t *testing.T) {
	f := fixture.New(t, "resources DNSEndpoint",
		fixture.OneEndpoint(t, "web.example.com", "TXT", strings.Repeat("x", 66000), "good"),
		fixture.OneEndpoint(t, "huge.example.com", "TXT", strings.Repeat("x", 66000)))
	f.Check(
		fixture.Expect("web.example.com. TXT", "web.example.com. 60 IN TXT good"),
		fixture.Expect("huge.example.com. TXT", "NXDOMAIN", "soa"),
	)
}

// N5: records that fit into a reply one by one, but not together, still make one that can be sent, cut as
// CoreDNS's server cuts it.
func TestTextTooLargeTogether(t *testing.T) {
	var texts []string
	for i := range 4 {
		texts = append(texts, fmt.Sprint(i)+strings.Repeat("x", 30000))
	}
	f := fixture.New(t, "resources DNSEndpoint", fixture.OneEndpoint(t, "web.example.com", "TXT", texts...))
	req := fixture.Expect("web.example.com. TXT").Msg()
	rec := &fixture.WireRecorder{ResponseWriter: &test.ResponseWriter{TCP: true}}
	if _, err := f.ServeDNS(t.Context(), request.NewScrubWriter(req, rec), req); err != nil {
		t.Fatal(err)
	}
	switch {
	case rec.Err != nil:
		t.Errorf("does not pack: %v", rec.Err)
	case len(rec.Wire) > dns.MaxMsgSize:
		t.Errorf("%d octets over TCP", len(rec.Wire))
	}
}

// N5: a record set as large as a message may be packs.
func TestLargeRecordSet(t *testing.T) {
	var addrs []string
	for i := range 1000 {
		addrs = append(addrs, fmt.Sprintf("192.0.%d.%d", 2+i/250, 1+i%250))
	}
	fixture.New(t, "", fixture.AnIngress("web.example.com", addrs...)).Ask(fixture.A("web.example.com.", addrs...))
}

// N5: the addresses of a nameserver with thousands of endpoints fit into a reply.
func TestNameserverAddressesFit(t *testing.T) {
	f := fixture.New(t, "apex dns.kube-system\nresources Ingress")
	f.Apply(`
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: kube-system, annotations: {k8s-gateway.dns/resolve-endpoints: "true"}}
spec: {type: ClusterIP}`)
	for _, i := range f.Informers() {
		i.Settle()
	}
	for s := range 5 {
		var eps []string
		for n := range 1000 {
			eps = append(eps, fmt.Sprintf("{addresses: ['2001:db8:%x::%x']}", s, n+1))
		}
		f.Apply(fmt.Sprintf(`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: dns-%d, namespace: kube-system, labels: {kubernetes.io/service-name: dns}}
addressType: IPv6
endpoints: [%s]`, s, strings.Join(eps, ", ")))
	}
	m, rcode := f.Query(fixture.Expect("dns.kube-system.example.com. AAAA").Msg())
	if m == nil {
		t.Fatal(rcode)
	}
	m.Compress = true
	wire, err := m.Pack()
	if err != nil || len(wire) > dns.MaxMsgSize {
		t.Errorf("%d answers, %d octets, %v", len(m.Answer), len(wire), err)
	}
}
