package zone_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// FuzzZone makes a zone of a few names and many objects from a seed, so that names meet: aliases, loops,
// delegations, wildcards and addresses of several kinds at one name and around it. Replies must be sound, transfers
// match them, and nothing may be left when the objects go, in another order than they came.
func FuzzZone(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 1))
		fx := fixture.NewFuzz(t)
		before, size := fx.Everything(), fx.Names.Len()
		objs := fixture.ManifestObjects(randomManifest(r))
		for range 2 {
			for _, obj := range objs {
				fx.Offer(cache.Updated, obj)
			}
		}
		for _, name := range fixture.Relatives(fixture.ClaimedNames(fx)) {
			fx.Sound(name)
		}
		for _, z := range fx.Zones.All {
			fx.Matches(z.FQDN)
		}
		r.Shuffle(len(objs), func(i, j int) { objs[i], objs[j] = objs[j], objs[i] })
		for _, obj := range objs {
			fx.Offer(cache.Deleted, obj)
		}
		if n := fx.Names.Len(); n != size {
			t.Errorf("%d names are left, of %d", n, size)
		}
		if after := fx.Everything(); after != before {
			t.Errorf("left behind:\n%s", after)
		}
		if t.Failed() {
			t.Logf("seed %d:\n%s", seed, randomManifest(rand.New(rand.NewPCG(seed, 1))))
		}
	})
}

var randomNames = []string{
	"example.com", "a.example.com", "b.example.com", "x.a.example.com", "y.x.a.example.com", "*.example.com", "*.a.example.com", "*.x.a.example.com",
	"ns1.example.com", "a.b.example.com", "inner.example.com", "a.inner.example.com", "*.inner.example.com", "1.2.0.192.in-addr.arpa", "*.com",
}

func randomManifest(r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	name := func() string { return pick(randomNames...) }
	addr := func() string { return pick("192.0.2.1", "192.0.2.2", "2001:db8::1") }
	target := func() string { return pick(addr(), name(), pick("lb.example.net", "lbb.example.net")) }
	targets := func() (list []string) {
		for range r.IntN(4) {
			list = append(list, target())
		}
		return list
	}
	var docs []string
	for i := range 2 + r.IntN(8) {
		object := fmt.Sprint("o", i)
		switch r.IntN(6) {
		case 0:
			docs = append(docs, fixture.IngressAt(object, name(), targets()...))
		case 1:
			docs = append(docs, fixture.ServiceAt(object, name()+","+name(), targets()...))
		case 2:
			docs = append(docs, fixture.GatewayAt(object, name(), targets()...))
		default:
			var list strings.Builder
			for range 1 + r.IntN(3) {
				rrtype := pick("A", "AAAA", "CNAME", "CNAME", "CNAME", "NS", "NS", "MX", "TXT", "SRV", "PTR")
				value := map[string]func() string{
					"A": addr, "AAAA": addr, "CNAME": name, "NS": name, "PTR": name, "TXT": target,
					"MX": func() string { return "10 " + name() }, "SRV": func() string { return "0 100 80 " + name() },
				}[rrtype]
				fmt.Fprintf(&list, "\n  - {dnsName: %q, recordType: %s, recordTTL: %d, targets: [%q, %q]}", name(), rrtype, 10*r.IntN(3), value(), value())
			}
			docs = append(docs, fixture.Endpoints(object, list.String()))
		}
	}
	return strings.Join(docs, "\n")
}
