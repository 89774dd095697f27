package test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// An API server that cannot serve one kind for a while costs nothing: answers of
// that kind stay as they were, others follow the cluster, and when it is over the
// kind catches up (R2, R3).
func TestTroubleWithOneKind(t *testing.T) {
	for how, effect := range map[string]effect{
		"watch throttled":       onWatch(tooMany),
		"watch unavailable":     onWatch(unavailable),
		"watch failing":         onWatch(broken),
		"watch hanging":         onWatch(never),
		"expired, list failing": expiredThen(broken),
		"all throttled":         tooMany,
		"all failing":           broken,
		"all unavailable":       unavailable,
		"all hanging":           never,
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s, st, p := newTroubled(t)
			trouble := p.trouble(of("ingresses"), effect)
			p.endWatches()
			until(t, retry, "in trouble", func() bool { return trouble.met.Load() > 0 })
			st.change("ingress.$ZONE", "203.0.113.1")
			s.corner.apply(elsewhereIngress)
			st.change("db.$NAMESPACE.$ZONE", "198.51.100.2")
			s.corner.apply(moved(serviceManifest))
			until(t, retry, "following Services", func() bool { return st.question("db.$NAMESPACE.$ZONE").current() })
			if st.question("ingress.$ZONE").current() {
				t.Error("Ingresses are in no trouble")
			}
			p.heal()
			t.Logf("caught up after %s, %d requests in trouble", st.awaitChanges(retry), trouble.met.Load())
			st.end()
		})
	}
}

// An API server that does not know the version any more from which a watch is to
// go on, and may need its time to list everything, delays what changes meanwhile
// and nothing else (R3).
func TestWatchExpired(t *testing.T) {
	for how, effect := range map[string]effect{
		"expired":            onWatch(expired),
		"expired, list slow": expiredThen(slow(100 * time.Millisecond)),
		"expired, list late": expiredThen(late(time.Second)),
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s, st, p := newTroubled(t)
			trouble := p.trouble(of("ingresses"), effect)
			p.endWatches()
			until(t, retry, "in trouble", func() bool { return trouble.met.Load() > 0 })
			st.change("ingress.$ZONE", "203.0.113.1")
			s.corner.apply(elsewhereIngress)
			t.Logf("caught up after %s", st.awaitChanges(retry))
			st.end()
		})
	}
}

// newTroubled starts CoreDNS and a stream, before anything is wrong. The watch of
// Ingresses has brought something: one that has not is not worth going on with.
func newTroubled(t *testing.T) (*server, *stream, *proxy) {
	c := newCorner(t)
	c.applyResilient()
	p := newProxy(t, cluster)
	s := c.serve(via(p.kubeconfig(t, cluster.Config().BearerToken)))
	s.awaitResilient(awaitTimeout)
	st := s.stream(resilientAnswers)
	st.change("ingress.$ZONE", "198.51.100.1")
	c.apply(moved(ingressManifest))
	st.awaitChanges(awaitTimeout)
	return s, st, p
}

// elsewhereIngress is the Ingress at a third address.
var elsewhereIngress = strings.ReplaceAll(ingressManifest, "192.0.2.1", "203.0.113.1")

// onWatch has watches that are to go on meet with an effect.
func onWatch(what effect) effect {
	return func(pass http.HandlerFunc, over <-chan struct{}) http.HandlerFunc {
		troubled := what(pass, over)
		return func(w http.ResponseWriter, r *http.Request) {
			if changesOnly(r) {
				troubled(w, r)
			} else {
				pass(w, r)
			}
		}
	}
}

// expiredThen has watches expired, and lists meet with an effect.
func expiredThen(what effect) effect {
	return func(pass http.HandlerFunc, over <-chan struct{}) http.HandlerFunc {
		return onWatch(expired)(what(pass, over), over)
	}
}
