package gateway

import (
	"slices"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin/test"

	"github.com/miekg/dns"
)

// newBlock returns the stanzas of a server block, chained in their order with a stub behind the last. All kinds count as
// listed.
func newBlock(t testing.TB, stanzas string) (block []*fixture) {
	t.Helper()
	gateways, err := parse(caddy.NewTestController("dns", stanzas))
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gateways {
		f := (&fixture{g, t}).chain()
		if len(block) > 0 {
			block[len(block)-1].Next = f
		}
		block = append(block, f)
		for _, i := range f.informers() {
			i.Settle()
		}
	}
	return block
}

// parentAndChild are two stanzas, one for a zone and one for a zone below it, in either order.
func parentAndChild(t *testing.T, test func(t *testing.T, first, parent, child *fixture)) {
	const (
		parent = "k8s_gateway example.com {\nresources Ingress Service DNSEndpoint HTTPRoute\napex ns1 192.0.2.53\nfallthrough\n}\n"
		child  = "k8s_gateway sub.example.com {\nresources Ingress\napex ns1 192.0.2.54\nfallthrough x.sub.example.com\n}\n"
	)
	t.Run("parent first", func(t *testing.T) {
		block := newBlock(t, parent+child)
		test(t, block[0], block[0], block[1])
	})
	t.Run("child first", func(t *testing.T) {
		block := newBlock(t, child+parent)
		test(t, block[0], block[1], block[0])
	})
}

