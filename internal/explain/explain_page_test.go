package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// L5: the status page shows which object claims an excluded name, and why it is not served there.
func TestExcludeStatus(t *testing.T) {
	f := fixture.NewLive(t, "status :0\nexplain\nexclude web.example.com route.example.com\nresources Ingress Service HTTPRoute", fixture.AnIngress("web.example.com", "192.0.2.1"), fixture.AnIngress("ok.example.com", "192.0.2.1"),
		fixture.AService("two", "web.example.com,ok.example.com", "192.0.2.3"), fixture.AGateway("gw", "192.0.2.2"), fixture.ARoute("HTTPRoute", "web", "gw", "route.example.com"))
	var got []string
	for _, r := range statuspage.Rows(f.Overview().State().Claims) {
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
	if e := f.Overview().Explain("route.example.com"); !slices.Contains(e.Reasons, "The stanza excludes the name.") && !slices.Contains(e.Reasons, "the stanza excludes the name.") {
		t.Errorf("explained: %q", e.Reasons)
	}
}

// explains returns what the status page of some stanzas says of a name: its result, and the reasons.
func explains(block []*fixture.Stanza, name string) string {
	var sources statuspage.Sources
	for _, f := range block {
		sources = append(sources, f.Overview())
	}
	e := sources.Explain(name)
	return strings.TrimSpace(e.Result + " " + strings.Join(e.Reasons, " "))
}

// Aliases that lead to no address say where they lead.
func TestExplainAliasesThatLeadNowhere(t *testing.T) {
	f := fixture.New(t, "resources Ingress DNSEndpoint\nexplain\nstatus :0", fixture.IngressAt("pending", "pending.example.com"),
		fixture.Endpoints("cnames", `
  - {dnsName: a.example.com, recordType: CNAME, targets: [b.example.com]}
  - {dnsName: b.example.com, recordType: CNAME, targets: [a.example.com]}
  - {dnsName: gone.example.com, recordType: CNAME, targets: [nowhere.example.com]}
  - {dnsName: soon.example.com, recordType: CNAME, targets: [pending.example.com]}
  - {dnsName: twice.example.com, recordType: CNAME, targets: [gone.example.com]}
  - {dnsName: away.example.com, recordType: CNAME, targets: [web.example.net]}`))
	for name, want := range map[string]string{
		"a.example.com":     "its CNAME leads back to a.example.com in a loop, and to no address",
		"gone.example.com":  "its CNAME leads to nowhere.example.com, which does not exist",
		"twice.example.com": "its CNAME leads to nowhere.example.com, which does not exist",
		"soon.example.com":  "its CNAME leads to pending.example.com, which does not exist: Ingress default/pending has no address yet",
	} {
		if got := explains([]*fixture.Stanza{f}, name); !strings.Contains(got, "DNSEndpoint default/cnames points it at ") || !strings.Contains(got, "I"+want[1:]+".") {
			t.Errorf("%s: the page says %q", name, got)
		}
	}
	if e := f.Overview().Explain("a.example.com"); !e.Unresolved {
		t.Errorf("a loop: %+v", e)
	}
	if e := f.Overview().Explain("away.example.com"); e.Unresolved || e.Result != "NOERROR" || strings.Join(e.Reasons, " ") != "DNSEndpoint default/cnames answers." {
		t.Errorf("an alias out of the zones: %+v", e)
	}
}

// C2, C6: a flattened name that nobody has asked for is said to be that, and nothing is blamed. Afterwards its state is what the lookup found.
func TestStatusOfFlattenedName(t *testing.T) {
	f := fixture.New(t, "status :0\nexplain", fixture.IngressAt("apex", "example.com", "lb.example.net"))
	row := func() string {
		return strings.Join(rowsOf([]*fixture.Stanza{f}, func(r statuspage.Row) bool { return r.Kind == "Ingress" }), "\n")
	}
	const early = "its addresses are looked up when a question asks for it, and none has yet"
	if got, want := explains([]*fixture.Stanza{f}, "example.com"), "not looked up Ingress default/apex points it at lb.example.net. I"+early[1:]+"."; got != want {
		t.Errorf("before a question: %q, want %q", got, want)
	}
	if got := row(); got != "example.com. ALIAS lb.example.net. pending "+early {
		t.Errorf("before a question: %s", got)
	}
	u := f.Outside("lb.example.net. 0 IN A 192.0.2.9")
	f.Check(fixture.Expect("example.com. A", "example.com. 0 IN A 192.0.2.9"))
	for _, tc := range []struct{ result, says string }{
		{"NOERROR", "Ingress default/apex answers."},
		{"NOERROR", "An upstream server does not answer, so the last answer is in use."},
	} {
		if got := explains([]*fixture.Stanza{f}, "example.com"); !strings.HasPrefix(got, tc.result) || !strings.Contains(got, tc.says) || tc.says[0] == 'I' && strings.Contains(got, "upstream") {
			t.Errorf("%q, want %s %s", got, tc.result, tc.says)
		}
		if got := row(); got != "example.com. ALIAS lb.example.net. answers" {
			t.Error(got)
		}
		u.Fail(true)
		f.Query(fixture.Expect("example.com. A").Msg())
	}

	f = fixture.New(t, "status :0\nexplain", fixture.IngressAt("apex", "example.com", "lb.example.net"))
	f.Outside().Fail(true)
	f.Query(fixture.Expect("example.com. A").Msg())
	if got, want := explains([]*fixture.Stanza{f}, "example.com"), "SERVFAIL Ingress default/apex points it at lb.example.net. An upstream server does not answer for lb.example.net."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := row(); got != "example.com. ALIAS lb.example.net. pending an upstream server does not answer for lb.example.net" {
		t.Error(got)
	}
}

// N3, Z3, Z9: what falls through, and what does not, is said without a contradiction, whichever stanzas are on the page.
func TestExplainFallthroughAmongStanzas(t *testing.T) {
	const more = " {\nresources Ingress\nstatus :0\n"
	block := fixture.NewBlock(t, "k8s_gateway example.com"+more+"}\nk8s_gateway wild.example.com"+more+"fallthrough\n}\nk8s_gateway example.org"+more+"}\n")
	for name, want := range map[string]string{
		"foo.wild.example.com": "No object here claims it. The kinds that are served are Ingress. The next plugin is asked for it.",
		"wild.example.com":     "NOERROR SOA and NS of the zone are answered here. For every other type, the next plugin is asked.",
		"www.exmaple.com":      "No zone of this server holds the name. The zones are example.com, wild.example.com, example.org.",
	} {
		if got := explains(block, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got, want := explains(block[:1], "foo.wild.example.com"), "Another stanza of the server block serves the zone of the name."; got != want {
		t.Errorf("the page of the parent alone: %q", got)
	}
}

// misfits are objects that do not answer for a name that they seem to claim, each for another reason.
var misfits = []string{
	fixture.AnObject("Ingress", "shop/inside", "spec: {ingressClassName: inside, rules: [{host: inside.example.com}, {host: \"*.inside.example.com\"}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"),
	fixture.AnObject("Ingress", "shop/ignored", "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {ingressClassName: public, rules: [{host: ignored.example.com}]}"),
	fixture.AnObject("Ingress", "shop/typo", "annotations: {coredns.io/target: \"192.0.2.300\"}", "spec: {ingressClassName: public, rules: [{host: typo.example.com}]}"),
	fixture.AnObject("Ingress", "shop/classless", "spec: {rules: [{host: classless.example.com}]}"),
	fixture.AnObject("Service", "shop/inner", "annotations: {coredns.io/hostname: inner.example.com}", "spec: {type: ClusterIP}"),
	fixture.AnObject("Service", "shop/db", "spec: {type: ClusterIP}"),
	fixture.AnObject("HTTPRoute", "shop/ignored", "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {hostnames: [route.example.com, \"*.route.example.com\"], parentRefs: ["+fixture.ToGateway+"]}"),
}

// An object that is not served is the reason for each name that it claims, and for no other name.
func TestExplainWhatDoesNotCount(t *testing.T) {
	page := fixture.New(t, "resources Ingress Service HTTPRoute\napex ns1 192.0.2.53\ningressClasses public\nstatus :0", misfits...)
	for name, want := range map[string]string{
		"inside.example.com":    `Ingress shop/inside claims it and is not served: its class "inside" is not in ingressClasses`,
		"a.inside.example.com":  `Ingress shop/inside claims it and is not served: its class "inside" is not in ingressClasses`,
		"*.inside.example.com":  `Ingress shop/inside claims it and is not served: its class "inside" is not in ingressClasses`,
		"classless.example.com": "Ingress shop/classless claims it and is not served: it has no class, and ingressClasses requires one",
		"a.b.route.example.com": "HTTPRoute shop/ignored claims it and is not served: it has the label k8s-gateway.dns/ignore",
		"ignored.example.com":   "Ingress shop/ignored claims it and is not served: it has the label k8s-gateway.dns/ignore",
		"typo.example.com":      `Ingress shop/typo has no address: coredns.io/target: "192.0.2.300" is not an IP address a name can have`,
		"inner.example.com":     "Service shop/inner claims it and is not served: it is of type ClusterIP",
		"db.shop.example.com":   "Service shop/db is not served: it is of type ClusterIP",
		"route.example.com":     "HTTPRoute shop/ignored claims it and is not served: it has the label k8s-gateway.dns/ignore",
	} {
		if e := page.Overview().Explain(name); !slices.Equal(e.Reasons, []string{want + "."}) {
			t.Errorf("%s: the page says %q, want %q", name, e.Reasons, want)
		}
	}
	// W1, W7: an object is no reason for a name that its wildcard would not cover if it counted.
	for _, name := range []string{"a.b.inside.example.com", "_acme-challenge.inside.example.com", "_acme-challenge.route.example.com"} {
		if e := page.Overview().Explain(name); e.Reasons[0] != "No object here claims it." {
			t.Errorf("%s: the page says %q", name, e.Reasons)
		}
	}
}

// A Service that nobody expects to answer is no row of the status page.
func TestQuietServices(t *testing.T) {
	f := fixture.New(t, "status :0\nresources Service\napex ns1 192.0.2.53", misfits[5])
	for _, c := range f.Overview().State().Claims {
		if c.Kind == "Service" {
			t.Errorf("%+v", c)
		}
	}
}

// Where nothing claims a name, the page says which kinds are served and which name may have been meant.
func TestNearNames(t *testing.T) {
	f := fixture.New(t, "status :0\nresources Ingress\napex ns1 192.0.2.53", fixture.IngressAt("grafana", "grafana.example.com", "192.0.2.1"), fixture.IngressAt("deep", "web.shop.example.com", "192.0.2.1"), fixture.IngressAt("pending", "pending.example.com"))
	if got := strings.Join(f.Overview().Explain("pendng.example.com").Reasons, " "); got != "No object here claims it. There are claims on pending.example.com, without an address yet. The kinds that are served are Ingress." {
		t.Errorf("pendng.example.com: %s", got)
	}
	for name, near := range map[string]string{
		"grafna.example.com": "grafana.example.com", "garfana.example.com": "grafana.example.com", "grafanaa.example.com": "grafana.example.com",
		"grafama.example.com": "grafana.example.com", "grafana.monitoring.example.com": "grafana.example.com", "web.shp.example.com": "web.shop.example.com",
	} {
		e := f.Overview().Explain(name)
		if want := []string{"No object here claims it.", "There is " + near + ".", "The kinds that are served are Ingress."}; !slices.Equal(e.Reasons, want) {
			t.Errorf("%s: %q, want %q", name, e.Reasons, want)
		}
	}
}

// R2: a kind that the API server does not serve is none of the kinds that are served.
func TestExplainAbsentKind(t *testing.T) {
	f := fixture.New(t, "status :0\nresources Ingress TLSRoute\napex ns1 192.0.2.53")
	for _, i := range f.Informers() {
		if i.Kind == "TLSRoute" {
			i.Problem.Store(kube.Absent)
		}
	}
	if got := strings.Join(f.Overview().Explain("web.example.com").Reasons, " "); got != "No object here claims it. The kinds that are served are Ingress. The API server does not serve TLSRoute." {
		t.Error(got)
	}
}

// The status page drops an object that is not served once a list does not contain it, such as the list after a lost watch.
func TestLeftOutForgotten(t *testing.T) {
	ignored := fixture.AnObject("Ingress", "shop/web", "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {rules: [{host: web.example.com}]}")
	f := fixture.New(t, "resources Ingress\nstatus :0\napex ns1 192.0.2.53", ignored)
	i := f.Informers()[0]
	if n := len(i.Unserved.List()); n != 1 {
		t.Fatalf("%d left out", n)
	}
	fixture.Relist(t, i)
	if n := len(i.Unserved.List()); n != 0 {
		t.Errorf("%d left out after the list", n)
	}
}
