package explain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// The status page has a row for every record, and for what is in the way of one, with the reason.
func TestStatusRows(t *testing.T) {
	f := fixture.New(t, "status :0\nresources Ingress HTTPRoute Service DNSEndpoint\napex ns1 192.0.2.53\ningressClasses public\ngatewayClasses public",
		fixture.AnObject("Ingress", "shop/web", "spec: {ingressClassName: public, rules: [{host: web.example.com}, {host: bad_host.example.com}, {host: elsewhere.example.net}]}",
			"status: {loadBalancer: {ingress: [{ip: 192.0.2.1}, {ip: \"2001:db8::1\"}]}}"),
		fixture.AnObject("Ingress", "shop/pending", "spec: {ingressClassName: public, rules: [{host: pending.example.com}]}"),
		fixture.AnObject("Ingress", "shop/alias", "spec: {ingressClassName: public, rules: [{host: alias.example.com}]}", "status: {loadBalancer: {ingress: [{hostname: lb.example.net}]}}"),
		fixture.AnObject("Ingress", "shop/inside", "spec: {ingressClassName: inside, rules: [{host: inside.example.com}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"),
		fixture.AnObject("Ingress", "shop/ignored", "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {ingressClassName: public, rules: [{host: ignored.example.com}]}"),
		fixture.Edge(fixture.FromAll("http", "*.example.com")), fixture.AnObject("Gateway", "infra/other", "spec: {gatewayClassName: inside, listeners: []}"),
		fixture.ARouteTo("HTTPRoute", "shop/route", fixture.ToGateway, "route.example.com", "web.example.com", "a.b.example.org"),
		fixture.ARouteTo("HTTPRoute", "shop/lost", "{name: nowhere}", "lost.example.com"),
		fixture.AnObject("Service", "shop/inner", "annotations: {coredns.io/hostname: inner.example.com}", "spec: {type: ClusterIP}"),
		fixture.Endpoints("records", `
  - {dnsName: web.example.com, recordType: TXT, recordTTL: 7, targets: ["some text"]}
  - {dnsName: web.example.com, recordType: CNAME, targets: [elsewhere.example.net]}
  - {dnsName: none.example.com, recordType: A, targets: [not-an-address]}
  - {dnsName: child.example.com, recordType: NS, targets: [ns.child.example.com]}
  - {dnsName: ns.child.example.com, recordType: A, targets: [192.0.2.40]}`))
	var got []string
	for _, r := range statuspage.Rows(f.Overview().State().Claims) {
		if r.Kind == "Corefile" {
			continue
		}
		got = append(got, strings.Join([]string{r.Name, r.Type, r.Data, fmt.Sprint(r.TTL), r.Kind + " " + r.Namespace + "/" + r.Object, r.Standing, r.Reason}, "|"))
	}
	want := []string{
		`web.example.com.|A|192.0.2.1|60|Ingress shop/web|answers|`,
		`web.example.com.|AAAA|2001:db8::1|60|Ingress shop/web|answers|`,
		`web.example.com.|A|192.0.2.1|60|HTTPRoute shop/route|hidden|Ingress comes first in resources and has the name`,
		`web.example.com.|TXT|"some text"|7|DNSEndpoint default/records|answers|`,
		`web.example.com.|CNAME|elsewhere.example.net.|60|DNSEndpoint default/records|hidden|Ingress has an address or a load balancer for the name`,
		`pending.example.com.|||0|Ingress shop/pending|pending|it has no address yet`,
		`alias.example.com.|CNAME|lb.example.net.|60|Ingress shop/alias|answers|`,
		`inside.example.com.|||0|Ingress shop/inside|left out|its class "inside" is not in ingressClasses`,
		`ignored.example.com.|||0|Ingress shop/ignored|left out|it has the label k8s-gateway.dns/ignore`,
		`|||0|Gateway infra/other|left out|its class "inside" is not in gatewayClasses`,
		`route.example.com.|A|192.0.2.1|60|HTTPRoute shop/route|answers|`,
		`lost.example.com.|||0|HTTPRoute shop/lost|refused|Gateway shop/nowhere is not there, not accepted or filtered out`,
		`inner.example.com.|||0|Service shop/inner|left out|it is of type ClusterIP`,
		`none.example.com.|||0|DNSEndpoint default/records|pending|none of its targets can be served`,
		`child.example.com.|NS|ns.child.example.com.|60|DNSEndpoint default/records|answers|`,
		`ns.child.example.com.|A|192.0.2.40|60|DNSEndpoint default/records|hidden|at or below child.example.com, which is delegated`,
		`|||0|Ingress shop/web|skipped|"bad_host.example.com" has a character that is not allowed in a host name`,
		`web.example.com.|||0|DNSEndpoint default/records|skipped|CNAME: "elsewhere.example.net" gives way to the other records of the name: remove it, or these`,
		`none.example.com.|||0|DNSEndpoint default/records|skipped|A: "not-an-address" is not an IP address a name can have`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Without a status page, objects that are not served are not kept.
func TestNothingLeftOutIsKept(t *testing.T) {
	f := fixture.New(t, "ingressClasses public", fixture.AnIngress("web.example.com", "192.0.2.1"))
	for _, i := range f.Informers() {
		if i.Unserved != nil {
			t.Errorf("%s keeps what is left out", i.Title)
		}
	}
}

// The page explains why a name resolves, or does not.
func TestStatusExplains(t *testing.T) {
	f := fixture.New(t, "status :0\nresources Ingress HTTPRoute DNSEndpoint\napex ns1 192.0.2.53\ningressClasses public\nfallthrough sub.example.com",
		fixture.AnObject("Ingress", "shop/web", "spec: {ingressClassName: public, rules: [{host: web.example.com}, {host: \"*.wild.example.com\"}, {host: a.b.example.com}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"),
		fixture.AnObject("Ingress", "shop/pending", "spec: {ingressClassName: public, rules: [{host: pending.example.com}]}"),
		fixture.AnObject("Ingress", "shop/inside", "spec: {ingressClassName: inside, rules: [{host: inside.example.com}]}"),
		fixture.ARouteTo("HTTPRoute", "shop/lost", "{name: nowhere}", "lost.example.com"),
		fixture.Endpoints("records", `
  - {dnsName: text.example.com, recordType: TXT, targets: [text]}
  - {dnsName: child.example.com, recordType: NS, targets: [ns.child.example.net]}`)).Chain()
	for name, want := range map[string]string{
		"WEB.example.com":     `web.example.com. NOERROR; web.example.com. 60 IN A 192.0.2.1; Ingress shop/web answers.`,
		"x.wild.example.com.": `x.wild.example.com. NOERROR; x.wild.example.com. 60 IN A 192.0.2.1; Ingress shop/web answers. It matches the wildcard *.wild.example.com.`,
		"b.example.com":       `b.example.com. NOERROR; ; Only names below it exist.`,
		"text.example.com":    `text.example.com. NOERROR; text.example.com. 60 IN TXT "text"; It exists, and has no address.`,
		"pending.example.com": `pending.example.com. NXDOMAIN; ; Ingress shop/pending has no address yet.`,
		"inside.example.com":  `inside.example.com. NXDOMAIN; ; Ingress shop/inside claims it and is not served: its class "inside" is not in ingressClasses.`,
		"lost.example.com":    `lost.example.com. NXDOMAIN; ; HTTPRoute shop/lost: Gateway shop/nowhere is not there, not accepted or filtered out.`,
		"nowhere.example.com": `nowhere.example.com. NXDOMAIN; ; No object here claims it. The kinds that are served are Ingress, HTTPRoute, DNSEndpoint.`,
		"no.sub.example.com":  `no.sub.example.com. ; ; No object here claims it. The kinds that are served are Ingress, HTTPRoute, DNSEndpoint. The next plugin is asked for it.`,
		"a.child.example.com": `a.child.example.com. NOERROR; ; It is delegated at child.example.com, to the nameservers of a DNSEndpoint.`,
		"ns1.example.com":     `ns1.example.com. NOERROR; ns1.example.com. 60 IN A 192.0.2.53; It is the name of a nameserver of the zone.`,
		"example.net":         `example.net. ; ; No zone of this server holds the name. The zone is example.com.`,
		"-bad-.example.com":   `-bad-.example.com ; ; "-bad-.example.com" has a character that is not allowed in a host name.`,
	} {
		e := statuspage.Sources{f.Overview()}.Explain(name)
		if got := fmt.Sprintf("%s %s; %s; %s", e.Name, e.Result, strings.Join(e.Answers, ", "), strings.Join(e.Reasons, " ")); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
	}
	early := fixture.NewUnlisted(t, "status :0")
	if e := early.Overview().Explain("web.example.com"); e.Result != "SERVFAIL" || !slices.Contains(e.Reasons, "Waiting for Ingress, Service.") {
		t.Errorf("before anything is listed: %+v", e)
	}
}

// The state of every kind is there, with what is in its way.
func TestStatusSources(t *testing.T) {
	f := fixture.NewUnlisted(t, "status :0\nresources Ingress HTTPRoute\napex ns1 192.0.2.53")
	f.List("Ingress")
	for _, i := range f.Informers() {
		if i.Title == "Ingress" {
			i.Listed.Store(true)
		}
	}
	var got []string
	for _, s := range f.Overview().State().Sources {
		got = append(got, s.Kind+" "+s.State+" "+s.Problem)
	}
	if want := []string{"Ingress " + statuspage.Synced + " ", "Gateway unsynced not listed yet", "HTTPRoute unsynced not listed yet"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Where objects share a name, the page shows what becomes of each: of CNAMEs one counts, and several hostnames are
// taken for their addresses.
func TestStatusOfSharedNames(t *testing.T) {
	f := fixture.New(t, "status :0\nresources Ingress HTTPRoute DNSEndpoint\napex ns1 192.0.2.53", fixture.Edge(fixture.FromAll("http", "")),
		fixture.IngressAt("one", "alias.example.com", "one.example.net"), fixture.IngressAt("two", "alias.example.com", "two.example.net"),
		fixture.AnObject("HTTPRoute", "b/self", "annotations: {coredns.io/target: self.example.com}", "spec: {hostnames: [self.example.com], parentRefs: ["+fixture.ToGateway+"]}"),
		fixture.Endpoints("one", "\n  - {dnsName: cname.example.com, recordType: CNAME, targets: [z.example.net]}"),
		fixture.Endpoints("two", "\n  - {dnsName: cname.example.com, recordType: CNAME, targets: [a.example.net]}"))
	f.Outside("one.example.net. 30 IN A 192.0.2.9", "two.example.net. 30 IN A 192.0.2.9")
	f.Check(fixture.Expect("alias.example.com. A", "alias.example.com. 30 IN A 192.0.2.9"))
	f.Check(fixture.Expect("cname.example.com. CNAME", "cname.example.com. 60 IN CNAME a.example.net."))
	var got []string
	for _, r := range statuspage.Rows(f.Overview().State().Claims) {
		if r.Kind != "Corefile" {
			got = append(got, strings.Join([]string{r.Name, r.Type, r.Data, r.Kind + " " + r.Object, r.Standing, r.Reason}, "|"))
		}
	}
	want := []string{
		`alias.example.com.|ALIAS|one.example.net.|Ingress one|answers|`,
		`alias.example.com.|ALIAS|two.example.net.|Ingress two|answers|`,
		`cname.example.com.|CNAME|a.example.net.|DNSEndpoint two|answers|`,
		`cname.example.com.|CNAME|z.example.net.|DNSEndpoint one|hidden|the name has another CNAME, to a.example.net.`,
		`self.example.com.|||HTTPRoute self|pending|coredns.io/target points it at itself`,
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// S4: the status page shows the target that is answered.
func TestServiceSRVOnStatusPage(t *testing.T) {
	f := fixture.New(t, "resources Service\nstatus :0", fixture.ServiceAt("web", "web.example.com", "lb.example.net"))
	var got []string
	for _, r := range statuspage.Rows(f.Overview().State().Claims) {
		if r.Name == "_http._tcp.web.example.com." {
			got = append(got, r.Type+" "+r.Data)
		}
	}
	if !slices.Equal(got, []string{"SRV 0 100 80 lb.example.net."}) {
		t.Errorf("got %v", got)
	}
}
