package gateway

import (
	"sync"
	"testing"

	"github.com/miekg/dns"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// R2: what is demanded only after the startup grace counts as empty when it is absent or forbidden, as that does
// which was demanded before: it must not hold the rest up for ever.
func TestDemandedLateAndAbsent(t *testing.T) {
	resource := schema.GroupResource{Resource: "x"}
	for what, manifest := range map[string]string{
		"ListenerSet":   edge(fromAll("http", ""), setsFromAll),
		"Namespace":     edge("{name: http, port: 80, protocol: HTTP, " + teamWeb + "}"),
		"EndpointSlice": resolvedService(),
	} {
		for _, problem := range []error{apierrors.NewNotFound(resource, ""), apierrors.NewForbidden(resource, "", nil)} {
			f := unlisted(t, "resources HTTPRoute Service\napex ns1 192.0.2.53")
			c := f.Clusters[0]
			over := make(chan struct{})
			close(over)
			c.Wait(over) // the API server was away all the time
			f.apply(manifest)
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
		f := unlisted(t, "resources HTTPRoute Service")
		var wg sync.WaitGroup
		wg.Go(func() { f.Clusters[0].Wait(over) })
		wg.Go(func() {
			f.apply(edge("{name: http, port: 80, protocol: HTTP, "+teamWeb+"}", setsFromAll))
			f.apply(resolvedService())
		})
		wg.Wait()
	}
}

// Z2: nothing is denied while what was demanded at the start is still to come.
func TestDemandedIsWaitedFor(t *testing.T) {
	for what, manifest := range map[string]string{
		"ListenerSet":   edge(fromAll("http", ""), setsFromAll),
		"Namespace":     edge("{name: http, port: 80, protocol: HTTP, " + teamWeb + "}"),
		"EndpointSlice": resolvedService(),
	} {
		f := unlisted(t, "resources HTTPRoute Service\napex ns1 192.0.2.53")
		f.apply(manifest)
		for _, i := range f.informers() {
			if i.Title != what {
				i.Settle()
			}
		}
		if f.Ready() {
			t.Errorf("%s: ready without", what)
		}
		f.ask(servfail("web.example.com.", dns.TypeA))
		f.list(what)
		if !f.Ready() {
			t.Errorf("%s: not ready with", what)
		}
	}
}
