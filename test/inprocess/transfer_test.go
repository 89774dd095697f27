package inprocess

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/transfer"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// AXFR (RFC 5936) has everything that answers: the nameservers with their addresses, wildcards and aliases as such,
// delegations with no more than their glue. What is pending and what is in another zone is not there.
func TestTransfer(t *testing.T) {
	f := fixture.MixedFixture(t)
	want := []string{
		"example.com. 60 IN NS ns1.example.com.", "example.com. 60 IN NS ns2.infra.example.com.",
		"ns1.example.com. 60 IN A 192.0.2.53", "ns1.example.com. 60 IN AAAA 2001:db8::53", "ns2.infra.example.com. 60 IN A 192.0.2.54",
		"ns1.example.com. 60 IN TXT nameserver",
		"example.com. 60 IN MX 10 web.example.com.", "example.com. 60 IN MX 20 mail.example.net.",
		"example.com. 60 IN TXT \"v=spf1 -all\"", "example.com. 60 IN A 192.0.2.8",
		"web.example.com. 60 IN A 192.0.2.1", "web.example.com. 60 IN A 192.0.2.2", "web.example.com. 60 IN AAAA 2001:db8::1",
		"web.example.com. 60 IN TXT text",
		"alias.example.com. 60 IN CNAME lb.example.net.",
		"name.example.com. 60 IN CNAME lb.example.net.",
		"chain.example.com. 60 IN CNAME alias.example.com.",
		"*.ingress.example.com. 60 IN A 192.0.2.3",
		"*.route.example.com. 60 IN A 192.0.2.7",
		"*.data.example.com. 60 IN CNAME web.example.com.",
		"svc.example.com. 60 IN A 192.0.2.4", "svc.example.com. 60 IN A 192.0.2.5",
		"a.b.c.example.com. 60 IN NAPTR 1 2 \"u\" \"E2U+sip\" \"!^.*$!sip:a@example.com!\" .",
		"caa.example.com. 60 IN CAA 0 issue \"ca.example.net\"",
		"sub.example.com. 60 IN NS ns.sub.example.com.", "sub.example.com. 60 IN NS ns1.example.com.", "sub.example.com. 60 IN NS ns.example.net.",
		"ns.sub.example.com. 60 IN A 192.0.2.9",
	}
	for _, name := range []string{"svc", "web"} {
		for _, port := range []string{"_http._tcp.NAME 60 IN SRV 0 100 80 NAME", "_dns._udp.NAME 60 IN SRV 0 100 53 NAME", "_quic._tcp.NAME 60 IN SRV 0 100 443 NAME"} {
			want = append(want, strings.ReplaceAll(port, "NAME", name+".example.com."))
		}
	}
	compareZone(t, f.Zone("example.com."), want)

	compareZone(t, f.Zone("example.org."), []string{
		"example.org. 60 IN NS ns1.example.org.", "example.org. 60 IN NS ns2.infra.example.org.",
		"ns1.example.org. 60 IN A 192.0.2.53", "ns1.example.org. 60 IN AAAA 2001:db8::53", "ns2.infra.example.org. 60 IN A 192.0.2.54",
		"text.example.org. 60 IN TXT text", "svc.example.org. 60 IN A 192.0.2.4",
		"_http._tcp.svc.example.org. 60 IN SRV 0 100 80 svc.example.org.",
		"_dns._udp.svc.example.org. 60 IN SRV 0 100 53 svc.example.org.",
		"_quic._tcp.svc.example.org. 60 IN SRV 0 100 443 svc.example.org.",
	})
}

func compareZone(t *testing.T, got []dns.RR, want []string) {
	t.Helper()
	var rrs []dns.RR
	for _, line := range want {
		rrs = append(rrs, fixture.MustRR(line))
	}
	expected, transferred := fixture.ZoneText(rrs), fixture.ZoneText(got)
	for _, line := range expected {
		if !slices.Contains(transferred, line) {
			t.Errorf("missing: %s", line)
		}
	}
	for _, line := range transferred {
		if !slices.Contains(expected, line) {
			t.Errorf("too much: %s", line)
		}
	}
}

