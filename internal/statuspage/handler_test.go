package statuspage

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestOnlyReading(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"} {
		for _, path := range []string{"/", "/records.json"} {
			source := web()
			w := request(t, source, method, path)
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" || source.taken.Load() > 0 {
				t.Errorf("%s %s: status %d, Allow %q", method, path, w.Code, w.Header().Get("Allow"))
			}
		}
	}
}

func TestNothingElseIsThere(t *testing.T) {
	for _, path := range []string{"/index.html", "/records.json/", "/RECORDS.JSON", "//", "/./", "/..%2f", "/favicon.ico", "/%00", "//example.net/"} {
		if w := request(t, web(), http.MethodGet, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

// Every reply says that browsers must not load, frame, guess, tell or keep anything.
func TestHeaders(t *testing.T) {
	for target, status := range map[string]int{"/": 200, "/records.json": 200, "/?page=0": 400, "/records.json?page=0": 400, "/nothing": 404} {
		w := request(t, web(), http.MethodGet, target)
		if w.Code != status {
			t.Errorf("%s: status %d", target, w.Code)
		}
		for key, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cache-Control":                "no-store",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Content-Length":               strconv.Itoa(w.Body.Len()),
			"Set-Cookie":                   "",
		} {
			if target == "/records.json" && key == "Content-Length" { // is sent row by row
				want = ""
			}
			if got := w.Header().Get(key); got != want {
				t.Errorf("%s: %s is %q, want %q", target, key, got, want)
			}
		}
		csp := w.Header().Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none';", "form-action 'self';", "frame-ancestors 'none';", "base-uri 'none'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: the policy lacks %s: %s", target, part, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "script-src") || strings.Contains(csp, "*") {
			t.Errorf("%s: policy %s", target, csp)
		}
	}
}

// The policy names the style that is on the page.
func TestPolicyAllowsStyle(t *testing.T) {
	w := request(t, web(), http.MethodGet, "/")
	_, rest, _ := strings.Cut(w.Body.String(), "<style>")
	css, _, ok := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(css))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !ok || len(css) < 1000 || !strings.Contains(w.Header().Get("Content-Security-Policy"), want) {
		t.Errorf("the page's style is %s, which the policy does not allow", want)
	}
}

// HEAD says what GET would, without the body. The body is for net/http to leave away.
func TestHead(t *testing.T) {
	get, head := request(t, web(), http.MethodGet, "/"), request(t, web(), http.MethodHead, "/")
	if fmt.Sprint(get.Header()) != fmt.Sprint(head.Header()) || head.Code != http.StatusOK {
		t.Errorf("GET %v, HEAD %v", get.Header(), head.Header())
	}
}

// A source that panics costs the request, is said once, and the next request is served.
func TestPanic(t *testing.T) {
	source, reports := web(), 0
	s := New(source, func(format string, v ...any) {
		reports++
		if text := fmt.Sprintf(format, v...); !strings.Contains(text, "broken") || !strings.Contains(text, "fixture_test.go") {
			t.Errorf("reported: %s", text)
		}
	})
	defer s.Shutdown()
	source.begin = func() { panic("broken") }
	for range 2 * atOnce {
		if w := requestOf(s.Handler(), http.MethodGet, "/"); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "broken") {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
	}
	source.begin = nil
	source.explain = func(string) Explanation { panic("broken") }
	if w := requestOf(s.Handler(), http.MethodGet, "/?q=web.example.com"); w.Code != http.StatusInternalServerError {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if w := requestOf(s.Handler(), http.MethodGet, "/?q=web"); w.Code != http.StatusOK {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if reports != 1 {
		t.Errorf("reported %d times", reports)
	}
}
