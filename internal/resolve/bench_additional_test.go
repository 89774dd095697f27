package resolve_test

import (
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// BenchmarkAdditional asks for records that bring addresses along, and for a nameserver's own.
func BenchmarkAdditional(b *testing.B) {
	f := fixture.New(b, "apex ns1 192.0.2.53 2001:db8::53\nsecondary ns2 192.0.2.54\nresources Ingress DNSEndpoint",
		fixture.IngressAt("mail", "mail.example.com", "192.0.2.1", "2001:db8::1"),
		fixture.Endpoints("mail", `
  - {dnsName: example.com, recordType: MX, targets: [10 mail.example.com]}
  - {dnsName: sub.example.com, recordType: NS, targets: [ns1.example.com, ns.sub.example.com]}
  - {dnsName: ns.sub.example.com, recordType: A, targets: [192.0.2.55]}`))
	for name, question := range map[string]*dns.Msg{
		"NS":         new(dns.Msg).SetQuestion("example.com.", dns.TypeNS),
		"MX":         new(dns.Msg).SetQuestion("example.com.", dns.TypeMX),
		"nameserver": new(dns.Msg).SetQuestion("ns1.example.com.", dns.TypeA),
		"referral":   new(dns.Msg).SetQuestion("x.sub.example.com.", dns.TypeA),
	} {
		b.Run("question="+name, func(b *testing.B) {
			ctx, w := b.Context(), &fixture.Discard{}
			b.ReportAllocs()
			for b.Loop() {
				_, _ = f.ServeDNS(ctx, w, question)
			}
		})
	}
}
