package inprocess

import (
	"errors"
	"testing"

	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/plugin/transfer"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// Z2: before anything has been listed, nothing an object says is certain, and nothing is denied.
func TestNothingListed(t *testing.T) {
	f := fixture.NewUnlisted(t, "apex ns1 192.0.2.53")
	f.Apply(fixture.AnIngress("www.example.com", "192.0.2.1"))
	f.Ask(
		fixture.ServFail("www.example.com.", dns.TypeA), // a second Ingress may have more addresses
		fixture.ServFail("nowhere.example.com.", dns.TypeA),
		fixture.ServFail("example.com.", dns.TypeA),
		test.Case{Qname: "example.com.", Qtype: dns.TypeNS,
			Answer: []dns.RR{test.NS("example.com. 60 IN NS ns1.example.com.")},
			Extra:  []dns.RR{test.A("ns1.example.com. 60 IN A 192.0.2.53")}},
		test.Case{Qname: "example.com.", Qtype: dns.TypeSOA, Answer: []dns.RR{test.SOA("example.com. 60 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5")}},
		fixture.A("ns1.example.com.", "192.0.2.53"),
	)
	if f.Ready() {
		t.Error("ready")
	}
	f.List("Ingress", "Service")
	f.Ask(
		fixture.A("www.example.com.", "192.0.2.1"),
		test.Case{Qname: "nowhere.example.com.", Qtype: dns.TypeA, Rcode: dns.RcodeNameError, Ns: fixture.SoaNamed("ns1")},
		test.Case{Qname: "example.com.", Qtype: dns.TypeA, Ns: fixture.SoaNamed("ns1")},
	)
	if !f.Ready() {
		t.Error("not ready")
	}
}

// Z2, Z14: an address is certain once the kind it comes from and those of higher priority have been listed.
func TestAddressCertain(t *testing.T) {
	for _, tc := range []struct {
		listed           []string
		ingress, service bool // whether the name of that kind is certain
	}{
		{nil, false, false},
		{[]string{"Ingress"}, true, false},
		{[]string{"Service"}, false, false},
		{[]string{"Ingress", "Service"}, true, true},
		{[]string{"DNSEndpoint"}, false, false},
	} {
		f := fixture.NewUnlisted(t, "resources Ingress Service DNSEndpoint")
		f.Apply(fixture.AnIngress("ingress.example.com", "192.0.2.1"))
		f.Apply(fixture.AService("web", "service.example.com", "192.0.2.2"))
		f.List(tc.listed...)
		want := map[bool]func(string, string) test.Case{
			true:  func(name, addr string) test.Case { return fixture.A(name, addr) },
			false: func(name, addr string) test.Case { return fixture.ServFail(name, dns.TypeA) },
		}
		f.Ask(
			want[tc.ingress]("ingress.example.com.", "192.0.2.1"),
			want[tc.service]("service.example.com.", "192.0.2.2"),
			fixture.ServFail("ingress.example.com.", dns.TypeAAAA), // it has none, so far
			fixture.ServFail("ingress.example.com.", dns.TypeTXT),
			fixture.ServFail("nowhere.example.com.", dns.TypeA),
		)
		if t.Failed() {
			t.Fatalf("listed: %v", tc.listed)
		}
	}
}

// Z2, Z14: other types are certain once the kinds that have them have been listed.
func TestTextCertain(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources Ingress DNSEndpoint")
	f.Apply(fixture.AnEndpoint("web.example.com", "TXT", "hello"))
	f.Ask(fixture.ServFail("web.example.com.", dns.TypeTXT))
	f.List("DNSEndpoint")
	f.Ask(
		fixture.TXT("web.example.com.", `"hello"`),
		fixture.ServFail("web.example.com.", dns.TypeA),
		fixture.ServFail("web.example.com.", dns.TypeMX),
	)
	f.List("Ingress")
	f.Ask(fixture.NoData("web.example.com.", dns.TypeA), fixture.NoData("web.example.com.", dns.TypeMX))
}

// Z2: a wildcard and an empty non-terminal are not certain while a name may still appear in front of them.
func TestWildcardUncertain(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources Ingress DNSEndpoint")
	f.Apply(fixture.AnIngress("*.example.com", "192.0.2.1"))
	f.Apply(fixture.AnIngress("a.b.example.com", "192.0.2.2"))
	f.List("Ingress")
	f.Ask(
		fixture.ServFail("web.example.com.", dns.TypeA),
		fixture.ServFail("b.example.com.", dns.TypeA),
		fixture.A("a.b.example.com.", "192.0.2.2"),
	)
	f.List("DNSEndpoint")
	f.Ask(fixture.A("web.example.com.", "192.0.2.1"), fixture.NoData("b.example.com.", dns.TypeA))
}

// Z2: a route needs its Gateways listed as well.
func TestRouteCertain(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources HTTPRoute")
	f.Apply(fixture.AGateway("gw", "192.0.2.1"))
	f.Apply(fixture.ARoute("HTTPRoute", "web", "gw", "web.example.com"))
	f.List("HTTPRoute")
	f.Ask(fixture.ServFail("web.example.com.", dns.TypeA))
	f.List("Gateway")
	f.Ask(fixture.A("web.example.com.", "192.0.2.1"))
}

// Z2, Z3: where fallthrough covers the name, the next plugin is asked in place of SERVFAIL. The apex's
// own types are never passed on.
func TestUncertainFallsThrough(t *testing.T) {
	f := fixture.NewUnlisted(t, "apex ns1 192.0.2.53\nfallthrough sub.example.com").Chain()
	f.Ask(
		fixture.Next("nowhere.sub.example.com.", dns.TypeA),
		fixture.ServFail("nowhere.example.com.", dns.TypeA),
	)
	f = fixture.NewUnlisted(t, "apex ns1 192.0.2.53\nfallthrough").Chain()
	f.Ask(
		fixture.Next("nowhere.example.com.", dns.TypeA),
		test.Case{Qname: "example.com.", Qtype: dns.TypeSOA, Answer: []dns.RR{test.SOA("example.com. 60 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5")}},
	)
}

// Z2, Z4: the nameserver's address is not denied before its Service has been read.
func TestNameserverUncertain(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources Ingress")
	f.List("Ingress")
	f.Ask(
		fixture.ServFail("dns1.kube-system.example.com.", dns.TypeA),
		fixture.ServFail("dns1.kube-system.example.com.", dns.TypeAAAA),
		fixture.NXDomain("nowhere.example.com.", dns.TypeA),
	)
	f.List("nameserver Service")
	f.Ask(fixture.NoData("dns1.kube-system.example.com.", dns.TypeA))
}

// Z2, Z9: while a kind is not listed, what a name that an object answers for has not is not known, and no other plugin's
// to say. A nameserver's name is ours as well.
func TestUncertainTypeDoesNotFallThrough(t *testing.T) {
	f := fixture.NewUnlisted(t, "fallthrough\nresources Ingress DNSEndpoint").Chain()
	f.Apply(fixture.AnIngress("web.example.com", "192.0.2.1"))
	f.List("Ingress")
	f.Ask(
		fixture.A("web.example.com.", "192.0.2.1"),
		fixture.ServFail("web.example.com.", dns.TypeAAAA),
		fixture.ServFail("web.example.com.", dns.TypeMX),
		fixture.ServFail("dns1.kube-system.example.com.", dns.TypeA),
		fixture.ServFail("dns1.kube-system.example.com.", dns.TypeTXT),
		fixture.Next("example.com.", dns.TypeMX),
		fixture.Next("kube-system.example.com.", dns.TypeA),
		fixture.Next("nowhere.example.com.", dns.TypeA),
	)
}

// Z5, Z9: nothing at or below a zone cut falls through, also while not every kind is listed.
func TestDelegatedUncertain(t *testing.T) {
	f := fixture.NewUnlisted(t, "fallthrough\nresources Ingress DNSEndpoint").Chain()
	f.Apply(fixture.AnEndpoint("sub.example.com", "NS", "ns.example.net"))
	f.Ask(fixture.ServFail("x.sub.example.com.", dns.TypeA), fixture.ServFail("sub.example.com.", dns.TypeDS), fixture.Next("x.example.com.", dns.TypeA))
}

// S3, Z2: once a Service asks for its endpoints, nothing is denied before they are known.
func TestEndpointsUncertain(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources Service\napex ns1 192.0.2.53")
	f.Apply(fixture.ResolvedService())
	f.List("Service")
	f.Ask(fixture.ServFail("db.example.com.", dns.TypeA), fixture.ServFail("nowhere.example.com.", dns.TypeA))
	f.Apply(fixture.Slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
	f.List("EndpointSlice")
	f.Ask(fixture.A("db.example.com.", "192.0.2.1"))
	f.Check(fixture.Expect("nowhere.example.com. A", "NXDOMAIN", "ns: example.com. 5 IN SOA ns1.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"))
}

// Z2: while a cluster may still add addresses, none is certain; a cluster that is away takes those of the others with it only until
// the startup grace is over. That there is none is certain once all have been listed.
func TestNameserverOneClusterAway(t *testing.T) {
	f := fixture.NewUnlisted(t, fixture.TwoClusters+"resources Ingress\napex dns.infra")
	here := func(i *kube.Informer) bool { return i.Title == "nameserver Service infra/dns" }
	for _, i := range f.Clusters[0].Demanded() {
		i.Settle()
	}
	away := f.Clusters[1]
	for _, i := range f.Clusters[0].Demanded() {
		if !here(i) {
			continue
		}
		for _, obj := range fixture.Decode(t, fixture.DnsService("192.0.2.53")) {
			fixture.Send(t, i, "Updated", obj)
		}
	}
	f.Ask(fixture.ServFail("dns.infra.example.com.", dns.TypeA))
	away.EndGrace()
	f.Check(
		fixture.Expect("dns.infra.example.com. A", "dns.infra.example.com. 60 IN A 192.0.2.53"),
		fixture.Expect("dns.infra.example.com. AAAA", "SERVFAIL"),
		fixture.Expect("example.com. NS", "example.com. 60 IN NS dns.infra.example.com.", "add: dns.infra.example.com. 60 IN A 192.0.2.53"),
	)
	for _, i := range away.Demanded() {
		i.Settle()
	}
	f.Ask(fixture.A("dns.infra.example.com.", "192.0.2.53"))
	if m, _ := f.Query(fixture.Expect("dns.infra.example.com. AAAA").Msg()); m == nil || len(m.Ns) != 1 {
		t.Errorf("AAAA once both have been listed: %v", m)
	}
}

// R8, R4: a zone is neither transferred, whole or as IXFR, nor is the plugin ready, before the nameservers' Services have been listed.
func TestTransferNameserverUnlisted(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources Ingress\nsecondary dns.infra")
	f.List("Ingress", "nameserver Service kube-system/dns1")
	for _, serial := range []uint32{0, 1, 4_000_000_000} {
		if ch, err := f.Transfer("example.com.", serial); err == nil || errors.Is(err, transfer.ErrNotAuthoritative) || ch != nil {
			t.Errorf("serial %d: got %v, %v", serial, ch, err)
		}
	}
	f.Check(fixture.Expect("nowhere.example.com. A", "NXDOMAIN", "soa")) // the kinds are known
	if f.Ready() {
		t.Error("ready")
	}
	f.List("nameserver Service infra/dns")
	if !f.Ready() || len(f.Zone("example.com.")) != 2 {
		t.Error("neither ready nor transferred once everything is listed")
	}
}

// Z10: whether a nameserver has an address is not known before its Service is listed, so ANY is SERVFAIL too.
func TestNameserverAnyUncertain(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources Ingress")
	f.List("Ingress")
	f.Check(fixture.Expect("example.com. ANY", "example.com. 60 IN SOA dns1.kube-system.example.com. hostmaster.example.com. 1 14400 3600 1209600 5"))
	f.Ask(fixture.ServFail("dns1.kube-system.example.com.", dns.TypeANY))
}
