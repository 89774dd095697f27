package statuspage

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// What makes no sense is said, with the parameter it is about, and not guessed at.
func TestBadParameters(t *testing.T) {
	for query, words := range map[string][]string{
		"page=0":                           {"page", `"0"`, "1 to 1000000"},
		"page=-1":                          {"page"},
		"page=1.5":                         {"page"},
		"page=x":                           {"page"},
		"page=1000001":                     {"page"},
		"page=99999999999999999999":        {"page"},
		"limit=0":                          {"limit", "1 to 1000"},
		"limit=1001":                       {"limit"},
		"sort=colour":                      {"sort", "colour", "name, type, data, ttl, object, standing"},
		"sort=--name":                      {"sort"},
		"sort=Name":                        {"sort"},
		"standing=asleep":                  {"standing", "asleep", "left out", "unanswered"},
		"kind=Ingres":                      {"kind", "Ingres", "DNSEndpoint, HTTPRoute, Ingress, Service"},
		"q=%ff":                            {"q", "UTF-8"},
		"q=" + strings.Repeat("x", 301):    {"q", "300"},
		"q=a&q=b":                          {"q", "more than once"},
		"page=1&page=1":                    {"page", "more than once"},
		"pgae=2":                           {"pgae", "q, kind, standing, sort, page"},
		"<script>":                         {"script"},
		"q=%zz":                            {"malformed"},
		"q=a;b=c":                          {"malformed"},
		"q=a%00%0d%0aSet-Cookie:+x&page=-": {"page"},
	} {
		w := request(t, web(), http.MethodGet, "/records.json?"+query)
		var object struct{ Error string }
		if err := json.Unmarshal(w.Body.Bytes(), &object); err != nil {
			t.Errorf("%s: %v: %s", query, err, w.Body)
		}
		if w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", query, w.Code)
		}
		for _, word := range words {
			if !strings.Contains(object.Error, word) {
				t.Errorf("%s: %q does not say %q", query, object.Error, word)
			}
		}
		if strings.HasPrefix(query, "limit") {
			words = []string{"limit", "not a parameter"}
		}
		w = request(t, web(), http.MethodGet, "/?"+query)
		if w.Code != http.StatusBadRequest || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("/?%s: status %d, %s", query, w.Code, w.Header().Get("Content-Type"))
		}
		for _, word := range words {
			if !strings.Contains(w.Body.String(), word) {
				t.Errorf("/?%s: %q does not say %q", query, w.Body, word)
			}
		}
	}
}

func TestLongQuery(t *testing.T) {
	if w := request(t, web(), http.MethodGet, "/?q="+strings.Repeat("%20", maxQuery)); w.Code != http.StatusRequestURITooLong {
		t.Errorf("status %d", w.Code)
	}
}

// Whatever stands in the query, there is an answer, it is one that was meant to be, and its links lead to
// the same rows again.
func FuzzParameters(f *testing.F) {
	for _, query := range []string{"", "q=web.example.com", "q=bücher&kind=Ingress", "standing=left+out&sort=-ttl&page=2", "q=%22%3E%3Cscript%3E", "q=a%00b", "limit=5", "page=0", "q=;", "q=\u202egpj", "kind=%ff", "q=" + strings.Repeat(".", 300)} {
		f.Add(query)
	}
	source := web()
	f.Fuzz(func(t *testing.T, query string) {
		for path := range forms {
			s := New(source, t.Errorf)
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path, RawQuery: query}})
			s.Shutdown()
			switch {
			case w.Code == http.StatusOK && path == "/":
				harmless(t, w.Body.String())
			case w.Code == http.StatusOK || path != "/" && (w.Code == http.StatusBadRequest || w.Code == http.StatusRequestURITooLong):
				if !json.Valid(w.Body.Bytes()) {
					t.Errorf("%s?%q: not JSON: %s", path, query, w.Body)
				}
			case w.Code != http.StatusBadRequest && w.Code != http.StatusRequestURITooLong:
				t.Errorf("%s?%q: status %d", path, query, w.Code)
			}
		}
		all := forms["/records.json"].parameters
		q, err := parseQuery(query, all)
		if err != nil {
			return
		}
		if again, err := parseQuery(strings.TrimPrefix(q.url(), "?"), all); err != nil || again != q {
			t.Errorf("%q is %+v, its reference %s is %+v: %v", query, q, q.url(), again, err)
		}
	})
}
