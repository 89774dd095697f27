package gateway

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// namedGateway is a Gateway with annotations, and addresses or hostnames in its status.
func namedGateway(annotations string, targets ...string) string {
	var list []map[string]string
	for _, target := range targets {
		kind := "IPAddress"
		if target[len(target)-1] >= 'a' && target[len(target)-1] <= 'z' {
			kind = "Hostname"
		}
		list = append(list, map[string]string{"type": kind, "value": target})
	}
	return anObject("Gateway", "infra/gw", "annotations: {"+annotations+"}", "labels: {app: edge}", "spec: {gatewayClassName: public, listeners: ["+fromAll("http", "*.example.com")+"]}",
		"status: {addresses: "+asJSON(list)+"}")
}

// K2: a Gateway as a kind answers at the names of its hostname annotation with its addresses. Its listeners'
// hosts are none of its names.
func TestGatewayKind(t *testing.T) {
	l := newLive(t, "resources Gateway", namedGateway("coredns.io/hostname: \"edge.example.com, two.example.com\"", "192.0.2.1", "2001:db8::1"))
	l.ask(a("edge.example.com.", "192.0.2.1"), aaaa("edge.example.com.", "2001:db8::1"), a("two.example.com.", "192.0.2.1"),
		nodata("edge.example.com.", dns.TypeTXT), nxdomain("other.example.com.", dns.TypeA), nxdomain("x.edge.example.com.", dns.TypeA))
}

// K2: the annotation comes, changes and goes, and so does the Gateway.
func TestGatewayKindChanges(t *testing.T) {
	const all = "edge two"
	l := newLive(t, "resources Gateway", namedGateway("", "192.0.2.1"))
	l.only(all, "")
	for range 2 {
		l.apply(namedGateway("coredns.io/hostname: edge.example.com", "192.0.2.1"))
		l.only(all, "edge")
		l.apply(namedGateway("coredns.io/hostname: two.example.com", "192.0.2.1"))
		l.only(all, "two")
		l.apply(namedGateway("", "192.0.2.1"))
		l.only(all, "")
	}
	l.apply(namedGateway("coredns.io/hostname: edge.example.com", "192.0.2.1"))
	l.apply(namedGateway("coredns.io/hostname: edge.example.com", "192.0.2.2"))
	l.ask(a("edge.example.com.", "192.0.2.2"))
	l.remove(namedGateway("", "192.0.2.1"))
	l.only(all, "")
}

// K2, Z12: a Gateway without addresses has its names pending.
func TestGatewayKindPending(t *testing.T) {
	l := newLive(t, "resources Ingress Gateway", anIngress("*.example.com", "192.0.2.99"), namedGateway("coredns.io/hostname: edge.example.com"))
	l.ask(nxdomain("edge.example.com.", dns.TypeA), a("other.example.com.", "192.0.2.99"))
	l.apply(namedGateway("coredns.io/hostname: edge.example.com", "192.0.2.1"))
	l.ask(a("edge.example.com.", "192.0.2.1"))
	l.apply(namedGateway("coredns.io/hostname: edge.example.com"))
	l.ask(nxdomain("edge.example.com.", dns.TypeA))
}

// K2, G6, C1: a host name of the status is an alias.
func TestGatewayKindAlias(t *testing.T) {
	l := newLive(t, "resources Gateway", namedGateway("coredns.io/hostname: edge.example.com", "lb.example.net"))
	l.outside("lb.example.net. 30 IN A 192.0.2.9")
	l.check(expect("edge.example.com. A", "edge.example.com. 60 IN CNAME lb.example.net.", "lb.example.net. 30 IN A 192.0.2.9"))
}

