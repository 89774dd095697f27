package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// Z2, R4: when something is watched for the first time, what hangs on it is not known, rather than not there,
// until it has been listed; the Gateway stays ready.
func TestDemandedLateIsUnknown(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute Ingress",
		edge(fromAll("http", "")), aRouteTo("HTTPRoute", "shop/web", toGateway, "web.example.com"), anIngress("www.example.com", "192.0.2.7"))
	f.ask(a("web.example.com.", "192.0.2.1"), nxdomain("nowhere.example.com.", dns.TypeA))
	f.apply(edge("{name: http, port: 80, protocol: HTTP, " + teamWeb + "}")) // the first listener that selects by labels
	f.ask(
		servfail("web.example.com.", dns.TypeA),
		servfail("nowhere.example.com.", dns.TypeA),
		a("www.example.com.", "192.0.2.7"), // of a kind that comes after
	)
	if !f.Ready() {
		t.Error("not ready any more")
	}
	f.apply(aNamespace("shop", "team: web"))
	f.list("Namespace")
	f.ask(
		a("web.example.com.", "192.0.2.1"),
		a("www.example.com.", "192.0.2.7"),
		nxdomain("nowhere.example.com.", dns.TypeA),
	)
}