// N3: the longest zone of a server block has a name, whatever the order of the stanzas. What falls through from there is
// not for the stanza of a shorter zone.
func TestStanzaOfLongestZone(t *testing.T) {
	parentAndChild(t, func(t *testing.T, first, parent, child *fixture) {
		child.apply(anIngress("web.sub.example.com", "192.0.2.1"))
		parent.apply(anIngress("web.example.com", "192.0.2.2"))
		parent.apply(anIngress("lost.sub.example.com", "192.0.2.3"))
		parent.apply(anIngress("lost.x.sub.example.com", "192.0.2.3"))
		parent.apply(aGateway("gw", "192.0.2.3"))
		parent.apply(aRoute("HTTPRoute", "wild", "gw", "*.example.com"))
		soa := func(zone string) []dns.RR {
			return []dns.RR{test.SOA(zone + " 5 IN SOA ns1." + zone + " hostmaster." + zone + " 1 14400 3600 1209600 5")}
		}
		first.ask(
			a("web.sub.example.com.", "192.0.2.1"),
			a("web.example.com.", "192.0.2.2"),
			test.Case{Qname: "lost.sub.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soa("sub.example.com.")},
			next("lost.x.sub.example.com.", dns.TypeA),
			test.Case{Qname: "sub.example.com.", Qtype: dns.TypeTXT, Ns: soa("sub.example.com.")},
			test.Case{Qname: "sub.example.com.", Qtype: dns.TypeSOA, Answer: []dns.RR{test.SOA("sub.example.com. 60 IN SOA ns1.sub.example.com. hostmaster.sub.example.com. 1 14400 3600 1209600 5")}},
			test.Case{Qname: "sub.example.com.", Qtype: dns.TypeDS, Ns: soa("example.com.")}, // RFC 4035 section 3.1.4.1
			next("nowhere.example.net.", dns.TypeA),
		)
	})
}

// N3: a DS question at the apex of a zone is for the longest zone above it, across three stanzas.
func TestDSAcrossStanzas(t *testing.T) {
	zones := []string{"k8s_gateway example.com\n", "k8s_gateway a.b.example.com example.net\n", "k8s_gateway b.example.com\n"}
	for _, order := range [][]int{{0, 1, 2}, {1, 0, 2}, {2, 1, 0}, {1, 2, 0}} {
		first := newBlock(t, zones[order[0]]+zones[order[1]]+zones[order[2]])[0]
		first.ask(
			test.Case{Qname: "a.b.example.com.", Qtype: dns.TypeDS, Ns: soaOf("b.example.com.")},
			test.Case{Qname: "b.example.com.", Qtype: dns.TypeDS, Ns: soaOf("example.com.")},
			test.Case{Qname: "example.com.", Qtype: dns.TypeDS, Ns: soaOf("example.com.")},
			test.Case{Qname: "x.a.b.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf("a.b.example.com.")},
			test.Case{Qname: "x.b.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: soaOf("b.example.com.")},
		)
	}
}

// N3, S1: a Service's name in another stanza's zone is not taken as relative to the zone above.
func TestNameInOtherStanza(t *testing.T) {
	parentAndChild(t, func(t *testing.T, first, parent, _ *fixture) {
		parent.apply(aService("web", "web.sub.example.com", "192.0.2.1"))
		first.ask(next("web.sub.example.com.example.com.", dns.TypeA))
	})
}

// N3: a transfer of the zone above delegates to the zone of the other stanza, and has no names of it. The serial moves
// with the addresses of its nameservers.
func TestTransferAcrossStanzas(t *testing.T) {
	parentAndChild(t, func(t *testing.T, first, parent, child *fixture) {
		parent.apply(anIngress("web.example.com", "192.0.2.2"))
		parent.apply(anIngress("lost.sub.example.com", "192.0.2.3"))
		child.apply(anIngress("web.sub.example.com", "192.0.2.1"))
		got := zoneText(first.zone("example.com."))
		want := []string{
			"example.com.\t60\tIN\tNS\tns1.example.com.",
			"ns1.example.com.\t60\tIN\tA\t192.0.2.53",
			"ns1.sub.example.com.\t60\tIN\tA\t192.0.2.54",
			"sub.example.com.\t60\tIN\tNS\tns1.sub.example.com.",
			"web.example.com.\t60\tIN\tA\t192.0.2.2",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s", strings.Join(got, "\n"))
		}
	})
	block := newBlock(t, "k8s_gateway example.com\nk8s_gateway sub.example.com")
	parent := block[0].zones.byName["example.com"]
	before := parent.serial.value.Load()
	block[1].apply(nameserverService)
	if parent.serial.value.Load() == before {
		t.Error("the serial of the zone above stays")
	}
}

// N3: the status page sends a name to the stanza that serves its zone.
func TestExplainAcrossStanzas(t *testing.T) {
	parentAndChild(t, func(t *testing.T, _, parent, child *fixture) {
		child.apply(anIngress("web.sub.example.com", "192.0.2.1"))
		if e := (overview{parent.Gateway}).Explain("web.sub.example.com"); e.Zone != "" || !slices.Contains(e.Reasons, "Another stanza of the server block serves the zone of the name.") {
			t.Errorf("parent: %+v", e)
		}
		if e := (overview{child.Gateway}).Explain("web.sub.example.com"); e.Zone != "sub.example.com." || e.Result != "NOERROR" {
			t.Errorf("child: %+v", e)
		}
	})
}

// N3, R5: where a reload gives a zone to another stanza, the data of before the reload are not asked for it.
func TestReloadDividesZones(t *testing.T) {
	before := newBlock(t, "k8s_gateway example.com")[0]
	before.apply(anIngress("web.sub.example.com", "192.0.2.1"))
	after := newBlock(t, "k8s_gateway example.com\nk8s_gateway sub.example.com")
	after[0].before.Store(before.Gateway)
	after[1].apply(anIngress("web.sub.example.com", "192.0.2.2"))
	after[0].ask(a("web.sub.example.com.", "192.0.2.2"))
}

// Z1, N3: two stanzas of a server block are two plugins, asked in their order, that share nothing.
func TestTwoStanzas(t *testing.T) {
	block := newBlock(t, `
k8s_gateway example.com {
	resources Ingress
	fallthrough
	ttl 10
}
k8s_gateway example.com example.org {
	resources Service
	ttl 20
}
`)
	first, second := block[0], block[1]
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

// Z9: a question falls through to a plugin or to a stanza that has the zone, not to nobody.
func TestFallsThroughToSomebody(t *testing.T) {
	block := newBlock(t, "k8s_gateway example.com {\nfallthrough\n}\nk8s_gateway example.org")
	block[0].Next, block[1].Next = block[1].Gateway, nil
	block[0].ask(nxdomain("nowhere.example.com.", dns.TypeA))
}
