package statuspage

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// atOnce limits the number of requests that are processed at a time. Others wait for at most patience.
	atOnce   = 4
	patience = 10 * time.Second
)

// form is a format in which the page is served.
type form struct {
	parameters []string
	media      string
	render     func(*selection) (body, error)
	refuse     func(reason string) (body body, media string)
}

// body is the body of a reply: a text, or a function that writes it.
type body struct {
	text   []byte
	stream func(w io.Writer) error // nil if text is the body
}

var forms = map[string]*form{
	"/": {
		parameters: []string{"q", "kind", "standing", "sort", "page", "client"},
		media:      "text/html; charset=utf-8",
		render:     (*selection).html,
		refuse:     refuseText,
	},
	"/records.json": {
		parameters: []string{"q", "kind", "standing", "sort", "page", "limit", "client"},
		media:      "application/json",
		render:     (*selection).json,
		refuse:     refuseJSON,
	},
}

// refusal is an error for the client.
type refusal struct {
	status int
	reason string
}

func (r *refusal) Error() string { return r.reason }

func refuseText(reason string) (body, string) {
	return body{text: []byte(reason + "\n")}, "text/plain; charset=utf-8"
}

func refuseJSON(reason string) (body, string) {
	object, _ := json.Marshal(map[string]string{"error": reason}) // a map of strings always works
	return body{text: object}, "application/json"
}

// Handler serves the page to every client.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")

	f, status, media := forms[r.URL.Path], http.StatusOK, ""
	body, refused := s.reply(f, r)
	switch {
	case refused == nil:
		media = f.media
	case f == nil:
		status = refused.status
		body, media = refuseText(refused.reason)
	default:
		status = refused.status
		body, media = f.refuse(refused.reason)
	}
	switch status {
	case http.StatusMethodNotAllowed:
		h.Set("Allow", "GET, HEAD")
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "1")
	}
	h.Set("Content-Type", media)
	if body.stream == nil {
		h.Set("Content-Length", strconv.Itoa(len(body.text)))
		w.WriteHeader(status)
		w.Write(body.text)
		return
	}
	defer func() {
		if p := recover(); p != nil {
			s.report(p)
			panic(http.ErrAbortHandler) // a part of the body is sent already
		}
	}()
	w.WriteHeader(status)
	body.stream(w) // an error means that the client has closed the connection
}

// report logs the first fault.
func (s *Server) report(fault any) {
	s.fault.Do(func() { s.errorf("status page: %v\n%s", fault, debug.Stack()) })
}

// reply returns the reply to a request. After it, only the rows remain to be made. That needs no slot of busy, so clients that read
// slowly do not block others.
func (s *Server) reply(f *form, r *http.Request) (reply body, refused *refusal) {
	switch {
	case f == nil:
		return body{}, &refusal{http.StatusNotFound, "there is nothing here but / and /records.json"}
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return body{}, &refusal{http.StatusMethodNotAllowed, "this can be read, and nothing else"}
	case len(r.URL.RawQuery) > maxQuery:
		return body{}, &refusal{http.StatusRequestURITooLong, fmt.Sprintf("the query is longer than %d octets", maxQuery)}
	}
	q, err := parseQuery(r.URL.RawQuery, f.parameters)
	if err != nil {
		return body{}, &refusal{http.StatusBadRequest, err.Error()}
	}
	select {
	case s.busy <- struct{}{}:
		defer func() { <-s.busy }()
	case <-r.Context().Done():
		return body{}, &refusal{http.StatusServiceUnavailable, "gone"}
	case <-time.After(patience):
		return body{}, &refusal{http.StatusServiceUnavailable, "too many requests"}
	}
	defer func() {
		if p := recover(); p != nil {
			s.report(p)
			reply, refused = body{}, &refusal{http.StatusInternalServerError, "something is wrong here; the log says what"}
		}
	}()
	v := s.views.get()
	if q.kind != "" && !slices.Contains(v.kinds, q.kind) {
		return body{}, &refusal{http.StatusBadRequest, fmt.Sprintf("kind: %q is none of %s", q.kind, strings.Join(v.kinds, ", "))}
	}
	if reply, err = f.render(v.answer(q, func(name string) Explanation { return explainFor(s.source, name, q.client) })); err != nil {
		panic(err) // a template that does not fit its data
	}
	return reply, nil
}
