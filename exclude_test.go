package gateway

import (
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// L5: an excluded name is served from no object, whatever its kind.
func TestExcludeEveryKind(t *testing.T) {
	for kind, manifest := range map[string]string{
		"Ingress":     anIngress("web.example.com", "192.0.2.1"),
		"Service":     aService("web", "web.example.com", "192.0.2.1"),
		"HTTPRoute":   aGateway("gw", "192.0.2.1") + "\n---\n" + aRoute("HTTPRoute", "web", "gw", "web.example.com"),
		"DNSEndpoint": anEndpoint("web.example.com", "A", "192.0.2.1"),
		"Node":        aNode("web", "192.0.2.1"),
	} {
		newLive(t, "resources "+kind, manifest).chain().ask(a("web.example.com.", "192.0.2.1"))
		newLive(t, "exclude Web.Example.com.\nresources "+kind, manifest).chain().ask(nxdomain("web.example.com.", dns.TypeA))
		newLive(t, "exclude *.example.com\nresources "+kind, manifest).chain().ask(nxdomain("web.example.com.", dns.TypeA))
		newLive(t, "exclude web.example.com\nfallthrough\nresources "+kind, manifest).chain().ask(next("web.example.com.", dns.TypeA), next("web.example.com.", dns.TypeHTTPS))
	}
}

// L5: a name excludes itself, *.name all that is below it, and the two together both.
func TestExcludeBelow(t *testing.T) {
	objects := []string{anIngress("b.example.com", "192.0.2.1"), anIngress("a.b.example.com", "192.0.2.2"), anIngress("x.a.b.example.com", "192.0.2.3")}
	name := newFixture(t, "exclude b.example.com", objects...)
	name.ask(nodata("b.example.com.", dns.TypeA), a("a.b.example.com.", "192.0.2.2"), a("x.a.b.example.com.", "192.0.2.3")) // NODATA: names exist below it
	below := newFixture(t, "exclude *.b.example.com", objects...)
	below.ask(a("b.example.com.", "192.0.2.1"), nxdomain("a.b.example.com.", dns.TypeA), nxdomain("x.a.b.example.com.", dns.TypeA))
	both := newFixture(t, "exclude b.example.com *.b.example.com", objects...)
	both.ask(nxdomain("b.example.com.", dns.TypeA), nxdomain("a.b.example.com.", dns.TypeA), nxdomain("x.a.b.example.com.", dns.TypeA))
}

// L5: a wildcard of whatever sort does not answer for an excluded name below it, nor does one above the zone.
func TestExcludeBelowWildcard(t *testing.T) {
	for kind, manifest := range map[string]string{
		"Ingress":     anIngress("*.example.com", "192.0.2.1"),
		"HTTPRoute":   aGateway("gw", "192.0.2.1") + "\n---\n" + aRoute("HTTPRoute", "web", "gw", "*.example.com"),
		"HTTPRoute ":  aGateway("gw", "192.0.2.1") + "\n---\n" + aRoute("HTTPRoute", "web", "gw", "*.com"),
		"DNSEndpoint": anEndpoint("*.example.com", "A", "192.0.2.1"),
	} {
		f := newLive(t, "exclude www.example.com *.out.example.com\nfallthrough\nresources "+kind, manifest).chain()
		f.ask(
			next("www.example.com.", dns.TypeA),
			next("x.out.example.com.", dns.TypeA),
			next("x.y.out.example.com.", dns.TypeA),
			next("*.out.example.com.", dns.TypeA),
			a("out.example.com.", "192.0.2.1"),
			a("other.example.com.", "192.0.2.1"),
		)
		if kind != "Ingress" { // W1: one label
			f.ask(a("x.www.example.com.", "192.0.2.1"))
		}
	}
}

// L5: nor does a delegation of a DNSEndpoint, and a wildcard that lies below is excluded itself.
func TestExcludeBelowDelegation(t *testing.T) {
	f := newLive(t, "exclude www.sub.example.com *.own.sub.example.com *.wild.example.com\nfallthrough\nresources DNSEndpoint Ingress",
		anEndpoint("sub.example.com", "NS", "ns.example.net"), anIngress("*.wild.example.com", "192.0.2.1")).chain()
	f.check(expect("x.sub.example.com. A", "referral", "ns: sub.example.com. 60 IN NS ns.example.net."))
	f.ask(
		next("www.sub.example.com.", dns.TypeA),
		next("x.own.sub.example.com.", dns.TypeA),
		next("x.wild.example.com.", dns.TypeA),
		next("*.wild.example.com.", dns.TypeA),
		next("wild.example.com.", dns.TypeA),
	)
}

// L5: what belongs to a name goes with it: the SRV records of a Service's ports, and the PTR records of its addresses. Its
// other names stay, and an excluded name is not taken as relative to the zones.
func TestExcludeService(t *testing.T) {
	f := newLive(t, "k8s_gateway example.com 2.0.192.in-addr.arpa {\nexclude web.example.com\nresources Service\n}",
		aService("web", "web.example.com,ok.example.com", "192.0.2.1"), aService("only", "web.example.com", "192.0.2.2"))
	f.ask(a("ok.example.com.", "192.0.2.1"), nxdomain("web.example.com.", dns.TypeA), nxdomain("_http._tcp.web.example.com.", dns.TypeSRV),
		nxdomain("web.example.com.example.com.", dns.TypeA), nxdomain("only.default.example.com.", dns.TypeA))
	if got := f.answers("1.2.0.192.in-addr.arpa. PTR"); !slices.Equal(got, []string{"1.2.0.192.in-addr.arpa.\t60\tIN\tPTR\tok.example.com."}) {
		t.Errorf("PTR: %q", got)
	}
	if got := f.answers("2.2.0.192.in-addr.arpa. PTR"); got != nil {
		t.Errorf("PTR: %q", got)
	}
}

// L5, A1, Z3: the zone's own names are the Corefile's and not excluded with the objects.
func TestExcludeNameserver(t *testing.T) {
	f := newLive(t, "apex ns1 192.0.2.53\nexclude example.com *.example.com\nfallthrough", anIngress("example.com", "192.0.2.1")).chain()
	f.ask(a("ns1.example.com.", "192.0.2.53"), next("example.com.", dns.TypeA))
	if got := f.answers("example.com. NS"); len(got) != 1 {
		t.Errorf("NS: %q", got)
	}
}

// L5: an excluded name is not transferred.
func TestExcludeTransfer(t *testing.T) {
	f := newLive(t, "exclude web.example.com *.out.example.com\nresources Ingress HTTPRoute", anIngress("web.example.com", "192.0.2.1"), anIngress("x.out.example.com", "192.0.2.1"),
		anIngress("ok.example.com", "192.0.2.1"), aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "web", "gw", "web.example.com"))
	for _, rr := range f.zone("example.com.") {
		if name := rr.Header().Name; name == "web.example.com." || strings.HasSuffix(name, "out.example.com.") {
			t.Errorf("transferred: %s", rr)
		}
	}
}

