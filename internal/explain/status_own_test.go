package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// rowsOf returns the rows of a status page for several stanzas that a test selects, sorted.
func rowsOf(block []*fixture.Stanza, selects func(statuspage.Row) bool) (list []string) {
	var sources statuspage.Sources
	for _, f := range block {
		sources = append(sources, f.Overview())
	}
	for _, r := range statuspage.Rows(sources.State().Claims) {
		if selects(r) {
			list = append(list, strings.TrimSpace(strings.Join([]string{r.Name, r.Type, r.Data, r.Standing, r.Reason}, " ")))
		}
	}
	slices.Sort(list)
	return list
}

// N3: each NS record, and each address of a nameserver, has one row, whether nested zones are of one stanza or of several.
func TestRowsOfNestedZones(t *testing.T) {
	want := []string{
		"example.com. NS ns1.example.com. answers", "lab.example.com. NS ns1.lab.example.com. answers", "x.lab.example.com. NS ns1.x.lab.example.com. answers",
		"ns1.example.com. A 192.0.2.53 answers", "ns1.lab.example.com. A 192.0.2.53 answers", "ns1.x.lab.example.com. A 192.0.2.53 answers",
	}
	slices.Sort(want)
	const more = " {\nresources Ingress\napex ns1 192.0.2.53\nfallthrough\n}\n"
	for name, stanzas := range map[string]string{
		"one stanza":     "k8s_gateway example.com lab.example.com x.lab.example.com" + more,
		"three stanzas":  "k8s_gateway example.com" + more + "k8s_gateway lab.example.com" + more + "k8s_gateway x.lab.example.com" + more,
		"one zone twice": "k8s_gateway example.com" + more + "k8s_gateway lab.example.com example.com" + more + "k8s_gateway x.lab.example.com" + more,
	} {
		got := rowsOf(fixture.NewBlock(t, stanzas), func(r statuspage.Row) bool { return r.Kind == "Corefile" && r.Type != "SOA" })
		if !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, want)
		}
	}
}

// Z4: at the name of a nameserver with addresses of its own, no object's address answers, and the rows say so.
func TestRowsOfObjectAtNameserver(t *testing.T) {
	f := fixture.New(t, "status :0\nresources Ingress DNSEndpoint\napex shop.example.com. 192.0.2.5\nsecondary multi\nsecondary plain\nsecondary dns.infra",
		fixture.IngressAt("shop", "shop.example.com", "192.0.2.99", "2001:db8::99"), fixture.IngressAt("multi", "multi.example.com", "lb.example.net"),
		fixture.IngressAt("plain", "plain.example.com", "192.0.2.7"), fixture.IngressAt("dns", "dns.infra.example.com", "192.0.2.8"),
		fixture.Endpoints("text", "\n  - {dnsName: shop.example.com, recordType: TXT, targets: [text]}"))
	f.Apply(fixture.AnObject("Service", "infra/dns", "spec: {type: LoadBalancer}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.6}]}}"))
	f.Check(fixture.Expect("shop.example.com. A", "shop.example.com. 60 IN A 192.0.2.5"), fixture.Expect("dns.infra.example.com. A", "dns.infra.example.com. 60 IN A 192.0.2.6"),
		fixture.Expect("plain.example.com. A", "plain.example.com. 60 IN A 192.0.2.7"))
	if list := f.Answers("multi.example.com. A"); len(list) > 0 {
		t.Errorf("multi.example.com. A: %q", list)
	}
	got := rowsOf([]*fixture.Stanza{f}, func(r statuspage.Row) bool { return r.Kind != "Corefile" })
	want := []string{
		"dns.infra.example.com. A 192.0.2.8 hidden the name is a nameserver's, whose addresses Service infra/dns gives",
		"multi.example.com. CNAME lb.example.net. hidden the name is a nameserver's, which must not be an alias (RFC 2181 section 10.3)",
		"plain.example.com. A 192.0.2.7 answers",
		"shop.example.com. A 192.0.2.99 hidden the name is a nameserver's, whose addresses the Corefile gives",
		"shop.example.com. AAAA 2001:db8::99 hidden the name is a nameserver's, whose addresses the Corefile gives",
		`shop.example.com. TXT "text" answers`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
