package gateway_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/reuseport"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/miekg/dns"

	gateway "github.com/k8s-gateway/k8s_gateway/v2"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// Z2: what is complete at the end of a start stays complete, even if an object that arrives before the first question demands more.
func TestKnownBeforeFirstQuestion(t *testing.T) {
	for what, manifest := range map[string]string{
		"ListenerSet":   fixture.Edge(fixture.FromAll("http", ""), fixture.SetsFromAll),
		"Namespace":     fixture.Edge("{name: http, port: 80, protocol: HTTP, " + fixture.TeamWeb + "}"),
		"EndpointSlice": fixture.ResolvedService(),
	} {
		f := startedWithNothing(t)
		f.Apply(manifest)
		if missing := f.Clusters[0].Unsettled(); len(missing) != 1 || missing[0].Title != what {
			t.Fatalf("%s is not watched because of the object", what)
		}
		f.Ask(fixture.NXDomain("nothing.example.com.", dns.TypeA))
	}
}

// startedWithNothing returns a stanza that has started and listed no object.
func startedWithNothing(t *testing.T) *fixture.Stanza {
	s := fixture.NewAPI(t)
	for plural, kind := range map[string]string{"gateways": "Gateway", "httproutes": "HTTPRoute"} {
		s.On(plural, fixture.Sends(fixture.JsonList(kind, "1")), nil)
	}
	never := func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for _, plural := range []string{"listenersets", "namespaces", "endpointslices"} {
		s.On(plural, never, nil)
	}
	f := fixture.NewUnlisted(t, "resources HTTPRoute Service")
	begins(s, f)
	return f
}

// Z2: a start with several clusters also waits for what one of them demands while the start waits for another one.
func TestStartWaitsForLateDemand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := fixture.NewUnlisted(t, fixture.TwoClusters+"resources HTTPRoute Ingress")
		f.Begin()
		defer f.End()
		first, second := f.Clusters[0], f.Clusters[1]
		for _, i := range first.Demanded() {
			i.Settle()
		}
		waited := make(chan struct{})
		go func() { f.AwaitAll(); close(waited) }()
		synctest.Wait()                                                         // for the second
		f.Apply(fixture.Edge(fixture.FromAll("http", ""), fixture.SetsFromAll)) // in the first
		for _, i := range second.Demanded() {
			i.Settle()
		}
		synctest.Wait()
		select {
		case <-waited:
			t.Error("ListenerSets were not waited for")
		default:
		}
		for _, i := range first.Unsettled() {
			i.Settle()
		}
		<-waited
		f.Ask(fixture.NXDomain("nothing.example.com.", dns.TypeA))
	})
}

// reloaded returns two fixtures of one stanza, the second as after a reload, before it has listed anything. Both end
// with the test.
func reloaded(t *testing.T, stanza string) (before, after *fixture.Stanza) {
	before, after = fixture.NewUnlisted(t, stanza), fixture.NewUnlisted(t, stanza)
	for _, f := range []*fixture.Stanza{before, after} {
		f.Begin()
		t.Cleanup(func() { f.End(); f.Background.Wait() })
	}
	return before, after
}

func handTo(f *fixture.Stanza, next *fixture.Stanza) {
	gateway.NewInstance(context.Background(), &dnsserver.Config{}, f.Gateway).HandTo(next.Gateway)
}

func isDeferred(f *fixture.Stanza) bool { return f.Predecessor() != nil }

// R5: a stanza that had listed only some kinds before a reload answers from these, until they are listed after it. The reload does not wait
// for what was never listed.
func TestReloadKeepsWhatIsKnownInPart(t *testing.T) {
	before, after := reloaded(t, "resources Ingress Service")
	before.List("Ingress")
	before.Clusters[0].EndGrace()
	before.Apply(fixture.AnIngress("web.example.com", "192.0.2.1"))
	handTo(before, after)
	after.Ask(fixture.A("web.example.com.", "192.0.2.1"), fixture.ServFail("nowhere.example.com.", dns.TypeA))

	before.Apply(fixture.AnIngress("web.example.com", "192.0.2.2")) // it still watches
	after.Ask(fixture.A("web.example.com.", "192.0.2.2"))

	after.Apply(fixture.AnIngress("web.example.com", "192.0.2.3"))
	after.Clusters[0].EndGrace()
	after.List("Ingress")
	fixture.Until(t, func() bool { return !isDeferred(after) })
	after.Ask(fixture.A("web.example.com.", "192.0.2.3"), fixture.ServFail("nowhere.example.com.", dns.TypeA))
}

