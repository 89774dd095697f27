package source_test

import (
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// Z2: while one cluster has not been listed, nothing is denied and no address is certain; the cluster that has
// been is not held up once it may not be added to.
func TestClustersUncertain(t *testing.T) {
	f := fixture.NewUnlisted(t, fixture.TwoClusters+"resources Ingress Service\napex ns1 192.0.2.53")
	informers := func(cluster int) []*kube.Informer { return f.Clusters[cluster].Demanded() }
	for _, i := range informers(0) {
		i.Settle()
	}
	for _, obj := range fixture.Decode(t, fixture.AnIngress("web.example.com", "192.0.2.1")) {
		f.Feed("Updated", obj) // to both
	}
	f.Ask(fixture.ServFail("web.example.com.", dns.TypeA), fixture.ServFail("nowhere.example.com.", dns.TypeA))
	if f.Ready() {
		t.Error("ready")
	}
	informers(1)[0].Settle() // Ingress
	f.Ask(fixture.A("web.example.com.", "192.0.2.1"), fixture.ServFail("nowhere.example.com.", dns.TypeA))
	for _, i := range informers(1) {
		i.Settle()
	}
	f.Check(fixture.Expect("nowhere.example.com. A", "NXDOMAIN", "ns: example.com. 5 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"))
	if !f.Ready() {
		t.Error("not ready")
	}
}
