package test

import (
	"net/http"
	"testing"
	"time"
)

// An API server that cannot serve one kind for a while costs nothing: answers of
// that kind stay as they were, others follow the cluster at once, and when it is
// over the kind catches up (R2, R3).
func TestTroubleWithOneKind(t *testing.T) {
	for how, tc := range map[string]struct {
		of     func(*http.Request) bool // of the requests for Ingresses
		effect effect
	}{
		"watch expired":          {watching, expired},
		"all throttled":          {everything, tooMany},
		"watch throttled":        {watching, tooMany},
		"all failing":            {everything, broken},
		"all unavailable":        {everything, unavailable},
		"watch unavailable":      {watching, unavailable},
		"hanging":                {everything, never},
		"expired, list failing":  {everything, expiredThen(broken)},
		"expired, list slow":     {everything, expiredThen(slow(100 * time.Millisecond))},
		"expired, list too late": {everything, expiredThen(late(2 * time.Second))},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			c := newCorner(t)
			c.applyResilient()
			p := newProxy(t, cluster)
			s := c.serve(via(p.kubeconfig(t, cluster.Config().BearerToken)))
			s.awaitReady(awaitTimeout)
			st := s.stream(resilientAnswers)

			ingresses := of("ingresses")
			trouble := p.trouble(func(r *http.Request) bool { return ingresses(r) && tc.of(r) }, tc.effect)
			p.cutWatches()
			until(t, retry, "in trouble", func() bool { return trouble.met.Load() > 0 })
			st.change("ingress.$ZONE", "198.51.100.1")
			c.apply(moved(ingressManifest))
			st.change("db.$NAMESPACE.$ZONE", "198.51.100.2")
			c.apply(moved(serviceManifest))
			until(t, retry, "following Services", func() bool { return st.question(c.expand("db.$NAMESPACE.$ZONE")).current() })
			until(t, retry, "trying again", func() bool { return trouble.met.Load() > 1 || how == "hanging" })
			p.heal()
			t.Logf("caught up after %s", st.awaitChanges(retry))
			st.end()
		})
	}
}

// expiredThen has watches expired, and lists meet with an effect.
func expiredThen(what effect) effect {
	return func(pass http.HandlerFunc, over <-chan struct{}) http.HandlerFunc {
		lists, watches := what(pass, over), expired(pass, over)
		return func(w http.ResponseWriter, r *http.Request) {
			if watching(r) {
				watches(w, r)
			} else {
				lists(w, r)
			}
		}
	}
}
