package statuspage_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage/sample"
)

// ask returns what a server replies.
func ask(h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+target, nil))
	return w
}

// BenchmarkRequest is what a request costs among 50,000 rows, and how many octets it is answered with.
func BenchmarkRequest(b *testing.B) {
	s := statuspage.New(sample.New(50_000), b.Errorf)
	defer s.Shutdown()
	for name, target := range map[string]string{
		"all":         "/",
		"word":        "/?q=grafana",
		"words":       "/?q=service+shop",
		"reason":      "/?q=no+address+yet",
		"nothing":     "/?q=nowhere",
		"unanswered":  "/?standing=unanswered",
		"lastPage":    "/?page=500",
		"sortByName":  "/?sort=-name",
		"sortByData":  "/?sort=data",
		"sortByState": "/?sort=standing",
		"records":     "/records.json",
		"records1000": "/records.json?limit=1000",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				w := ask(s.Handler(), target)
				if size = w.Body.Len(); w.Code != http.StatusOK {
					b.Fatalf("status %d", w.Code)
				}
			}
			b.ReportMetric(float64(size), "octets")
		})
	}
}

// BenchmarkFirstRequest is a request that finds nothing at hand.
func BenchmarkFirstRequest(b *testing.B) {
	source := sample.New(50_000)
	for b.Loop() {
		s := statuspage.New(source, b.Errorf)
		if w := ask(s.Handler(), "/"); w.Code != http.StatusOK {
			b.Fatalf("status %d", w.Code)
		}
		s.Shutdown()
	}
}

// A page of a hundred rows is read over a slow line, too.
func TestPageIsSmall(t *testing.T) {
	s := statuspage.New(sample.New(50_000), t.Errorf)
	defer s.Shutdown()
	for _, target := range []string{"/", "/?standing=unanswered", "/?q=observability&page=3"} {
		if n := ask(s.Handler(), target).Body.Len(); n > 60_000 {
			t.Errorf("%s: %d octets", target, n)
		}
	}
}
