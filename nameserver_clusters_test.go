package gateway

import (
	"errors"
	"testing"

	"github.com/coredns/coredns/plugin/transfer"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

const dnsName = "dns.infra.example.com. "

// dnsService is the Service of nameserver dns.infra, which answers with its endpoints or at an address.
func dnsService(how string) string {
	if how == "endpoints" {
		return anObject("Service", "infra/dns", byEndpoints, "spec: {clusterIP: None}")
	}
	return anObject("Service", "infra/dns", "spec: {type: LoadBalancer, externalIPs: ["+how+"]}")
}

// A1, S3: a nameserver's Service that answers with its endpoints does so in each cluster for itself, whatever `resources` has, and
// however it changes there.
func TestNameserverEndpointsOfClusters(t *testing.T) {
	for _, kinds := range []string{"Ingress", "Ingress Service"} {
		l := newLive(t, twoClusters+"apex dns.infra\nresources "+kinds, ingressAt("mine", "dns.infra.example.com", "198.51.100.66"))
		at := func(addrs ...string) {
			t.Helper()
			lines := []string{zoneSOA("example.com.", "dns.infra.example.com.")}
			if len(addrs) > 0 {
				lines = nil
			}
			for _, addr := range addrs {
				lines = append(lines, dnsName+"60 IN A "+addr)
			}
			l.check(expect(dnsName+"A", lines...))
		}
		at()
		l.applyTo(0, dnsService("endpoints"), slice("infra/a", "dns", "{addresses: [192.0.2.1]}, {addresses: [192.0.2.9], conditions: {ready: false}}"), slice("infra/b", "web", "{addresses: [192.0.2.8]}"))
		at("192.0.2.1")
		l.applyTo(1, dnsService("endpoints"), slice("infra/a", "dns", "{addresses: [192.0.2.2]}"))
		at("192.0.2.1", "192.0.2.2")
		l.applyTo(1, dnsService("192.0.2.54")) // at an address of its own now; the other goes on
		at("192.0.2.1", "192.0.2.54")
		l.applyTo(1, dnsService(""))
		at("192.0.2.1")
		l.applyTo(0, slice("infra/a", "dns", "{addresses: [192.0.2.3]}"))
		at("192.0.2.3")
		l.removeFrom(1, dnsService(""))
		at("192.0.2.3")
		l.removeFrom(0, slice("infra/a", "dns", ""))
		at()
		l.removeFrom(0, dnsService("endpoints"))
		at()
		if t.Failed() {
			t.Fatal(kinds)
		}
	}
}

// Z2: while a cluster may still add addresses, none is certain; a cluster that is away takes those of the others with it only until
// the startup grace is over. That there is none is certain once all have been listed.
func TestNameserverOneClusterAway(t *testing.T) {
	f := unlisted(t, twoClusters+"resources Ingress\napex dns.infra")
	here := func(i *kube.Informer) bool { return i.What == "nameserver Service infra/dns" }
	for _, i := range f.clusters[0].Demanded() {
		i.Settle()
	}
	away := f.clusters[1]
	for _, i := range f.clusters[0].Demanded() {
		if !here(i) {
			continue
		}
		for _, obj := range decode(t, dnsService("192.0.2.53")) {
			send(t, i, "Updated", obj)
		}
	}
	f.ask(servfail("dns.infra.example.com.", dns.TypeA))
	away.EndGrace()
	f.check(
		expect("dns.infra.example.com. A", dnsName+"60 IN A 192.0.2.53"),
		expect("dns.infra.example.com. AAAA", "SERVFAIL"),
		expect("example.com. NS", "example.com. 60 IN NS dns.infra.example.com.", "add: "+dnsName+"60 IN A 192.0.2.53"),
	)
	for _, i := range away.Demanded() {
		i.Settle()
	}
	f.ask(a("dns.infra.example.com.", "192.0.2.53"))
	if m, _ := f.query(expect("dns.infra.example.com. AAAA").Msg()); m == nil || len(m.Ns) != 1 {
		t.Errorf("AAAA once both have been listed: %v", m)
	}
}

// R8, R4: a zone is neither transferred, whole or as IXFR, nor is the plugin ready, before the nameservers' Services have been listed.
func TestTransferNameserverUnlisted(t *testing.T) {
	f := unlisted(t, "resources Ingress\nsecondary dns.infra")
	f.list("Ingress", "nameserver Service kube-system/dns1")
	for _, serial := range []uint32{0, 1, 4_000_000_000} {
		if ch, err := f.Transfer("example.com.", serial); err == nil || errors.Is(err, transfer.ErrNotAuthoritative) || ch != nil {
			t.Errorf("serial %d: got %v, %v", serial, ch, err)
		}
	}
	f.check(expect("nowhere.example.com. A", "NXDOMAIN", "soa")) // the kinds are known
	if f.Ready() {
		t.Error("ready")
	}
	f.list("nameserver Service infra/dns")
	if !f.Ready() || len(f.zone("example.com.")) != 2 {
		t.Error("neither ready nor transferred once everything is listed")
	}
}

// RFC 8914: the reason for SERVFAIL names the Service that is waited for, and no upstream server.
func TestExplainNameserverUnlisted(t *testing.T) {
	f := unlisted(t, "explain\nresources Ingress")
	f.explained("dns1.kube-system.example.com. A", dns.ExtendedErrorCodeNotReady, "waiting for nameserver Service kube-system/dns1, Ingress")
	f.list("Ingress")
	f.explained("dns1.kube-system.example.com. A", dns.ExtendedErrorCodeNotReady, "waiting for nameserver Service kube-system/dns1")
}