// R5: a second reload takes over the data and the serials of the Gateway that answered after the first.
func TestReloadTwice(t *testing.T) {
	const stanza = "resources Ingress"
	before, after := reloaded(t, stanza)
	_, last := reloaded(t, stanza)
	before.List("Ingress")
	before.Apply(fixture.AnIngress("web.example.com", "192.0.2.1"))
	handTo(before, after)
	before.Zones.All[0].Serial.Follow(3_000_000_000)
	handTo(after, last)
	last.Ask(fixture.A("web.example.com.", "192.0.2.1"))
	last.List("Ingress")
	fixture.Until(t, func() bool { return !isDeferred(last) })
	last.List("nameserver Service")
	if serial := last.Axfr("example.com.", 0)[0].(*dns.SOA).Serial; serial < 3_000_000_000 {
		t.Errorf("serial %d", serial)
	}
	last.Ask(fixture.NXDomain("web.example.com.", dns.TypeA))
}

// R5: a Gateway that has listed no more than the next one, or that has another stanza, does not answer for it.
func TestReloadNeedsNothing(t *testing.T) {
	before, after := reloaded(t, "resources Ingress Service")
	before.List("Ingress")
	after.List("Ingress")
	handTo(before, after)
	other, _ := reloaded(t, "resources Ingress")
	other.List("Ingress")
	_, empty := reloaded(t, "resources Ingress Service")
	handTo(other, empty)
	if isDeferred(after) || isDeferred(empty) {
		t.Error("the one before answers")
	}
}

// A stop between setup and start, or while another instance starts, leaves no instance in the registry.
func TestStopBeforeStart(t *testing.T) {
	c := caddy.NewTestController("dns", "k8s_gateway example.com {\nkubeconfig "+writeFile(t, kubeconfig)+"\n}")
	if err := gateway.Setup(c); err != nil {
		t.Fatal(err)
	}
	i := gateway.InstanceOf(c)
	i.Stop()
	if i.IsRunning() {
		t.Error("it counts as running")
	}
}

// R5: a Gateway that has ended does not answer for the next, as when CoreDNS is stopped during a reload.
func TestReloadOfWhatHasEnded(t *testing.T) {
	before, after := reloaded(t, "resources Ingress")
	before.List("Ingress")
	before.HasEnded()
	handTo(before, after)
	if isDeferred(after) {
		t.Error("the one that has ended answers")
	}
}

// N3, R5: if a reload gives a zone to another stanza, the Gateway from before the reload does not answer for the zone.
func TestReloadDividesZones(t *testing.T) {
	before := fixture.NewBlock(t, "k8s_gateway example.com")[0]
	before.Apply(fixture.AnIngress("web.sub.example.com", "192.0.2.1"))
	after := fixture.NewBlock(t, "k8s_gateway example.com\nk8s_gateway sub.example.com")
	after[0].SetPredecessor(before.Gateway)
	after[1].Apply(fixture.AnIngress("web.sub.example.com", "192.0.2.2"))
	after[0].Ask(fixture.A("web.sub.example.com.", "192.0.2.2"))
}

// listenAt starts and stops the status pages of an instance whose stanza has the property status, in a server block.
func listenAt(t *testing.T, status string, config dnsserver.Config) error {
	t.Helper()
	f := fixture.New(t, "status "+status)
	return gateway.NewInstance(t.Context(), &config, f.Gateway).Listen()
}

// The status page does not take a TCP port of the DNS server, which would share it (SO_REUSEPORT).
func TestStatusAtServerPort(t *testing.T) {
	for _, tc := range []struct {
		status, transport, host, port string
		refused                       bool
	}{
		{":2053", transport.DNS, "", "2053", true},
		{":2053", transport.TLS, "127.0.0.1", "2053", true},
		{"0.0.0.0:2053", transport.DNS, "127.0.0.2", "2053", true},
		{":2053", transport.DNS, "0.0.0.0", "2053", true},
		{"127.0.0.3:0", transport.DNS, "", "0", false},
		{"127.0.0.3:2053", transport.DNS, "127.0.0.2", "2053", false},
		{"127.0.0.3:2053", transport.QUIC, "127.0.0.3", "2053", false},
	} {
		err := listenAt(t, tc.status, dnsserver.Config{Zone: "example.com.", Transport: tc.transport, ListenHosts: []string{tc.host}, Port: tc.port})
		want := "property status: the DNS server of the block example.com:2053 listens on "
		if refused := err != nil && strings.Contains(err.Error(), want); refused != tc.refused || err != nil && !tc.refused {
			t.Errorf("%+v: %v", tc, err)
		}
	}
}

// The status page does not share a TCP port with another process, and the error says what to do.
func TestStatusAtTakenPort(t *testing.T) {
	taken, err := reuseport.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	err = listenAt(t, ":"+port, dnsserver.Config{Transport: transport.DNS, ListenHosts: []string{""}, Port: "53"})
	want := "property status: listen tcp 127.0.0.1:" + port + ": bind: address already in use: stop what listens there, or use another port"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}
