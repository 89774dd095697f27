package gateway

import (
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// Z1, N3: two stanzas of a server block are two plugins, asked in their order, that share nothing.
func TestTwoStanzas(t *testing.T) {
	gateways, err := parse(caddy.NewTestController("dns", `
k8s_gateway example.com {
	resources Ingress
	fallthrough
	ttl 10
}
k8s_gateway example.com example.org {
	resources Service
	ttl 20
}
`))
	if err != nil || len(gateways) != 2 {
		t.Fatalf("%d stanzas, %v", len(gateways), err)
	}
	first, second := &fixture{gateways[0], t}, (&fixture{gateways[1], t}).chain()
	first.Next = second
	for _, f := range []*fixture{first, second} {
		for _, i := range f.informers() {
			i.settle()
		}
	}
	first.apply(anIngress("web.example.com", "192.0.2.1"))
	second.apply(aService("web", "web.example.com,other.example.com,www.example.org", "192.0.2.2"))
	first.ask(
		withTTL("10", dns.TypeA, "web.example.com.", []string{"192.0.2.1"}),
		withTTL("20", dns.TypeA, "other.example.com.", []string{"192.0.2.2"}),
		withTTL("20", dns.TypeA, "www.example.org.", []string{"192.0.2.2"}),
		nxdomain("nowhere.example.com.", dns.TypeA),
		test.Case{Qname: "nowhere.example.org.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf("example.org.")},
		next("www.example.net.", dns.TypeA),
	)
	if first.clusters[0] == second.clusters[0] {
		t.Error("the stanzas share a cluster")
	}
}

// A mistake in the second stanza is a mistake.
func TestErrorInSecondStanza(t *testing.T) {
	_, err := parse(caddy.NewTestController("dns", "k8s_gateway example.com\nk8s_gateway example.org {\nttl x\n}"))
	if err == nil || !strings.Contains(err.Error(), "Testfile:3") {
		t.Errorf("got %v", err)
	}
}
