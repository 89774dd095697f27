package gateway

import (
	"slices"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/miekg/dns"
	"k8s.io/client-go/tools/cache"
)

// mixed is a zone with something of everything. Its stanza is mixedStanza.
const mixedStanza = `k8s_gateway example.com example.org 2.0.192.in-addr.arpa {
resources Ingress Service HTTPRoute DNSEndpoint
apex ns1 192.0.2.53 2001:db8::53
secondary ns2.infra 192.0.2.54
}`

var mixed = []string{
	ingressAt("web", "web.example.com", "192.0.2.1", "192.0.2.2", "2001:db8::1"),
	ingressAt("alias", "alias.example.com", "lb.example.net"),
	ingressAt("pending", "pending.example.com"),
	ingressAt("wild", "*.ingress.example.com", "192.0.2.3"),
	ingressAt("self", "self.example.com", "self.example.com"),
	serviceAt("svc", "svc.example.com,svc", "192.0.2.4"),
	serviceAt("twin", "svc.example.com", "192.0.2.5"),
	serviceAt("both", "web.example.com", "192.0.2.6"),
	gatewayAt("route", "*.route.example.com", "192.0.2.7"),
	gatewayAt("name", "name.example.com", "lb.example.net"),
	endpoints("data", `
  - {dnsName: example.com, recordType: MX, targets: [10 web.example.com, 20 mail.example.net]}
  - {dnsName: example.com, recordType: TXT, targets: [v=spf1 -all]}
  - {dnsName: example.com, recordType: A, targets: [192.0.2.8]}
  - {dnsName: web.example.com, recordType: TXT, targets: [text]}
  - {dnsName: "*.data.example.com", recordType: CNAME, targets: [web.example.com]}
  - {dnsName: a.b.c.example.com, recordType: NAPTR, targets: ['1 2 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .']}
  - {dnsName: caa.example.com, recordType: CAA, targets: ['0 issue "ca.example.net"']}
  - {dnsName: chain.example.com, recordType: CNAME, targets: [alias.example.com]}
  - {dnsName: ns1.example.com, recordType: TXT, targets: [nameserver]}
  - {dnsName: sub.example.com, recordType: NS, targets: [ns.sub.example.com, ns1.example.com, ns.example.net]}
  - {dnsName: ns.sub.example.com, recordType: A, targets: [192.0.2.9]}
  - {dnsName: sub.example.com, recordType: TXT, targets: [occluded]}
  - {dnsName: x.sub.example.com, recordType: A, targets: [192.0.2.10]}
  - {dnsName: deep.sub.example.com, recordType: NS, targets: [ns.deep.sub.example.com]}
  - {dnsName: ns.deep.sub.example.com, recordType: A, targets: [192.0.2.11]}
  - {dnsName: text.example.org, recordType: TXT, targets: [text]}
  - {dnsName: 9.2.0.192.in-addr.arpa, recordType: PTR, targets: [nine.example.com]}
  - {dnsName: outside.example.net, recordType: A, targets: [192.0.2.12]}`),
}

// mixedFixture is mixed, with an upstream for example.net.
func mixedFixture(t testing.TB) *fixture {
	f := newFixture(t, mixedStanza, mixed...).behind()
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	return f
}

// allTypes are question types that tell names apart, the odd ones included.
var allTypes = []uint16{
	dns.TypeA, dns.TypeAAAA, dns.TypeMX, dns.TypeTXT, dns.TypeSRV, dns.TypePTR, dns.TypeNAPTR, dns.TypeCAA,
	dns.TypeNS, dns.TypeSOA, dns.TypeCNAME, dns.TypeDS, dns.TypeHTTPS, dns.TypeRRSIG, dns.TypeDNSKEY, dns.TypeANY, dns.TypeNone, 65280,
}

// claimedNames are the names that objects claim, absolute.
func claimedNames(f *fixture) (list []string) {
	for _, s := range f.Served {
		for _, rec := range s.Parts[0].Records.List() {
			for _, e := range rec.Entries {
				list = append(list, dns.Fqdn(e.Name))
			}
		}
	}
	for _, z := range f.Zones.All {
		list = append(list, z.FQDN)
		for _, ns := range z.NS {
			list = append(list, dns.Fqdn(ns))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

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

const nodes = `
apiVersion: v1
kind: Node
metadata: {name: one}
status:
  addresses:
  - {type: Hostname, address: host-one}
  - {type: InternalIP, address: 10.0.0.1}
  - {type: InternalIP, address: "2001:db8::1"}
  - {type: ExternalIP, address: 192.0.2.1}
  - {type: InternalDNS, address: internal.example.com}
---
apiVersion: v1
kind: Node
metadata: {name: two}
status:
  addresses:
  - {type: Hostname, address: two.example.com}
  - {type: Hostname, address: alias.example.com}
  - {type: InternalIP, address: 10.0.0.2}
`

// Z7: when every object is gone, whatever the order, nothing is left of them: no name, no record.
func TestNothingIsLeft(t *testing.T) {
	manifests := slices.Clone(everything)
	for turn := range manifests {
		f := newFixture(t, everyKind)
		empty := f.Names.Len()
		for _, m := range manifests {
			f.apply(m)
		}
		slices.Reverse(manifests[turn:])
		for _, m := range manifests {
			f.remove(m)
		}
		if got := f.Names.Len(); got != empty {
			t.Errorf("%d names in the table, %d at the start", got, empty)
		}
		left := map[string]int{"Gateway": len(f.Sources.JoinOf(f.Clusters[0]).Gateways.Index.List())}
		for _, k := range f.Served {
			left[k.Name] = len(k.Parts[0].Records.List())
		}
		for _, r := range f.Sources.JoinOf(f.Clusters[0]).Kinds {
			left["objects of kind "+r.Kind] = len(r.Index.List())
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

const webIngress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: default}
spec:
  ingressClassName: nginx
  rules:
  - host: web.example.com
  - host: www.web.example.com
  - host: other.example.net
  - http: {paths: []}
status:
  loadBalancer:
    ingress:
    - ip: 192.0.2.2
    - ip: 192.0.2.1
    - ip: 2001:db8::1
`

// A relist tells of an object that went away meanwhile by its key alone.
func TestTombstone(t *testing.T) {
	f := newFixture(t, everyKind)
	empty := f.Names.Len()
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
	if got := f.Names.Len(); got != empty {
		t.Errorf("%d names in the table, %d at the start", got, empty)
	}
	f.ask(nxdomain("web.example.com.", dns.TypeA))
}
