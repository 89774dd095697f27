package gateway

import (
	"context"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// The object that an answer comes from is metadata of the question: the first of the kind that answers, and of a
// Gateway's name the route.
func TestMetadata(t *testing.T) {
	f := newFixture(t, "resources Ingress HTTPRoute Service DNSEndpoint Node",
		anIngress("web.example.com", "192.0.2.1"), anIngress("*.wild.example.com", "192.0.2.1"), anIngress("pending.example.com"),
		edge(fromAll("http", "")), aRouteTo("HTTPRoute", "shop/route", toGateway, "route.example.com"),
		endpoints("texts", `
  - {dnsName: web.example.com, recordType: TXT, targets: [text]}
  - {dnsName: web.example.com, recordType: A, targets: [192.0.2.9]}
  - {dnsName: child.example.com, recordType: NS, targets: [ns.example.net]}
  - {dnsName: alias.example.com, recordType: CNAME, targets: [web.example.com]}`),
		annotated("Node", "coredns.io/hostname: node.example.com"))
	for question, want := range map[string]string{
		"web.example.com. A":       "Ingress/default/web.example.com/in-cluster",
		"WEB.example.com. TXT":     "DNSEndpoint/default/texts/in-cluster",
		"x.wild.example.com. A":    "Ingress/default/*.wild.example.com/in-cluster",
		"route.example.com. A":     "HTTPRoute/shop/route/in-cluster",
		"node.example.com. A":      "Node//web/in-cluster",
		"alias.example.com. A":     "DNSEndpoint/default/texts/in-cluster",
		"a.child.example.com. A":   "DNSEndpoint/default/texts/in-cluster",
		"web.example.com. MX":      "///",
		"pending.example.com. A":   "///",
		"nowhere.example.com. A":   "///",
		"example.com. SOA":         "///",
		"elsewhere.example.net. A": "///",
	} {
		name, qtype, _ := strings.Cut(question, " ")
		state := request.Request{W: &test.ResponseWriter{}, Req: new(dns.Msg).SetQuestion(name, dns.StringToType[qtype])}
		ctx := f.Metadata(metadata.ContextWithMetadata(context.Background()), state)
		var got []string
		for _, label := range []string{"kind", "namespace", "name", "cluster"} {
			got = append(got, metadata.ValueFunc(ctx, "k8s_gateway/"+label)())
		}
		if got := strings.Join(got, "/"); got != strings.ReplaceAll(want, "*.wild.example.com", objectName("*.wild.example.com")) {
			t.Errorf("%s: %s, want %s", question, got, want)
		}
	}
}

// A stanza that leaves a name to the next one leaves it to say where the answer comes from. A nameserver's addresses
// come from no object that bears its name.
func TestMetadataOfSecondStanza(t *testing.T) {
	gateways, err := Parse(caddy.NewTestController("dns", "k8s_gateway example.com {\nresources Ingress\nfallthrough\n}\nk8s_gateway example.com {\nresources Service\napex ns1 192.0.2.53\n}"))
	if err != nil {
		t.Fatal(err)
	}
	first, second := &fixture{gateways[0], t}, &fixture{gateways[1], t}
	first.Next = second
	for _, f := range []*fixture{first, second} {
		for _, i := range f.informers() {
			i.Settle()
		}
	}
	first.apply(anIngress("web.example.com", "192.0.2.1"))
	second.apply(aService("web", "web.example.com,other.example.com,ns1.example.com", "192.0.2.2"))
	for name, want := range map[string]string{"web.example.com.": "Ingress", "other.example.com.": "Service", "nowhere.example.com.": "", "ns1.example.com.": ""} {
		state := request.Request{W: &test.ResponseWriter{}, Req: new(dns.Msg).SetQuestion(name, dns.TypeA)}
		ctx := first.Metadata(metadata.ContextWithMetadata(context.Background()), state)
		if got := metadata.ValueFunc(ctx, "k8s_gateway/kind")(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// A route that shares a name hands it to another when it goes away, and so in the metadata.
func TestMetadataOfSharedName(t *testing.T) {
	one, two := aRouteTo("HTTPRoute", "shop/one", toGateway, "web.example.com"), aRouteTo("HTTPRoute", "shop/two", toGateway, "web.example.com")
	l := newLive(t, "resources HTTPRoute", edge(fromAll("http", "")), one, two)
	from := func() string {
		return l.Explainer.Origin(l.Zones.All[0], "web.example.com", dns.TypeA).Name
	}
	if got := from(); got != "one" {
		t.Errorf("%s, want one", got)
	}
	l.apply(aRouteTo("HTTPRoute", "shop/one", toGateway, "web.example.com", "more.example.com")) // another version
	l.remove(one)
	if got := from(); got != "two" {
		t.Errorf("%s, want two", got)
	}
	l.apply(one)
	l.remove(two)
	if got := from(); got != "one" {
		t.Errorf("%s, want one again", got)
	}
	l.remove(one)
	if got := from(); got != "" {
		t.Errorf("%s, want none", got)
	}
}
