package source_test

import (
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// Z2, R4: when something is watched for the first time, what hangs on it is not known, rather than not there,
// until it has been listed; the Gateway stays ready.
func TestDemandedLateIsUnknown(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute Ingress",
		fixture.Edge(fixture.FromAll("http", "")), fixture.ARouteTo("HTTPRoute", "shop/web", fixture.ToGateway, "web.example.com"), fixture.AnIngress("www.example.com", "192.0.2.7"))
	f.Ask(fixture.A("web.example.com.", "192.0.2.1"), fixture.NXDomain("nowhere.example.com.", dns.TypeA))
	f.Apply(fixture.Edge("{name: http, port: 80, protocol: HTTP, " + fixture.TeamWeb + "}")) // the first listener that selects by labels
	f.Ask(
		fixture.ServFail("web.example.com.", dns.TypeA),
		fixture.ServFail("nowhere.example.com.", dns.TypeA),
		fixture.A("www.example.com.", "192.0.2.7"), // of a kind that comes after
	)
	if !f.Ready() {
		t.Error("not ready any more")
	}
	f.Apply(fixture.ANamespace("shop", "team: web"))
	f.List("Namespace")
	f.Ask(
		fixture.A("web.example.com.", "192.0.2.1"),
		fixture.A("www.example.com.", "192.0.2.7"),
		fixture.NXDomain("nowhere.example.com.", dns.TypeA),
	)
}