// K2, L2: its target annotation takes the place of its addresses, its TTL that of the stanza.
func TestGatewayKindAnnotations(t *testing.T) {
	l := newLive(t, "resources Gateway HTTPRoute",
		namedGateway("coredns.io/hostname: edge.example.com, coredns.io/target: \"192.0.2.7,192.0.2.8\", coredns.io/ttl: \"7\"", "192.0.2.1"),
		aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"))
	l.ask(withTTL("7", dns.TypeA, "edge.example.com.", []string{"192.0.2.7", "192.0.2.8"}))
	if got := l.answers("web.example.com. A"); len(got) != 2 { // "on a Gateway it serves all its routes"
		t.Errorf("route: %v", got)
	}
	l.apply(namedGateway("coredns.io/hostname: edge.example.com", "192.0.2.1"))
	l.ask(a("edge.example.com.", "192.0.2.1"), a("web.example.com.", "192.0.2.1"))
}

// K2, G4, L1: the filters of Gateways hold.
func TestGatewayKindFiltered(t *testing.T) {
	gateway := namedGateway("coredns.io/hostname: edge.example.com", "192.0.2.1")
	for stanza, want := range map[string]bool{
		"":                                true,
		"gatewayClasses public":           true,
		"gatewayClasses private":          false,
		"gateways infra/gw":               true,
		"gateways shop/gw infra/other":    false,
		"labelSelector app=edge":          true,
		"labelSelector app!=edge":         false,
		"labelSelector tier":              false,
		"labelSelector \"app in (edge)\"": true,
		"namespaces infra shop":           true,
		"namespaces shop":                 false,
		"ingressClasses nginx":            true,
	} {
		served := ""
		if want {
			served = "edge"
		}
		l := newLive(t, "resources Gateway\n"+stanza, gateway)
		l.only("edge", served)
		if t.Failed() {
			t.Fatal(stanza)
		}
	}
	l := newLive(t, "resources Gateway", anObject("Gateway", "infra/gw", "annotations: {coredns.io/hostname: edge.example.com}", `labels: {k8s-gateway.dns/ignore: "true"}`,
		"spec: {gatewayClassName: public, listeners: []}", "status: {addresses: [{value: 192.0.2.1}]}"))
	l.only("edge", "")
}

// K2: `labelSelector` chooses which Gateways have names of their own, and not which serve routes.
func TestGatewayKindLabelSelector(t *testing.T) {
	gateway := func(label string) string {
		return edge(fromAll("http", ""), "annotations: {coredns.io/hostname: edge.example.com}", fmt.Sprintf("labels: {app: %s}", label))
	}
	l := newLive(t, "resources Gateway HTTPRoute\nlabelSelector app=web", gateway("edge"),
		anObject("HTTPRoute", "shop/web", "labels: {app: web}", "spec: {hostnames: [web.example.com], parentRefs: ["+toGateway+"]}"))
	l.only("edge web", "web")
	l.apply(gateway("web"))
	l.only("edge web", "edge web")
	l.apply(gateway("edge"))
	l.only("edge web", "web")
}

// K2, N5: bad names of the annotation are counted, once, and cost themselves only.
func TestGatewayKindBadNames(t *testing.T) {
	before := skippedCount(t, "Gateway", "name")
	l := newLive(t, "resources Gateway", namedGateway("coredns.io/hostname: \"bad_host.example.com,edge.example.com\"", "192.0.2.1"))
	l.only("edge", "edge")
	l.apply(namedGateway("coredns.io/hostname: \"bad_host.example.com,edge.example.com\"", "192.0.2.1"))
	if n := skippedCount(t, "Gateway", "name") - before; n != 1 {
		t.Errorf("counted %v bad names, want 1", n)
	}
}

// Z14: Gateways stand in the order of `resources`, as every kind does.
func TestGatewayKindPriority(t *testing.T) {
	for resources, want := range map[string]string{"Gateway Ingress": "192.0.2.1", "Ingress Gateway": "192.0.2.2", "Gateway HTTPRoute Ingress": "192.0.2.1"} {
		l := newLive(t, "resources "+resources, namedGateway("coredns.io/hostname: edge.example.com", "192.0.2.1"), anIngress("edge.example.com", "192.0.2.2"))
		l.ask(a("edge.example.com.", want))
	}
}
