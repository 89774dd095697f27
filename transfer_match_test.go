package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// A secondary answers as we do: every RRset transferred is what a question for it gets, and every
// answer to a question about a claimed name is transferred.
func TestTransferMatchesAnswers(t *testing.T) {
	f := mixedFixture(t)
	for _, z := range f.Zones.All {
		f.matches(z.FQDN)
	}
}

// matches compares the transfer of a zone with what questions get.
func (f *fixture) matches(origin string) {
	f.t.Helper()
	sets := map[string][]dns.RR{}
	transferred := map[string]bool{}
	for _, rr := range f.zone(origin) {
		h := rr.Header()
		set := fmt.Sprint(h.Name, " ", dns.Type(h.Rrtype))
		sets[set] = append(sets[set], rr)
		transferred[rr.String()] = true
	}
	for set, rrs := range sets {
		name, _, _ := strings.Cut(set, " ")
		h := rrs[0].Header()
		m, _ := f.query(new(dns.Msg).SetQuestion(name, h.Rrtype))
		got := m.Answer
		if !m.Authoritative { // a referral, of which this is NS or glue
			got = slices.DeleteFunc(append(m.Ns, m.Extra...), func(rr dns.RR) bool {
				return rr.Header().Name != name || rr.Header().Rrtype != h.Rrtype
			})
		}
		if got, want := zoneText(got), zoneText(rrs); !slices.Equal(got, want) {
			f.t.Errorf("%s: answered\n\t%s\ntransferred\n\t%s", set, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
		}
	}
	for _, name := range claimedNames(f) {
		if !dns.IsSubDomain(origin, name) || f.Zones.Match(strings.TrimSuffix(name, ".")).FQDN != origin {
			continue
		}
		for _, qtype := range allTypes {
			if qtype == dns.TypeSOA || qtype == dns.TypeANY {
				continue
			}
			m, _ := f.query(new(dns.Msg).SetQuestion(name, qtype))
			rrs := m.Answer
			if !m.Authoritative {
				rrs = m.Ns
			}
			for _, rr := range rrs {
				if rr.Header().Name == name && !transferred[rr.String()] {
					f.t.Errorf("%s %s: not transferred: %s", name, dns.Type(qtype), rr)
				}
			}
		}
	}
}

// C2: a flattened name is transferred as the addresses behind it. A secondary that was told nothing of it
// would deny it.
func TestTransferFlattened(t *testing.T) {
	f := newFixture(t, "resources Ingress",
		ingressAt("apex", "example.com", "lb.example.net"), ingressAt("web", "web.example.com", "a.example.com", "b.example.com"),
		ingressAt("a", "a.example.com", "192.0.2.1"), ingressAt("b", "b.example.com", "2001:db8::1"))
	f.outside("lb.example.net. 300 IN A 192.0.2.9")
	f.check(
		expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"),
		expect("example.com. A", "example.com. 60 IN A 192.0.2.9"),
	)
	var names []string
	for _, rr := range f.zone("example.com.") {
		names = append(names, rr.Header().Name+dns.Type(rr.Header().Rrtype).String())
	}
	for _, want := range []string{"web.example.com.A", "web.example.com.AAAA", "example.com.A"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing from %v", want, names)
		}
	}
}

// C2: what nobody has asked for yet is not known, and so not transferred.
func TestTransferFlattenedUnasked(t *testing.T) {
	f := newFixture(t, "resources Ingress", ingressAt("apex", "example.com", "lb.example.net"))
	f.outside("lb.example.net. 300 IN A 192.0.2.9")
	compareZone(t, f.zone("example.com."), []string{"example.com. 60 IN NS dns1.kube-system.example.com."})
	f.check(expect("example.com. A", "example.com. 60 IN A 192.0.2.9"))
	compareZone(t, f.zone("example.com."), []string{"example.com. 60 IN NS dns1.kube-system.example.com.", "example.com. 60 IN A 192.0.2.9"})
}

