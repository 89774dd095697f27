package test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// trouble is what happens to some requests instead of what should.
type trouble struct {
	when   func(*http.Request) bool
	effect effect
	met    atomic.Int64  // requests
	over   chan struct{} // closed by heal
}

// effect is what a trouble does to a request, which it may pass on.
type effect func(pass http.HandlerFunc, over <-chan struct{}) http.HandlerFunc

// trouble has requests meet with an effect, until heal.
func (p *proxy) trouble(when func(*http.Request) bool, what effect) *trouble {
	t := &trouble{when: when, effect: what, over: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.troubles = append(p.troubles, t)
	return t
}

// heal ends all troubles, also for requests that wait in one.
func (p *proxy) heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.troubles {
		close(t.over)
	}
	p.troubles = nil
}

// troubled returns pass, or the first trouble that is for the request before it.
func (p *proxy) troubled(pass http.HandlerFunc, r *http.Request) http.HandlerFunc {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.troubles {
		if t.when(r) {
			t.met.Add(1)
			return t.effect(pass, t.over)
		}
	}
	return pass
}

// resource returns what a request lists or watches, "" for one that does neither.
func resource(r *http.Request) string {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(parts) > 2 && parts[0] == "api", len(parts) > 3 && parts[0] == "apis":
		return path.Base(r.URL.Path)
	}
	return ""
}

// changesOnly reports whether a watch goes on from a version that is known. Others
// begin with all there is, as a list does.
func changesOnly(r *http.Request) bool {
	q := r.URL.Query()
	return q.Get("watch") != "" && q.Get("sendInitialEvents") != "true"
}

func everything(*http.Request) bool { return true }

// of means what lists or watches some resources.
func of(resources ...string) func(*http.Request) bool {
	return func(r *http.Request) bool { return slices.Contains(resources, resource(r)) }
}

// bearing means requests with a bearer token.
func bearing(token string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer "+token }
}

// status is the answer of an API server that cannot do it.
func status(code int, reason metav1.StatusReason, header ...string) effect {
	return func(http.HandlerFunc, <-chan struct{}) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			writeStatus(w, code, reason)
		}
	}
}

// Answers of an API server that is in trouble, and to credentials that are not good.
var (
	tooMany      = status(http.StatusTooManyRequests, metav1.StatusReasonTooManyRequests, "Retry-After", "1")
	broken       = status(http.StatusInternalServerError, metav1.StatusReasonInternalError)
	unavailable  = status(http.StatusServiceUnavailable, metav1.StatusReasonServiceUnavailable)
	unauthorized = status(http.StatusUnauthorized, metav1.StatusReasonUnauthorized)
)

// expired is a watch that ends with an event that says that it cannot go on from
// the version it was to begin at.
func expired(http.HandlerFunc, <-chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"type":"ERROR","object":`)
		writeStatus(w, http.StatusGone, metav1.StatusReasonExpired)
		fmt.Fprintln(w, "}")
	}
}

func writeStatus(w http.ResponseWriter, code int, reason metav1.StatusReason) {
	_ = json.NewEncoder(w).Encode(metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   metav1.StatusFailure, Reason: reason, Code: int32(code), Message: "trouble",
	})
}

// never answers.
func never(pass http.HandlerFunc, over <-chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-over:
			pass(w, r)
		case <-r.Context().Done():
		}
	}
}

// late answers after a while.
func late(after time.Duration) effect {
	return func(pass http.HandlerFunc, over <-chan struct{}) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(after):
			case <-over:
			case <-r.Context().Done():
			}
			pass(w, r)
		}
	}
}

// slow waits before each piece of an answer.
func slow(before time.Duration) effect {
	return func(pass http.HandlerFunc, over <-chan struct{}) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			pass(&slowWriter{w, before, over, r.Context().Done()}, r)
		}
	}
}

type slowWriter struct {
	http.ResponseWriter
	before     time.Duration
	over, gone <-chan struct{}
}

// Write implements io.Writer.
func (w *slowWriter) Write(p []byte) (int, error) {
	select {
	case <-time.After(w.before):
	case <-w.over:
	case <-w.gone:
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap is how http.ResponseController finds what is behind it.
func (w *slowWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
