package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
)

// pointingAt has names whose records point at thousands of names, which share thousands of addresses of some Ingresses.
func pointingAt(t testing.TB, hosts, ingresses int, apart bool) *fixture.Stanza {
	f := fixture.New(t, "resources Ingress DNSEndpoint")
	const each = 3800
	inner := min(hosts, 100)
	all := fixture.Addresses(ingresses * each)
	for i := range ingresses {
		ing := fixture.LargeIngress(fmt.Sprint("large", i), hosts+inner, each)
		if apart {
			for n, addr := range all[i*each : (i+1)*each] {
				ing.Status.LoadBalancer.Ingress[n].IP = addr
			}
		}
		for n := range inner {
			ing.Spec.Rules[hosts+n].Host = fmt.Sprintf("h%d.sub.example.com", n)
		}
		f.Feed(cache.Updated, ing)
	}
	list := func(format string) string { return strings.Join(fixture.Numbered(hosts, format), ", ") }
	f.Apply(fixture.Endpoints("pointing", fmt.Sprintf(`
  - {dnsName: mx.example.com, recordType: MX, targets: [%s]}
  - {dnsName: _sip._tcp.example.com, recordType: SRV, targets: [%s]}
  - {dnsName: sibling.example.com, recordType: NS, targets: [%s]}
  - {dnsName: sub.example.com, recordType: NS, targets: [%s]}`,
		list(`"10 h%d.example.com"`), list(`"0 0 1 h%d.example.com"`), list("h%d.example.com"),
		strings.Join(fixture.Numbered(inner, "h%d.sub.example.com"), ", "))))
	return f
}

// N7: a question costs by the size of its answer, also where its records point at thousands of names that have thousands of addresses each.
func TestAdditionalCost(t *testing.T) {
	const most = 6 << 20 // octets allocated; a reply of 64 KiB takes less than 2 MiB
	for _, tc := range []struct {
		hosts, ingresses int
		apart            bool
	}{{2000, 2, false}, {2000, 3, true}, {20, 5, true}} { // objects from the fourth on are united as they come
		f := pointingAt(t, tc.hosts, tc.ingresses, tc.apart)
		for _, question := range []string{"mx.example.com. MX", "_sip._tcp.example.com. SRV", "x.sibling.example.com. A", "x.sub.example.com. A"} {
			for _, tcp := range []bool{false, true} {
				var m *dns.Msg
				if n := fixture.Allocated(func() { m, _ = f.OnWire(question, tcp, 0) }); n > most {
					t.Errorf("%d Ingresses, lists apart %t: %s, TCP %t: %d KiB are allocated", tc.ingresses, tc.apart, question, tcp, n>>10)
				}
				records := len(m.Answer) + len(m.Ns)
				if m.Truncated && tcp && question != "x.sub.example.com. A" || records == 0 {
					t.Errorf("%s, TCP %t: %d records, TC %t", question, tcp, records, m.Truncated)
				}
			}
		}
	}
}

// D7: the additional section has the addresses of the first 128 targets, and names without room for theirs do not keep out the
// addresses of the next ones.
func TestAdditionalTargets(t *testing.T) {
	f := fixture.New(t, "resources Ingress DNSEndpoint", largeManifest("h%d.example.com", 200, fixture.Addresses(1)),
		largeManifest("large%d.example.com", 7, fixture.Addresses(3800)), fixture.Endpoints("mx", fmt.Sprintf(`
  - {dnsName: mx.example.com, recordType: MX, targets: [%s]}
  - {dnsName: both.example.com, recordType: MX, targets: [%s, "20 h1.example.com"]}`,
			strings.Join(fixture.Numbered(200, `"10 h%d.example.com"`), ", "), strings.Join(fixture.Numbered(7, `"10 large%d.example.com"`), ", "))))
	if m, _ := f.OnWire("mx.example.com. MX", true, 0); len(m.Answer) != 200 || len(m.Extra) != resolve.MaxTargets || m.Truncated {
		t.Errorf("%d answers, %d additional records, TC %t", len(m.Answer), len(m.Extra), m.Truncated)
	}
	m, _ := f.OnWire("both.example.com. MX", false, 1232)
	if len(m.Answer) != 8 || len(m.Extra) != 2 || m.Extra[0].Header().Name != "h1.example.com." || m.Truncated {
		t.Errorf("%s", m)
	}
}

// largeManifest is an Ingress with some hosts, numbered, that share addresses.
func largeManifest(format string, hosts int, addrs []string) string {
	return fixture.AnObject("Ingress", "default/"+strings.ReplaceAll(format, "%d.example.com", ""),
		fmt.Sprintf("annotations: {coredns.io/hostname: %q, coredns.io/target: %q}", strings.Join(fixture.Numbered(hosts, format), ","), strings.Join(addrs, ",")), "spec: {}")
}

// BenchmarkAdditionalLarge asks for an MX whose targets have thousands of addresses each.
func BenchmarkAdditionalLarge(b *testing.B) {
	f := pointingAt(b, 2000, 2, true)
	for _, question := range []string{"mx.example.com. MX", "x.sub.example.com. A"} {
		b.Run("question="+strings.Fields(question)[1], func(b *testing.B) {
			ctx, w, req := b.Context(), &fixture.Discard{}, fixture.Expect(question).Msg()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = f.ServeDNS(ctx, w, req)
			}
		})
	}
}