// L5: the status page shows which object claims an excluded name, and why it does not count there. So does the EDE.
func TestExcludeStatus(t *testing.T) {
	f := newLive(t, "status :0\nexplain\nexclude web.example.com route.example.com\nresources Ingress Service HTTPRoute", anIngress("web.example.com", "192.0.2.1"), anIngress("ok.example.com", "192.0.2.1"),
		aService("two", "web.example.com,ok.example.com", "192.0.2.3"), aGateway("gw", "192.0.2.2"), aRoute("HTTPRoute", "web", "gw", "route.example.com"))
	var got []string
	for _, r := range statuspage.Rows((overview{f.Gateway}).State().Claims) {
		if r.Standing == statuspage.LeftOut {
			got = append(got, r.Name+" "+r.Kind+" "+r.Object+": "+r.Reason)
		}
	}
	slices.Sort(got)
	want := []string{
		"route.example.com. HTTPRoute web: the stanza excludes the name",
		"web.example.com. Ingress web-example-com: the stanza excludes the name",
		"web.example.com. Service two: the stanza excludes the name",
	}
	if len(got) != len(want) || got[0] != want[0] || got[2] != want[2] || !strings.HasPrefix(got[1], "web.example.com. Ingress") {
		t.Errorf("got %q, want %q", got, want)
	}
	if e := (overview{f.Gateway}).Explain("route.example.com"); !slices.Contains(e.Reasons, "The stanza excludes the name.") && !slices.Contains(e.Reasons, "the stanza excludes the name.") {
		t.Errorf("explained: %q", e.Reasons)
	}
}

// L5: a name that is wrong is an error that says what to write.
func TestExcludeErrors(t *testing.T) {
	parseErrors(t, map[string]string{
		"exclude":                              "property exclude: missing argument: want 'exclude NAME...'",
		"exclude www":                          `property exclude: "www" lies in no zone of the stanza (example.com): write whole names in these, such as www.example.com`,
		"exclude *.example.net":                `property exclude: "*.example.net" lies in no zone of the stanza (example.com): write whole names in these, such as www.example.com`,
		"exclude a..example.com":               `property exclude: "a..example.com" is longer than 253 octets, or has a label that is empty or longer than 63: want names in the zones of the stanza, such as www.example.com or *.example.com`,
		"exclude x.*.example.com":              `property exclude: "x.*.example.com" has a '*' that is not the whole leftmost label: want names in the zones of the stanza, such as www.example.com or *.example.com`,
		"exclude A.example.com a.example.com.": `property exclude: "a.example.com." stands more than once`,
	})
}