// A zone without objects has its SOA and nameservers.
func TestTransferEmpty(t *testing.T) {
	f := fixture.New(t, "resources Ingress")
	compareZone(t, f.Zone("example.com."), []string{"example.com. 60 IN NS dns1.kube-system.example.com."})
	f = fixture.New(t, "k8s_gateway . {\nresources Ingress\napex ns1 192.0.2.53\n}")
	compareZone(t, f.Zone("."), []string{". 60 IN NS ns1.", "ns1. 60 IN A 192.0.2.53"})
}

// R2, Z2: a zone that is not known completely is not handed out.
func TestTransferUnlisted(t *testing.T) {
	f := fixture.NewUnlisted(t, "resources Ingress Service")
	f.Apply(fixture.IngressAt("web", "web.example.com", "192.0.2.1"))
	for _, serial := range []uint32{0, 1} {
		if ch, err := f.Transfer("example.com.", serial); err == nil || errors.Is(err, transfer.ErrNotAuthoritative) || ch != nil {
			t.Errorf("serial %d: got %v, %v", serial, ch, err)
		}
	}
	for _, i := range f.Informers() {
		i.Settle()
	}
	if n := len(f.Zone("example.com.")); n != 2 {
		t.Errorf("%d records", n)
	}
}

// A zone that is none of ours is for another plugin, one below ours or above among them.
func TestTransferNotOurs(t *testing.T) {
	f := fixture.New(t, "resources Ingress", fixture.IngressAt("web", "web.example.com", "192.0.2.1"))
	for _, zone := range []string{"example.net.", "web.example.com.", "com.", ".", "xexample.com."} {
		if ch, err := f.Transfer(zone, 0); !errors.Is(err, transfer.ErrNotAuthoritative) || ch != nil {
			t.Errorf("%s: got %v, %v", zone, ch, err)
		}
	}
}

// CoreDNS knows one plugin of a name, so that it transfers the zones of every stanza in the server block.
func TestTransferOtherStanza(t *testing.T) {
	block := fixture.NewBlock(t, "k8s_gateway example.com {\nresources Ingress\n}\nk8s_gateway example.org {\nresources Service\n}")
	com, org := block[0], block[1]
	org.Apply(fixture.ServiceAt("web", "web.example.org", "192.0.2.1"))
	for _, f := range []*fixture.Stanza{com, org} {
		if got := len(f.Zone("example.org.")); got != 5 {
			t.Errorf("example.org has %d records", got)
		}
		if got := len(f.Zone("example.com.")); got != 1 {
			t.Errorf("example.com has %d records", got)
		}
	}
}

// A secondary answers as we do: every RRset transferred is what a question for it gets, and every
// answer to a question about a claimed name is transferred.
func TestTransferMatchesAnswers(t *testing.T) {
	f := fixture.MixedFixture(t)
	for _, z := range f.Zones.All {
		f.Matches(z.FQDN)
	}
}

// Transfers and changes go on side by side, and a transfer that has begun is not disturbed.
func TestTransferWhileChanging(t *testing.T) {
	f := fixture.MixedFixture(t)
	ch, err := f.Transfer("example.com.", 0)
	if err != nil {
		t.Fatal(err)
	}
	first := <-ch
	for range 3 {
		for _, m := range fixture.Mixed {
			f.Remove(m)
		}
		for _, m := range fixture.Mixed {
			f.Apply(m)
		}
	}
	for _, m := range fixture.Mixed {
		f.Remove(m)
	}
	n, last := 0, first
	for rrs := range ch {
		n, last = n+len(rrs), rrs
	}
	if n < 30 || last[0].String() != first[0].String() {
		t.Errorf("%d records, from %v to %v", n, first, last)
	}
	if got := f.Zone("example.com."); len(got) != 5 {
		t.Errorf("afterwards: %v", got)
	}
}
