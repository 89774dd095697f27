package gateway

import (
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// Z2: while one cluster has not been listed, nothing is denied and no address is certain; the cluster that has
// been is not held up once it may not be added to.
func TestClustersUncertain(t *testing.T) {
	f := unlisted(t, twoClusters+"resources Ingress Service\napex ns1 192.0.2.53")
	informers := func(cluster int) []*kube.Informer { return f.Clusters[cluster].Demanded() }
	for _, i := range informers(0) {
		i.Settle()
	}
	for _, obj := range decode(t, anIngress("web.example.com", "192.0.2.1")) {
		f.feed("Updated", obj) // to both
	}
	f.ask(servfail("web.example.com.", dns.TypeA), servfail("nowhere.example.com.", dns.TypeA))
	if f.Ready() {
		t.Error("ready")
	}
	informers(1)[0].Settle() // Ingress
	f.ask(a("web.example.com.", "192.0.2.1"), servfail("nowhere.example.com.", dns.TypeA))
	for _, i := range informers(1) {
		i.Settle()
	}
	f.check(expect("nowhere.example.com. A", "NXDOMAIN", "ns: example.com. 5 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"))
	if !f.Ready() {
		t.Error("not ready")
	}
}
