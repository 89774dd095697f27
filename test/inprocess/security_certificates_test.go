package inprocess

import (
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// Other types at the nameservers' names and at the apex are anybody's who may write a DNSEndpoint: mail and the
// issuing of certificates.
func TestDNSEndpointDecidesMailAndCertificates(t *testing.T) {
	f := fixture.New(t, "apex ns1 192.0.2.53\nresources DNSEndpoint", fixture.Tenant("b", fixture.Endpoints("mine", `
  - {dnsName: example.com, recordType: MX, targets: ["10 mail.example.net"]}
  - {dnsName: example.com, recordType: CAA, targets: ['0 issue "ca.example.net"']}
  - {dnsName: example.com, recordType: TXT, targets: ["v=spf1 +all"]}
  - {dnsName: _acme-challenge.example.com, recordType: TXT, targets: [token]}
  - {dnsName: _dmarc.example.com, recordType: TXT, targets: ["v=DMARC1; p=none"]}
  - {dnsName: ns1.example.com, recordType: TXT, targets: [text]}`)))
	f.Check(
		fixture.Expect("example.com. MX", "example.com. 60 IN MX 10 mail.example.net."),
		fixture.Expect("example.com. CAA", `example.com. 60 IN CAA 0 issue "ca.example.net"`),
		fixture.Expect("example.com. TXT", `example.com. 60 IN TXT "v=spf1 +all"`),
		fixture.Expect("_acme-challenge.example.com. TXT", `_acme-challenge.example.com. 60 IN TXT "token"`),
		fixture.Expect("_dmarc.example.com. TXT", `_dmarc.example.com. 60 IN TXT "v=DMARC1; p=none"`),
		fixture.Expect("ns1.example.com. TXT", `ns1.example.com. 60 IN TXT "text"`),
	)
}

// The same with a Service or DNSEndpoint, where a wildcard is an alias: names with underscores are under it as well. They are not under that of an Ingress
// or a route (W7).
func TestWildcardAliasDecidesCertificates(t *testing.T) {
	alias := []string{"_acme-challenge.example.com. 60 IN CNAME mine.example.net.", `mine.example.net. 30 IN TXT "token"`}
	for _, tc := range []struct {
		kind, manifest string
		want           []string
	}{
		{"Service", fixture.ServiceAt("mine", "*.example.com", "mine.example.net"), alias},
		{"DNSEndpoint", fixture.AnEndpoint("*.example.com", "CNAME", "mine.example.net"), alias},
		{"Ingress", fixture.IngressAt("mine", "*.example.com", "mine.example.net"), []string{"NXDOMAIN", "soa"}},
		{"HTTPRoute", fixture.GatewayAt("mine", "*.example.com", "mine.example.net"), []string{"NXDOMAIN", "soa"}},
	} {
		f := fixture.New(t, "resources "+tc.kind, fixture.Tenant("b", tc.manifest))
		f.Outside(`mine.example.net. 30 IN TXT "token"`)
		f.Check(fixture.Expect("_acme-challenge.example.com. TXT", tc.want...))
	}
}
