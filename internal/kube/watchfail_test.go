package kube_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/miekg/dns"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// R7: a watch that fails at every attempt, for whatever reason, is said once, counted once, and makes the kind stale.
// What is known stays, and lists go on to bring what is new. When the watch works again, that is said and shown, too.
func TestWatchFails(t *testing.T) {
	inStream := func(code int32, reason metav1.StatusReason) http.HandlerFunc {
		return fixture.Streams(fixture.Event("ERROR", fmt.Sprintf(`{"kind":"Status","apiVersion":"v1","status":"Failure","code":%d,"reason":%q,"message":"trouble"}`, code, reason)))
	}
	for what, fails := range map[string]http.HandlerFunc{
		"410":           fixture.StatusAnswer(http.StatusGone, metav1.StatusReasonExpired),
		"410 in stream": inStream(http.StatusGone, metav1.StatusReasonExpired),
		"422":           fixture.StatusAnswer(http.StatusUnprocessableEntity, metav1.StatusReasonInvalid),
		"500 in stream": inStream(http.StatusInternalServerError, metav1.StatusReasonInternalError),
		"garbled":       fixture.Streams("{]"),
		"400":           fixture.StatusAnswer(http.StatusBadRequest, metav1.StatusReasonBadRequest),
		"500 of a proxy": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "from a proxy", http.StatusInternalServerError)
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := fixture.NewAPI(t)
			var healed atomic.Bool
			s.On("gateways", fixture.Sends(fixture.JsonList("Gateway", "9", fixture.SentJSON(t, fixture.AGateway("gw", "192.0.2.1"), "1"))), nil)
			s.On("httproutes", fixture.Sends(fixture.JsonList("HTTPRoute", "9", routeJSON(t, "web", "2"))), func(w http.ResponseWriter, r *http.Request) {
				if healed.Load() {
					fixture.Streams(fixture.Event("ADDED", routeJSON(t, "new", "10")))(w, r)
				} else {
					fails(w, r)
				}
			})
			f := s.Serve("resources HTTPRoute\nstatus :0")
			state := func() string {
				for _, src := range f.Overview().State().Sources {
					if src.Kind == "HTTPRoute" {
						return src.State
					}
				}
				return ""
			}
			fixture.Until(t, func() bool { return state() == statuspage.Stale })
			f.Ask(fixture.A("web.example.com.", "192.0.2.1"), fixture.NXDomain("nowhere.example.com.", dns.TypeA))
			healed.Store(true)
			fixture.Until(t, func() bool { return state() == statuspage.Synced })
			fixture.Until(t, func() bool { m, _ := f.Query(fixture.A("new.example.com.").Msg()); return len(m.Answer) == 1 })
		})
	}
}

// R7: that a watch fails is said and counted once, and so is its end.
func TestWatchFailureIsSaid(t *testing.T) {
	f := fixture.New(t, "resources HTTPRoute")
	i, c := f.Informers()[0], f.Clusters[0]
	before := total(t, "unlisted_kinds_total", i.Kind+" failing")
	said := fixture.Logged(t, func() {
		for range 5 {
			i.WatchFailed(c, fmt.Errorf("410 Gone"))
		}
		i.WatchWorks(c)
		i.WatchWorks(c)
	})
	if n := total(t, "unlisted_kinds_total", i.Kind+" failing") - before; n != 1 {
		t.Errorf("counted %v times", n)
	}
	for _, line := range []string{i.Title + ": cannot be watched", i.Title + ": is watched again"} {
		if strings.Count(said, line) != 1 {
			t.Errorf("%q is not said once: %s", line, said)
		}
	}
}

// R7: an API server that hangs loses the connection of all watches. That is logged once for the cluster, and not as an event that
// cannot be decoded. A connection that the API server closes is not logged, because the watch is resumed.
func TestLostConnectionIsSaidOnce(t *testing.T) {
	lost := func(text string) error {
		return apierrors.FromObject(kube.UndecodableEvent(errors.New(text)).Object)
	}
	f := fixture.New(t, "resources Ingress Service HTTPRoute")
	c := f.Clusters[0]
	said := fixture.Logged(t, func() {
		for _, i := range f.Informers() {
			i.WatchFailed(c, lost("http2: client connection lost"))
		}
	})
	if strings.Count(said, "\n") != 1 || !strings.Contains(said, "the API server does not answer") || !strings.Contains(said, ": http2: client connection lost") || strings.Contains(said, "decode") {
		t.Errorf("logged %q", said)
	}
	f = fixture.New(t, "resources Ingress Service HTTPRoute")
	said = fixture.Logged(t, func() {
		for _, i := range f.Informers() {
			i.WatchFailed(f.Clusters[0], lost("http2: server sent GOAWAY and closed the connection"))
		}
	})
	if said != "" {
		t.Errorf("logged %q", said)
	}
	for _, garbled := range []string{"illegal base64 data", "illegal data in an event from the watch stream: http2: client connection lost"} {
		if text := kube.ConnectionLost(lost(garbled)); text != "" {
			t.Errorf("%q is a lost connection: %q", garbled, text)
		}
	}
}

// R3: what is refused with credentials that others have taken the place of by then says nothing about those.
func TestOutdatedCredentials(t *testing.T) {
	f := fixture.New(t, "k8s_gateway example.com")
	c := f.Clusters[0]
	i := c.Demanded()[0]
	refused := func(with, now *kube.Connection) (trouble kube.Trouble, ended bool) {
		c.Trouble.Store(kube.NoTrouble)
		i.Conn.Store(with)
		c.Conn.Store(now)
		i.Failed(c, func() { ended = true }, apierrors.NewUnauthorized("expired"))
		return c.Trouble.Load(), ended
	}
	before, now := &kube.Connection{}, &kube.Connection{}
	if trouble, ended := refused(before, now); trouble != kube.NoTrouble || !ended {
		t.Errorf("outdated: trouble %d, ended %t", trouble, ended)
	}
	if trouble, ended := refused(now, now); trouble != kube.Untrusted || !ended {
		t.Errorf("those that there are: trouble %d, ended %t", trouble, ended)
	}
	c.Answers.Add(1) // to another request, after the refused one was sent
	if trouble, ended := refused(now, now); trouble != kube.NoTrouble || !ended {
		t.Errorf("answered since: trouble %d, ended %t", trouble, ended)
	}
}
