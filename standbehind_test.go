package gateway

import (
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"

	"github.com/miekg/dns"
)

// reloaded returns two fixtures of one stanza, the second as after a reload, before it has listed anything. Both end
// with the test.
func reloaded(t *testing.T, stanza string) (before, after *fixture) {
	before, after = unlisted(t, stanza), unlisted(t, stanza)
	for _, f := range []*fixture{before, after} {
		f.begin()
		t.Cleanup(func() { f.end(); f.Background.Wait() })
	}
	return before, after
}

func (f *fixture) handTo(next *fixture) {
	i := &instance{blocks: []*block{{&dnsserver.Config{}, []*Gateway{f.Gateway}}}}
	i.handOver(&block{&dnsserver.Config{}, []*Gateway{next.Gateway}}, next.Gateway)
}

func (f *fixture) stands() bool { return f.before.Load() != nil }

// R5: what was known in part before a reload stays known in part, until it is known after it: what was never listed is
// not waited for.
func TestReloadKeepsWhatIsKnownInPart(t *testing.T) {
	before, after := reloaded(t, "resources Ingress Service")
	before.list("Ingress")
	before.Clusters[0].EndGrace()
	before.apply(anIngress("web.example.com", "192.0.2.1"))
	before.handTo(after)
	after.ask(a("web.example.com.", "192.0.2.1"), servfail("nowhere.example.com.", dns.TypeA))

	before.apply(anIngress("web.example.com", "192.0.2.2")) // it goes on
	after.ask(a("web.example.com.", "192.0.2.2"))

	after.apply(anIngress("web.example.com", "192.0.2.3"))
	after.Clusters[0].EndGrace()
	after.list("Ingress")
	until(t, func() bool { return !after.stands() })
	after.ask(a("web.example.com.", "192.0.2.3"), servfail("nowhere.example.com.", dns.TypeA))
}

// R5: a second reload goes on from what answered after the first, serials included.
func TestReloadTwice(t *testing.T) {
	const stanza = "resources Ingress"
	before, after := reloaded(t, stanza)
	_, last := reloaded(t, stanza)
	before.list("Ingress")
	before.apply(anIngress("web.example.com", "192.0.2.1"))
	before.handTo(after)
	before.Zones.All[0].Serial.Follow(3_000_000_000)
	after.handTo(last)
	last.ask(a("web.example.com.", "192.0.2.1"))
	last.list("Ingress")
	until(t, func() bool { return !last.stands() })
	last.list("nameserver Service")
	if serial := last.axfr("example.com.", 0)[0].(*dns.SOA).Serial; serial < 3_000_000_000 {
		t.Errorf("serial %d", serial)
	}
	last.ask(nxdomain("web.example.com.", dns.TypeA))
}

// R5: what knows nothing more than the next one, and what was another stanza, does not answer for it.
func TestReloadNeedsNothing(t *testing.T) {
	before, after := reloaded(t, "resources Ingress Service")
	before.list("Ingress")
	after.list("Ingress")
	before.handTo(after)
	other, _ := reloaded(t, "resources Ingress")
	other.list("Ingress")
	_, empty := reloaded(t, "resources Ingress Service")
	other.handTo(empty)
	if after.stands() || empty.stands() {
		t.Error("the one before answers")
	}
}

// An end between setup and start leaves nothing, and so does one while another instance starts.
func TestStopBeforeStart(t *testing.T) {
	c := caddy.NewTestController("dns", "k8s_gateway example.com {\nkubeconfig "+writeFile(t, kubeconfig)+"\n}")
	if err := setup(c); err != nil {
		t.Fatal(err)
	}
	i := instanceOf(c)
	i.stop()
	if running.last() == i {
		t.Error("it counts as running")
	}
}

// R5: one that has ended does not answer for the next, as when CoreDNS is told to end during a reload.
func TestReloadOfWhatHasEnded(t *testing.T) {
	before, after := reloaded(t, "resources Ingress")
	before.list("Ingress")
	before.holders.Store(0)
	before.handTo(after)
	if after.stands() {
		t.Error("the one that has ended answers")
	}
}

// N3, R5: where a reload gives a zone to another stanza, the data of before the reload are not asked for it.
func TestReloadDividesZones(t *testing.T) {
	before := newBlock(t, "k8s_gateway example.com")[0]
	before.apply(anIngress("web.sub.example.com", "192.0.2.1"))
	after := newBlock(t, "k8s_gateway example.com\nk8s_gateway sub.example.com")
	after[0].before.Store(before.Gateway)
	after[1].apply(anIngress("web.sub.example.com", "192.0.2.2"))
	after[0].ask(a("web.sub.example.com.", "192.0.2.2"))
}
