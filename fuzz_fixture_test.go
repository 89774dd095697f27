package gateway

import (
	"context"
	"strings"
	"testing"

	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// fuzzStanza serves every kind, in zones of both sorts, with a zone inside another.
const fuzzStanza = `k8s_gateway example.com inner.example.com 2.0.192.in-addr.arpa 8.b.d.0.1.0.0.2.ip6.arpa {
resources DNSEndpoint Ingress Service HTTPRoute TLSRoute GRPCRoute Node
apex ns1 192.0.2.53
secondary a.b 2001:db8::53
explain
}`

func newFuzzFixture(t testing.TB) *fixture {
	f := newFixture(t, fuzzStanza).behind()
	f.Upstream.Lookup = func(_ context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
		m := new(dns.Msg).SetQuestion(name, qtype)
		if len(name)%2 == 0 {
			m.Rcode = dns.RcodeNameError
		} else if qtype == dns.TypeA {
			m.Answer = []dns.RR{mustRR(name + " 30 IN A 192.0.2.9")}
		}
		return m, nil
	}
	return f
}

// manifestObjects returns what can be read of a manifest.
func manifestObjects(manifest string) (list []kube.Object) {
	for doc := range strings.SplitSeq(manifest, "\n---") {
		if obj, err := decodeObject(doc); err == nil && obj.GetName() != "" { // the API server sees to names
			list = append(list, obj)
		}
	}
	return list
}

// offer hands an object to the informers that read its type.
func (f *fixture) offer(change cache.DeltaType, obj kube.Object) {
	f.t.Helper()
	for _, i := range f.informers() {
		if reads(i, obj) && i.Resource.Name == "" {
			send(f.t, i, change, obj)
		}
	}
}

// endure applies objects, asks for every name they claim and what is around, transfers the zones, and takes
// the objects back, after which all is as before.
func (f *fixture) endure(objs []kube.Object) {
	f.t.Helper()
	before, size := f.everything(), f.Names.Len()
	for _, obj := range objs {
		f.offer(cache.Updated, obj)
	}
	names := relatives(claimedNames(f))
	for _, name := range names[:min(len(names), 150)] {
		f.sound(name)
	}
	f.everything()
	for _, obj := range objs {
		f.offer(cache.Deleted, obj)
	}
	if n := f.Names.Len(); n != size {
		f.t.Errorf("%d names are left, of %d", n, size)
	}
	if after := f.everything(); after != before {
		f.t.Errorf("left behind:\n%s\nbefore:\n%s", after, before)
	}
}

// everything returns all zones as they are transferred.
func (f *fixture) everything() string {
	f.t.Helper()
	var text []string
	for _, z := range f.Zones.All {
		text = append(text, zoneText(f.zone(z.FQDN))...)
	}
	return strings.Join(text, "\n")
}
