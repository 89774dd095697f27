package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// misfits are objects that do not answer for a name that they seem to claim, each for another reason.
var misfits = []string{
	anObject("Ingress", "shop/inside", "spec: {ingressClassName: inside, rules: [{host: inside.example.com}, {host: \"*.inside.example.com\"}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"),
	anObject("Ingress", "shop/ignored", "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {ingressClassName: public, rules: [{host: ignored.example.com}]}"),
	anObject("Ingress", "shop/typo", "annotations: {coredns.io/target: \"192.0.2.300\"}", "spec: {ingressClassName: public, rules: [{host: typo.example.com}]}"),
	anObject("Ingress", "shop/classless", "spec: {rules: [{host: classless.example.com}]}"),
	anObject("Service", "shop/inner", "annotations: {coredns.io/hostname: inner.example.com}", "spec: {type: ClusterIP}"),
	anObject("Service", "shop/db", "spec: {type: ClusterIP}"),
	anObject("HTTPRoute", "shop/ignored", "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {hostnames: [route.example.com, \"*.route.example.com\"], parentRefs: ["+toGateway+"]}"),
}

// The reason why an object does not count is in the reply (RFC 8914) as it is on the status page, whether there is one or not.
func TestExplainWhatDoesNotCount(t *testing.T) {
	const stanza = "resources Ingress Service HTTPRoute\napex ns1 192.0.2.53\ningressClasses public\n"
	l := newLive(t, stanza+"explain", misfits...)
	page := newFixture(t, stanza+"status :0", misfits...)
	for name, want := range map[string]string{
		"inside.example.com":    `Ingress shop/inside claims it and does not count: its class "inside" is not in ingressClasses`,
		"a.inside.example.com":  `Ingress shop/inside claims it and does not count: its class "inside" is not in ingressClasses`,
		"*.inside.example.com":  `Ingress shop/inside claims it and does not count: its class "inside" is not in ingressClasses`,
		"classless.example.com": "Ingress shop/classless claims it and does not count: it has no class, and ingressClasses requires one",
		"a.b.route.example.com": "HTTPRoute shop/ignored claims it and does not count: it has the label k8s-gateway.dns/ignore",
		"ignored.example.com":   "Ingress shop/ignored claims it and does not count: it has the label k8s-gateway.dns/ignore",
		"typo.example.com":      `Ingress shop/typo has no address: coredns.io/target: "192.0.2.300" is not an IP address a name can have`,
		"inner.example.com":     "Service shop/inner claims it and does not count: it is of type ClusterIP",
		"db.shop.example.com":   "Service shop/db does not count: it is of type ClusterIP",
		"route.example.com":     "HTTPRoute shop/ignored claims it and does not count: it has the label k8s-gateway.dns/ignore",
	} {
		l.explained(name+". A", dns.ExtendedErrorCodeOther, want)
		if e := (overview{page.Gateway}).Explain(name); !slices.Equal(e.Reasons, []string{want + "."}) {
			t.Errorf("%s: the page says %q, want %q", name, e.Reasons, want)
		}
	}
	// W1, W7: an object is no reason for a name that its wildcard would not cover if it counted.
	for _, name := range []string{"a.b.inside.example.com", "_acme-challenge.inside.example.com", "_acme-challenge.route.example.com"} {
		l.unexplained(name + ". A")
		if e := (overview{page.Gateway}).Explain(name); e.Reasons[0] != "No object here claims it." {
			t.Errorf("%s: the page says %q", name, e.Reasons)
		}
	}
	l.remove(misfits[0])
	l.unexplained("inside.example.com. A")
}

// N7: a reason costs by what it says, and not by the number of objects that do not count.
func TestExplainManyThatDoNotCount(t *testing.T) {
	var objects []string
	for i := range 3000 {
		objects = append(objects, anObject("Ingress", fmt.Sprintf("shop/i%d", i), "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {rules: [{host: shared.example.com}]}"))
	}
	f := newFixture(t, "resources Ingress\napex ns1 192.0.2.53\nexplain", objects...)
	req := expect("shared.example.com. A").Msg()
	req.SetEdns0(1232, false)
	if n := allocated(func() { f.query(req) }); n > 100_000 {
		t.Errorf("%d octets are allocated", n)
	}
}

// A Service that nobody expects to answer is no row of the status page.
func TestQuietServices(t *testing.T) {
	f := newFixture(t, "status :0\nresources Service\napex ns1 192.0.2.53", misfits[5])
	for _, c := range (overview{f.Gateway}).State().Claims {
		if c.Kind == "Service" {
			t.Errorf("%+v", c)
		}
	}
}

