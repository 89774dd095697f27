package resolve_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// crowded is an Authority that counts how many lookups are in it at once.
type crowded struct {
	resolve.Authority
	inside, most atomic.Int32
}

func (c *crowded) Local(ch zone.Chooser, z *zone.Zone, name string, qtype uint16, a *zone.Answer) {
	n := c.inside.Add(1)
	defer c.inside.Add(-1)
	for most := c.most.Load(); n > most && !c.most.CompareAndSwap(most, n); most = c.most.Load() {
	}
	time.Sleep(time.Millisecond)
	c.Authority.Local(ch, z, name, qtype, a)
}

// N7: the lookups of a flattened name that filters take part in take their turns before they lock the zone, because whoever waited under
// its lock would make all other questions wait.
func TestFlattenTakesTurns(t *testing.T) {
	var hosts []string
	for i := range 20 {
		hosts = append(hosts, fmt.Sprintf("h%d.example.com", i))
	}
	f := fixture.New(t, "resources Ingress\nsteer first")
	for i, host := range hosts {
		f.Apply(fixture.AnIngress(host, fmt.Sprintf("192.0.2.%d", i+1)))
	}
	f.Apply(fixture.AnObject("Ingress", "default/flat", "spec: {rules: [{host: flat.example.com}]}", "status: {loadBalancer: {ingress: [{hostname: "+strings.Join(hosts, "}, {hostname: ")+"}]}}"))
	c := &crowded{Authority: f}
	chooser := all{}
	q := &resolve.Query{Authority: c, Chooser: chooser, Upstream: f.Upstream, Ctx: t.Context(), Progress: new(resolve.Progress)}
	z := f.ZoneFor("flat.example.com", dns.TypeA)
	var a zone.Answer
	c.Local(chooser, z, "flat.example.com", dns.TypeA, &a)
	o := q.Follow(z, "flat.example.com.", &resolve.Path{Name: "flat.example.com"}, dns.TypeA, a)
	if len(o.RRs) != len(hosts) || c.most.Load() != 1 {
		t.Errorf("%d addresses, %d lookups at once, want %d and 1", len(o.RRs), c.most.Load(), len(hosts))
	}
}

// all is a chooser that keeps all targets.
type all struct{}

func (all) Targets(string) []zone.Target { return nil }

func (all) Choose(_ *zone.Kind, targets []zone.Target) ([]zone.Target, bool) { return targets, true }

func (all) Done([]zone.Target) {}
