package gateway

import (
	"slices"
	"testing"

	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// everything is an object of every kind, ready and pending, with names of every sort.
var everything = []string{
	webIngress, anIngress("*.ingress.example.com", "192.0.2.1"), anIngress("pending.a.b.example.com"), anIngress("example.com", "192.0.2.1"), anIngress("*.pending.example.com"),
	aService("default", "", "192.0.2.1"), aService("web", "a.b.c.example.com,*.service.example.com,bad_host,relative", "192.0.2.1"), nameserverService,
	aGateway("gw", "192.0.2.1"), aGateway("pending"),
	aRoute("HTTPRoute", "one", "gw", "web.example.com", "*.example.com", "*.com"), aRoute("HTTPRoute", "two", "gw", "web.example.com"),
	aRoute("HTTPRoute", "three", "pending", "web.example.com"), aRoute("TLSRoute", "one", "gw", "*.tls.example.com"), aRoute("GRPCRoute", "one", "gw", "x.grpc.example.com"),
	anEndpoint("text.example.com", "TXT", "text"), anEndpoint("*.endpoint.example.com", "A", "192.0.2.1", "bad"),
	nodes,
}

const everyKind = "resources Ingress Service HTTPRoute TLSRoute GRPCRoute DNSEndpoint Node"

// Z7: when every object is gone, whatever the order, nothing is left of them: no name, no record.
func TestNothingIsLeft(t *testing.T) {
	manifests := slices.Clone(everything)
	for turn := range manifests {
		f := newFixture(t, everyKind)
		empty := f.names.Len()
		for _, m := range manifests {
			f.apply(m)
		}
		slices.Reverse(manifests[turn:])
		for _, m := range manifests {
			f.remove(m)
		}
		if got := f.names.Len(); got != empty {
			t.Errorf("%d names in the table, %d at the start", got, empty)
		}
		left := map[string]int{"Gateway": len(f.joins[f.clusters[0]].gateways.index.List())}
		for _, k := range f.kinds {
			left[k.name] = len(k.parts[0].index.List())
		}
		for _, r := range f.joins[f.clusters[0]].kinds {
			left["objects of kind "+r.served.name] = len(r.index.List())
		}
		for what, n := range left {
			if n > 0 {
				t.Errorf("%s: left: %d", what, n)
			}
		}
		f.ask(
			nxdomain("web.example.com.", dns.TypeA),
			nxdomain("x.y.z.example.com.", dns.TypeA),
			nodata("example.com.", dns.TypeA),
			nodata("dns1.kube-system.example.com.", dns.TypeA),
		)
	}
}

// A relist tells of an object that went away meanwhile by its key alone.
func TestTombstone(t *testing.T) {
	f := newFixture(t, everyKind)
	empty := f.names.Len()
	for _, m := range everything {
		f.apply(m)
	}
	for _, m := range everything {
		for _, obj := range decode(t, m) {
			for _, i := range f.watching(obj) {
				i.Storer.Process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: kube.MetaOf(obj).Key().String()})
			}
		}
	}
	if got := f.names.Len(); got != empty {
		t.Errorf("%d names in the table, %d at the start", got, empty)
	}
	f.ask(nxdomain("web.example.com.", dns.TypeA))
}
