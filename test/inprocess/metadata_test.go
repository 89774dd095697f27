package inprocess

import (
	"context"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// The object that an answer comes from is metadata of the question: the first of the kind that answers, and of a
// Gateway's name the route.
func TestMetadata(t *testing.T) {
	f := fixture.New(t, "resources Ingress HTTPRoute Service DNSEndpoint Node",
		fixture.AnIngress("web.example.com", "192.0.2.1"), fixture.AnIngress("*.wild.example.com", "192.0.2.1"), fixture.AnIngress("pending.example.com"),
		fixture.Edge(fixture.FromAll("http", "")), fixture.ARouteTo("HTTPRoute", "shop/route", fixture.ToGateway, "route.example.com"),
		fixture.Endpoints("texts", `
  - {dnsName: web.example.com, recordType: TXT, targets: [text]}
  - {dnsName: web.example.com, recordType: A, targets: [192.0.2.9]}
  - {dnsName: child.example.com, recordType: NS, targets: [ns.example.net]}
  - {dnsName: alias.example.com, recordType: CNAME, targets: [web.example.com]}`),
		fixture.Annotated("Node", "coredns.io/hostname: node.example.com"))
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
		if got := strings.Join(got, "/"); got != strings.ReplaceAll(want, "*.wild.example.com", fixture.ObjectName("*.wild.example.com")) {
			t.Errorf("%s: %s, want %s", question, got, want)
		}
	}
}

// A stanza that leaves a name to the next one leaves it to say where the answer comes from. A nameserver's addresses
// come from no object that bears its name.
func TestMetadataOfSecondStanza(t *testing.T) {
	block := fixture.NewBlock(t, "k8s_gateway example.com {\nresources Ingress\nfallthrough\n}\nk8s_gateway example.com {\nresources Service\napex ns1 192.0.2.53\n}")
	first, second := block[0], block[1]
	first.Apply(fixture.AnIngress("web.example.com", "192.0.2.1"))
	second.Apply(fixture.AService("web", "web.example.com,other.example.com,ns1.example.com", "192.0.2.2"))
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
	one, two := fixture.ARouteTo("HTTPRoute", "shop/one", fixture.ToGateway, "web.example.com"), fixture.ARouteTo("HTTPRoute", "shop/two", fixture.ToGateway, "web.example.com")
	l := fixture.NewLive(t, "resources HTTPRoute", fixture.Edge(fixture.FromAll("http", "")), one, two)
	from := func() string {
		return l.Explainer.Origin(l.Zones.All[0], "web.example.com", dns.TypeA).Name
	}
	if got := from(); got != "one" {
		t.Errorf("%s, want one", got)
	}
	l.Apply(fixture.ARouteTo("HTTPRoute", "shop/one", fixture.ToGateway, "web.example.com", "more.example.com")) // another version
	l.Remove(one)
	if got := from(); got != "two" {
		t.Errorf("%s, want two", got)
	}
	l.Apply(one)
	l.Remove(two)
	if got := from(); got != "one" {
		t.Errorf("%s, want one again", got)
	}
	l.Remove(one)
	if got := from(); got != "" {
		t.Errorf("%s, want none", got)
	}
}
