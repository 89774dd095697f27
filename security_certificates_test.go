package gateway

import "testing"

// Other types at the nameservers' names and at the apex are anybody's who may write a DNSEndpoint: mail and the
// issuing of certificates.
func TestDNSEndpointDecidesMailAndCertificates(t *testing.T) {
	f := newFixture(t, "apex ns1 192.0.2.53\nresources DNSEndpoint", tenant("b", endpoints("mine", `
  - {dnsName: example.com, recordType: MX, targets: ["10 mail.example.net"]}
  - {dnsName: example.com, recordType: CAA, targets: ['0 issue "ca.example.net"']}
  - {dnsName: example.com, recordType: TXT, targets: ["v=spf1 +all"]}
  - {dnsName: _acme-challenge.example.com, recordType: TXT, targets: [token]}
  - {dnsName: _dmarc.example.com, recordType: TXT, targets: ["v=DMARC1; p=none"]}
  - {dnsName: ns1.example.com, recordType: TXT, targets: [text]}`)))
	f.check(
		expect("example.com. MX", "example.com. 60 IN MX 10 mail.example.net."),
		expect("example.com. CAA", `example.com. 60 IN CAA 0 issue "ca.example.net"`),
		expect("example.com. TXT", `example.com. 60 IN TXT "v=spf1 +all"`),
		expect("_acme-challenge.example.com. TXT", `_acme-challenge.example.com. 60 IN TXT "token"`),
		expect("_dmarc.example.com. TXT", `_dmarc.example.com. 60 IN TXT "v=DMARC1; p=none"`),
		expect("ns1.example.com. TXT", `ns1.example.com. 60 IN TXT "text"`),
	)
}

// The same with any kind, where a wildcard is an alias: names with underscores are under it as well.
func TestWildcardAliasDecidesCertificates(t *testing.T) {
	for kind, manifest := range map[string]string{
		"Ingress":   ingressAt("mine", "*.example.com", "mine.example.net"),
		"Service":   serviceAt("mine", "*.example.com", "mine.example.net"),
		"HTTPRoute": gatewayAt("mine", "*.example.com", "mine.example.net"),
	} {
		f := newFixture(t, "resources "+kind, tenant("b", manifest))
		f.outside(`mine.example.net. 30 IN TXT "token"`)
		f.check(expect("_acme-challenge.example.com. TXT", "_acme-challenge.example.com. 60 IN CNAME mine.example.net.", `mine.example.net. 30 IN TXT "token"`))
	}
}
