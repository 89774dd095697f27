package source_test

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	dnsendpointv1alpha1 "sigs.k8s.io/external-dns/apis/v1alpha1"
	"sigs.k8s.io/external-dns/endpoint"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// FuzzDNSEndpoint applies a DNSEndpoint with two endpoints, whose targets are separated by newlines, beside names
// that other kinds hold.
func FuzzDNSEndpoint(f *testing.F) {
	for _, rrtype := range []string{"A", "AAAA", "CNAME", "TXT", "MX", "SRV", "NS", "PTR", "NAPTR", "CAA", "SOA", "DNAME", "a ", ""} {
		f.Add("web.example.com", rrtype, "10 mail.example.com\n1 2 3 host.example.com\nhost.example.com\n192.0.2.1\n2001:db8::1\n0 issue x", int64(0),
			"host.example.com", "A", "192.0.2.1")
		f.Add("*.web.example.com", rrtype, "0 .\n.\nweb.example.com\n\"text\"", int64(-1), "x.web.example.com", "CNAME", "y.web.example.com\n*.x")
		f.Add("example.com", rrtype, "ns.example.com\n10 example.com", int64(1<<40), "ns.example.com", "NS", "ns.ns.example.com\nns.example.com")
		f.Add("ns1.example.com", rrtype, "ns1.example.com\nlb.example.net", int64(30), "ingress.example.com", "CNAME", "service.example.com")
	}
	f.Fuzz(func(t *testing.T, name1, type1, targets1 string, ttl int64, name2, type2, targets2 string) {
		obj := &dnsendpointv1alpha1.DNSEndpoint{
			ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "y"},
			Spec: dnsendpointv1alpha1.DNSEndpointSpec{Endpoints: []*endpoint.Endpoint{
				{DNSName: name1, RecordType: type1, Targets: strings.Split(targets1, "\n"), RecordTTL: endpoint.TTL(ttl)},
				nil,
				{DNSName: name2, RecordType: type2, Targets: strings.Split(targets2, "\n")},
			}},
		}
		fx := fixture.NewFuzz(t)
		fx.Apply(fixture.IngressAt("x", "ingress.example.com", "lb.example.net") + fixture.ServiceAt("x", "service.example.com", "192.0.2.1"))
		fx.Endure([]kube.Object{obj})
	})
}
