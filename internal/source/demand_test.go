package source_test

import (
	"sync"
	"testing"

	"github.com/miekg/dns"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// R2: what is demanded only after the startup grace counts as empty when it is absent or forbidden, as that does
// which was demanded before: it must not hold the rest up for ever.
func TestDemandedLateAndAbsent(t *testing.T) {
	resource := schema.GroupResource{Resource: "x"}
	for what, manifest := range map[string]string{
		"ListenerSet":   fixture.Edge(fixture.FromAll("http", ""), fixture.SetsFromAll),
		"Namespace":     fixture.Edge("{name: http, port: 80, protocol: HTTP, " + fixture.TeamWeb + "}"),
		"EndpointSlice": fixture.ResolvedService(),
	} {
		for _, problem := range []error{apierrors.NewNotFound(resource, ""), apierrors.NewForbidden(resource, "", nil)} {
			f := fixture.NewUnlisted(t, "resources HTTPRoute Service\napex ns1 192.0.2.53")
			c := f.Clusters[0]
			over := make(chan struct{})
			close(over)
			c.AwaitStartup(over) // the API server was away all the time
			f.Apply(manifest)
			for _, i := range c.Demanded() {
				if i.Title == what {
					i.Failed(c, func() {}, problem)
				} else {
					i.Settle()
				}
			}
			if !f.Ready() {
				t.Errorf("%s: %v: not ready", what, problem)
			}
		}
	}
}

// Informers may be demanded while the start comes to its end. The race detector is what looks on.
func TestDemandWhileStarting(t *testing.T) {
	over := make(chan struct{})
	close(over)
	for range 20 {
		f := fixture.NewUnlisted(t, "resources HTTPRoute Service")
		var wg sync.WaitGroup
		wg.Go(func() { f.Clusters[0].AwaitStartup(over) })
		wg.Go(func() {
			f.Apply(fixture.Edge("{name: http, port: 80, protocol: HTTP, "+fixture.TeamWeb+"}", fixture.SetsFromAll))
			f.Apply(fixture.ResolvedService())
		})
		wg.Wait()
	}
}

// Z2: nothing is denied while what was demanded at the start is still to come.
func TestDemandedIsWaitedFor(t *testing.T) {
	for what, manifest := range map[string]string{
		"ListenerSet":   fixture.Edge(fixture.FromAll("http", ""), fixture.SetsFromAll),
		"Namespace":     fixture.Edge("{name: http, port: 80, protocol: HTTP, " + fixture.TeamWeb + "}"),
		"EndpointSlice": fixture.ResolvedService(),
	} {
		f := fixture.NewUnlisted(t, "resources HTTPRoute Service\napex ns1 192.0.2.53")
		f.Apply(manifest)
		for _, i := range f.Informers() {
			if i.Title != what {
				i.Settle()
			}
		}
		if f.Ready() {
			t.Errorf("%s: ready without", what)
		}
		f.Ask(fixture.ServFail("web.example.com.", dns.TypeA))
		f.List(what)
		if !f.Ready() {
			t.Errorf("%s: not ready with", what)
		}
	}
}
