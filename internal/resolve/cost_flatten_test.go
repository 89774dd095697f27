package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// flattenedOver has a name with the addresses of 31 hostnames in the zone, each of which has those of some Ingresses.
func flattenedOver(t testing.TB, ingresses int, apart bool) *fixture.Stanza {
	const each = 3800
	f := fixture.New(t, "resources Ingress DNSEndpoint")
	hosts := fixture.Numbered(31, "h%d.example.com")
	all := fixture.Addresses(len(hosts) * each)
	for i := range ingresses {
		list := strings.Join(all[i*each:(i+1)*each], ",")
		f.Feed(cache.Updated, fixture.Decode(t, fixture.AnObject("Ingress", fmt.Sprint("tenant/a", i),
			fmt.Sprintf("annotations: {coredns.io/hostname: %q, coredns.io/target: %q}", strings.Join(hosts, ","), list), "spec: {}"))[0])
	}
	if apart {
		for i, host := range hosts {
			f.Apply(fixture.IngressAt(fmt.Sprint("own", i), host, all[i*each:(i+1)*each]...))
		}
	}
	f.Apply(fixture.IngressAt("web", "web.example.com", hosts...))
	return f
}

// N7: a question costs by the size of its answer, also for a name that has the addresses of many others. Inside, addresses are passed
// on and not records: the records of the 31 names alone would be 20 MiB.
func TestFlattenCost(t *testing.T) {
	for _, tc := range []struct {
		ingresses int
		apart     bool
		most      uint64 // octets allocated
	}{
		{1, false, 2 << 20}, // all share one list
		{3, false, 16 << 20},
		{0, true, 14 << 20},
	} {
		f := flattenedOver(t, tc.ingresses, tc.apart)
		var m *dns.Msg
		n := fixture.Allocated(func() { m, _ = f.Query(fixture.Expect("web.example.com. A").Msg()) })
		if n > tc.most {
			t.Errorf("%+v: %d KiB are allocated", tc, n>>10)
		}
		most := record.MaxOctets / record.AddressOctets(dns.TypeA)
		if want := min(most, 3800*max(tc.ingresses, 31)); tc.ingresses == 1 && len(m.Answer) != 3800 || tc.ingresses != 1 && len(m.Answer) != want {
			t.Errorf("%+v: %d addresses", tc, len(m.Answer))
		}
		for i, rr := range m.Answer {
			if want := fixture.Addresses(i + 1)[i]; i%500 == 0 && rr.(*dns.A).A.String() != want {
				t.Errorf("%+v: address %d is %v, want %s", tc, i, rr.(*dns.A).A, want)
			}
		}
	}
}

// BenchmarkFlatten asks for a name with the addresses of 31 others.
func BenchmarkFlatten(b *testing.B) {
	for _, ingresses := range []int{1, 3} {
		f := flattenedOver(b, ingresses, false)
		b.Run(fmt.Sprintf("objects=%d", ingresses), func(b *testing.B) {
			ctx, w, req := b.Context(), &fixture.Discard{}, fixture.Expect("web.example.com. A").Msg()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = f.ServeDNS(ctx, w, req)
			}
		})
	}
}
