package gateway

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/miekg/dns"
)

// Z2: what counts as known when a start has waited for it stays known, also where an object that comes before the first
// question has more watched.
func TestKnownBeforeFirstQuestion(t *testing.T) {
	for what, manifest := range map[string]string{
		"ListenerSet":   edge(fromAll("http", ""), setsFromAll),
		"Namespace":     edge("{name: http, port: 80, protocol: HTTP, " + teamWeb + "}"),
		"EndpointSlice": resolvedService(),
	} {
		f := startedWithNothing(t)
		f.apply(manifest)
		if missing := f.Clusters[0].Unsettled(); len(missing) != 1 || missing[0].Title != what {
			t.Fatalf("%s is not watched because of the object", what)
		}
		f.ask(nxdomain("nothing.example.com.", dns.TypeA))
	}
}

// startedWithNothing is a stanza whose start has waited for lists without an object.
func startedWithNothing(t *testing.T) *fixture {
	s := newFakeAPI(t)
	for plural, kind := range map[string]string{"gateways": "Gateway", "httproutes": "HTTPRoute"} {
		s.on(plural, sends(jsonList(kind, "1")), nil)
	}
	never := func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for _, plural := range []string{"listenersets", "namespaces", "endpointslices"} {
		s.on(plural, never, nil)
	}
	f := unlisted(t, "resources HTTPRoute Service")
	s.begins(f)
	return f
}

// Z2: a start with several clusters also waits for what one of them has watched while another one is waited for.
func TestStartWaitsForLateDemand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := unlisted(t, twoClusters+"resources HTTPRoute Ingress")
		f.begin()
		defer f.end()
		first, second := f.Clusters[0], f.Clusters[1]
		for _, i := range first.Demanded() {
			i.Settle()
		}
		waited := make(chan struct{})
		go func() { f.awaitAll(f.ctx.Done()); close(waited) }()
		synctest.Wait()                                 // for the second
		f.apply(edge(fromAll("http", ""), setsFromAll)) // in the first
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
		f.ask(nxdomain("nothing.example.com.", dns.TypeA))
	})
}