// Z5: below a delegation nothing is transferred but the addresses of its nameservers: no alias that bears
// the name of one, no record twice.
func TestTransferDelegation(t *testing.T) {
	f := newFixture(t, "apex ns1.sub 192.0.2.53\nresources DNSEndpoint Ingress", endpoints("sub", `
  - {dnsName: sub.example.com, recordType: NS, targets: [ns1.sub.example.com, alias.sub.example.com, text.sub.example.com, sub.example.com]}
  - {dnsName: sub.example.com, recordType: A, targets: [192.0.2.1]}
  - {dnsName: sub.example.com, recordType: MX, targets: [0 .]}
  - {dnsName: ns1.sub.example.com, recordType: A, targets: [192.0.2.53]}
  - {dnsName: alias.sub.example.com, recordType: CNAME, targets: [host.example.net]}
  - {dnsName: text.sub.example.com, recordType: TXT, targets: [text]}
  - {dnsName: text.sub.example.com, recordType: AAAA, targets: ["2001:db8::1"]}
  - {dnsName: x.deep.sub.example.com, recordType: NS, targets: [ns.example.net]}`),
		ingressAt("web", "*.sub.example.com", "192.0.2.2"))
	compareZone(t, f.zone("example.com."), []string{
		"example.com. 60 IN NS ns1.sub.example.com.", "ns1.sub.example.com. 60 IN A 192.0.2.53",
		"sub.example.com. 60 IN NS ns1.sub.example.com.", "sub.example.com. 60 IN NS alias.sub.example.com.",
		"sub.example.com. 60 IN NS text.sub.example.com.", "sub.example.com. 60 IN NS sub.example.com.",
		"sub.example.com. 60 IN A 192.0.2.1", "text.sub.example.com. 60 IN AAAA 2001:db8::1",
	})
}

// A2, D3: a nameserver's name has its own addresses only, and no alias beside them, which a secondary would
// refuse the zone for.
func TestTransferNameserverName(t *testing.T) {
	for _, manifest := range []string{
		endpoints("a", "\n  - {dnsName: ns1.example.com, recordType: CNAME, targets: [host.example.net]}"),
		endpoints("a", "\n  - {dnsName: ns1.example.com, recordType: A, targets: [192.0.2.99]}"),
		ingressAt("a", "ns1.example.com", "host.example.net"),
		ingressAt("a", "ns1.example.com", "192.0.2.99", "2001:db8::99"),
		serviceAt("a", "ns1", "192.0.2.53"),
	} {
		f := newFixture(t, "apex ns1 192.0.2.53\nresources DNSEndpoint Ingress Service", manifest)
		f.matches("example.com.")
		for _, rr := range f.zone("example.com.") {
			if rr.Header().Name == "ns1.example.com." && rr.String() != "ns1.example.com.\t60\tIN\tA\t192.0.2.53" {
				t.Errorf("transferred: %s", rr)
			}
		}
	}
	// Without an address of its own it has those of the objects.
	f := newFixture(t, "apex a.b.c\nresources Ingress", ingressAt("a", "a.b.c.example.com", "192.0.2.99"))
	compareZone(t, f.zone("example.com."), []string{"example.com. 60 IN NS a.b.c.example.com.", "a.b.c.example.com. 60 IN A 192.0.2.99"})
}

// W5: a route host above the zone answers inside it, so that the zone has to have it as a wildcard, and at the apex what
// is answered there.
func TestTransferWildcardAbove(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", gatewayAt("all", "*.com", "192.0.2.1"))
	f.check(expect("web.example.com. A", "web.example.com. 60 IN A 192.0.2.1"))
	f.matches("example.com.")
	transferred := zoneText(f.zone("example.com."))
	if want := mustRR("*.example.com. 60 IN A 192.0.2.1").String(); !slices.Contains(transferred, want) {
		t.Errorf("no wildcard among %v", transferred)
	}
}

// Transfers and changes go on side by side, and a transfer that has begun is not disturbed.
func TestTransferWhileChanging(t *testing.T) {
	f := mixedFixture(t)
	ch, err := f.Transfer("example.com.", 0)
	if err != nil {
		t.Fatal(err)
	}
	first := <-ch
	for range 3 {
		for _, m := range mixed {
			f.remove(m)
		}
		for _, m := range mixed {
			f.apply(m)
		}
	}
	for _, m := range mixed {
		f.remove(m)
	}
	n, last := 0, first
	for rrs := range ch {
		n, last = n+len(rrs), rrs
	}
	if n < 30 || last[0].String() != first[0].String() {
		t.Errorf("%d records, from %v to %v", n, first, last)
	}
	if got := f.zone("example.com."); len(got) != 5 {
		t.Errorf("afterwards: %v", got)
	}
}