// A value that is skipped is said with the annotation that it is from.
func TestSkippedAnnotationIsNamed(t *testing.T) {
	var f *fixture
	text := logged(t, func() {
		f = newFixture(t, "status :0\nresources Ingress Service HTTPRoute\nexternalDNSAnnotations target", edge(fromAll("http", "")),
			anObject("Ingress", "shop/a", "annotations: {coredns.io/target: \"bad!target,192.0.2.1\", coredns.io/hostname: \"b!d.example.com\", coredns.io/ttl: soon}", "spec: {rules: [{host: a.example.com}]}"),
			anObject("Service", "shop/b", "annotations: {external-dns.alpha.kubernetes.io/hostname: \"c!d.example.com\"}", "spec: {type: LoadBalancer}"),
			anObject("HTTPRoute", "shop/c", "annotations: {external-dns.alpha.kubernetes.io/target: \"1.2.3\", coredns.io/hostname: \"d!d.example.com\"}", "spec: {parentRefs: ["+toGateway+"]}"))
	})
	_ = f
	for _, want := range []string{
		`Ingress shop/a: skipped coredns.io/target: "bad!target"`, `Ingress shop/a: skipped coredns.io/hostname: "b!d.example.com"`, `Ingress shop/a: skipped coredns.io/ttl: "soon"`,
		`Service shop/b: skipped external-dns.alpha.kubernetes.io/hostname: "c!d.example.com"`,
		`HTTPRoute shop/c: skipped external-dns.alpha.kubernetes.io/target: "1.2.3"`, `HTTPRoute shop/c: skipped coredns.io/hostname: "d!d.example.com"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the log does not say %s:\n%s", want, text)
		}
	}
}

// Where nothing claims a name, the page says which kinds are served and which name may have been meant.
func TestNearNames(t *testing.T) {
	f := newFixture(t, "status :0\nresources Ingress\napex ns1 192.0.2.53", ingressAt("grafana", "grafana.example.com", "192.0.2.1"), ingressAt("deep", "web.shop.example.com", "192.0.2.1"), ingressAt("pending", "pending.example.com"))
	if got := strings.Join((overview{f.Gateway}).Explain("pendng.example.com").Reasons, " "); got != "No object here claims it. There are claims on pending.example.com, without an address yet. The kinds that are served are Ingress." {
		t.Errorf("pendng.example.com: %s", got)
	}
	for name, near := range map[string]string{
		"grafna.example.com": "grafana.example.com", "garfana.example.com": "grafana.example.com", "grafanaa.example.com": "grafana.example.com",
		"grafama.example.com": "grafana.example.com", "grafana.monitoring.example.com": "grafana.example.com", "web.shp.example.com": "web.shop.example.com",
	} {
		e := (overview{f.Gateway}).Explain(name)
		if want := []string{"No object here claims it.", "There is " + near + ".", "The kinds that are served are Ingress."}; !slices.Equal(e.Reasons, want) {
			t.Errorf("%s: %q, want %q", name, e.Reasons, want)
		}
	}
}

// N7: what the search for near names costs does not grow with the names that there are, or beyond a bound with the question.
func TestNearNamesAreBounded(t *testing.T) {
	f := newFixture(t, "status :0\nresources Ingress\napex ns1 192.0.2.53")
	long := strings.Repeat("a.", 120) + "example.com"
	if n := allocated(func() { f.near(f.Zones.Match(long), long) }); n > 64<<20 {
		t.Errorf("%d octets are allocated", n)
	}
}

// Every parent of a route is looked at, and of a ListenerSet what keeps its Gateway from letting it in.
func TestExplainEveryParent(t *testing.T) {
	two := aRouteTo("HTTPRoute", "shop/web", "{name: nowhere}, "+toGateway, "web.example.com")
	set := aSet("infra/set", "{name: http, port: 80, protocol: HTTP}")
	open := anObject("Gateway", "other/gw", "spec: {gatewayClassName: public, listeners: [], allowedListeners: {namespaces: {from: All}}}")
	for _, tc := range []struct {
		objects []string
		words   []string
	}{
		{[]string{edge(fromAll("http", "*.other.example.com")), two}, []string{"Gateway shop/nowhere is not there", "no listener of Gateway infra/gw has a host that matches"}},
		{[]string{edge("", "allowedListeners: {namespaces: {from: None}}"), set, aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com")},
			[]string{"no Gateway allows ListenerSets, and so not ListenerSet infra/set"}},
		{[]string{edge("", "allowedListeners: {namespaces: {from: None}}"), open, set, aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com")},
			[]string{"Gateway infra/gw allows no ListenerSets of namespace infra, where ListenerSet infra/set is"}},
		{[]string{open, set, aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com")}, []string{"Gateway infra/gw of ListenerSet infra/set is not there"}},
		{[]string{edge("", setsFromAll), aRouteTo("HTTPRoute", "infra/web", toSet, "web.example.com")}, []string{"ListenerSet infra/set is not there"}},
	} {
		l := newLive(t, "resources HTTPRoute\ngatewayClasses public\nexplain", tc.objects...)
		l.explained("web.example.com. A", dns.ExtendedErrorCodeOther, tc.words...)
		if t.Failed() {
			t.Fatal(fmt.Sprint(tc.words))
		}
	}
}

// R2: a kind that the API server does not serve is none of the kinds that are served.
func TestExplainAbsentKind(t *testing.T) {
	f := newFixture(t, "status :0\nresources Ingress TLSRoute\napex ns1 192.0.2.53")
	for _, i := range f.informers() {
		if i.Kind == "TLSRoute" {
			i.Problem.Store(kube.Absent)
		}
	}
	if got := strings.Join((overview{f.Gateway}).Explain("web.example.com").Reasons, " "); got != "No object here claims it. The kinds that are served are Ingress. The API server does not serve TLSRoute." {
		t.Error(got)
	}
}
