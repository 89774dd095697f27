package explain_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// wideRoute is an HTTPRoute that multiplies: as many names as an object may claim, each with as many addresses as a name
// may have.
func wideRoute(key string) string {
	return fixture.AnObject("HTTPRoute", key, fmt.Sprintf("annotations: {coredns.io/hostname: %q, coredns.io/target: %q}",
		strings.Join(fixture.Numbered(1000, "n%d.example.com"), ","), strings.Join(fixture.Addresses(3839), ",")), "spec: {parentRefs: ["+fixture.ToGateway+"]}")
}

// measuredReply is what one request for the status page comes to.
type measuredReply struct {
	octets    int64
	took      time.Duration
	allocated uint64 // bytes
}

// open asks a status page for something.
func openStatus(t testing.TB, h http.Handler, target string, body io.Writer) (m measuredReply) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	w := &countingReply{header: http.Header{}, body: body}
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+target, nil))
	m.octets, m.took = w.octets, time.Since(began)
	runtime.ReadMemStats(&after)
	m.allocated = after.TotalAlloc - before.TotalAlloc
	if w.code != http.StatusOK {
		t.Fatalf("%s: status %d", target, w.code)
	}
	return m
}

// countingReply is a ResponseWriter that keeps nothing but what it is told to.
type countingReply struct {
	header http.Header
	body   io.Writer
	code   int
	octets int64
}

func (w *countingReply) Header() http.Header { return w.header }

func (w *countingReply) WriteHeader(code int) { w.code = code }

func (w *countingReply) Write(p []byte) (int, error) {
	if w.code == 0 {
		w.code = http.StatusOK
	}
	w.octets += int64(len(p))
	return w.body.Write(p)
}

// N7: the status page allocates no memory that grows with names x addresses, whatever it is asked for.
func TestStatusPageMemory(t *testing.T) {
	f := fixture.New(t, "status :0\nresources HTTPRoute\napex ns1 192.0.2.53", fixture.Edge(fixture.FromAll("http", "")), wideRoute("a/wide"))
	const total = 1000 * 3839
	for _, tc := range []struct {
		target string
		total  int
		first  string // name and data of the first row
	}{
		{"/", 0, ""},
		{"/?q=n", 0, ""},
		{"/?q=n999.example.com", 0, ""},
		{"/?sort=-data", 0, ""},
		{"/records.json?kind=HTTPRoute&limit=1000", total, "n0.example.com. " + fixture.Addresses(1)[0]},
		{"/records.json?q=n7.example.com&kind=HTTPRoute&limit=1000", 3839, "n7.example.com. " + fixture.Addresses(1)[0]},
		{"/records.json?kind=HTTPRoute&page=38390", total, "n999.example.com. " + fixture.Addresses(3740)[3739]},
		{"/records.json?q=" + fixture.Addresses(3839)[3838], 1000, "n0.example.com. " + fixture.Addresses(3839)[3838]},
		{"/records.json?kind=HTTPRoute&sort=data&page=2&limit=1000", total, "n0.example.com. " + fixture.Addresses(2)[1]},
		{"/records.json?kind=HTTPRoute&sort=-data&page=3839&limit=1000", total, "n0.example.com. " + fixture.Addresses(1)[0]},
	} {
		page := statuspage.New(statuspage.Sources{f.Overview()}, t.Errorf)
		var body strings.Builder
		m := openStatus(t, page.Handler(), tc.target, &body)
		page.Shutdown()
		t.Logf("%s: %d octets, %v, %d bytes allocated", tc.target, m.octets, m.took, m.allocated)
		if m.allocated > 32<<20 {
			t.Errorf("%s allocates %d MB", tc.target, m.allocated>>20)
		}
		if tc.first == "" {
			continue
		}
		var records struct {
			Total int
			Rows  []statuspage.Row
		}
		if err := json.Unmarshal([]byte(body.String()), &records); err != nil {
			t.Fatal(err)
		}
		if records.Total != tc.total || len(records.Rows) == 0 || records.Rows[0].Name+" "+records.Rows[0].Data != tc.first {
			t.Errorf("%s: %d rows of %d, the first %v, want %s", tc.target, len(records.Rows), records.Total, records.Rows[:min(1, len(records.Rows))], tc.first)
		}
	}
}

// BenchmarkStatusPage is a request for the status page that finds nothing at hand, with 50,000 ordinary names and with one
// object that multiplies names by addresses.
func BenchmarkStatusPage(b *testing.B) {
	for name, f := range map[string]*fixture.Stanza{
		"50000names":         benchStatus(b),
		"1000names4096addrs": fixture.New(b, "status :0\nresources HTTPRoute\napex ns1 192.0.2.53", fixture.Edge(fixture.FromAll("http", "")), wideRoute("a/wide")),
	} {
		for _, target := range []string{"/?q=", "/?q=host7", "/?sort=data", "/records.json?limit=1000"} {
			b.Run(name+target, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					page := statuspage.New(statuspage.Sources{f.Overview()}, b.Errorf)
					openStatus(b, page.Handler(), target, io.Discard)
					page.Shutdown()
				}
			})
		}
	}
}

func benchStatus(b testing.TB) *fixture.Stanza {
	f := fixture.ManyIngresses(b, 50_000)
	return f
}
