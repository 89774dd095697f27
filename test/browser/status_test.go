//go:build browser

package browser

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage/sample"
)

// looks are what the page is looked at with, the first unless a test says otherwise.
var looks = map[string]look{
	"light": {1280, 900, 1, "light"},
	"dark":  {1280, 900, 1, "dark"},
	"phone": {390, 844, 2, "light"},
}

// serve serves the page of a source until the test ends, and returns its origin.
func serve(t *testing.T, source statuspage.Source) string {
	t.Helper()
	s := statuspage.New(source, t.Errorf)
	if err := s.Listen("127.0.0.1:0", nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	return "http://" + s.Addr().String()
}

// Somebody wants to know why a name does not resolve.
func TestWhyDoesMyNameNotResolve(t *testing.T) {
	p := open(t, serve(t, sample.New(50_000)))
	p.search("pending.example.com")
	if got, want := p.text(".answer"), "pending.example.com. does not resolve NXDOMAIN Ingress shop/pending has no address yet."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if rows := p.rows(); len(rows) != 1 || rows[0].Standing != "pending" || !strings.Contains(rows[0].Object, "shop/pending") {
		t.Errorf("rows: %+v", rows)
	}
	p.search("www.example.com")
	if got := p.text(".answer"); !strings.HasPrefix(got, "www.example.com. resolves NOERROR") || !strings.Contains(got, "192.0.2.1") {
		t.Errorf("got %q", got)
	}
	p.search("no.such.name.example.org")
	if got := p.text(".answer"); !strings.Contains(got, "is not answered here") {
		t.Errorf("got %q", got)
	}
	if got := p.text(".nothing"); got != "Nothing matches." {
		t.Errorf("got %q", got)
	}
	p.follow("form", "Clear")
	if n := len(p.rows()); n != 100 {
		t.Errorf("%d rows once the search is cleared", n)
	}
}

// Somebody looks at all there is, page by page.
func TestTurnPages(t *testing.T) {
	p := open(t, serve(t, sample.New(50_000)))
	var seen []string
	for _, want := range []string{"1–100 of 50,000 rows", "101–200 of 50,000 rows", "201–300 of 50,000 rows"} {
		if got := p.text("#rows caption"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		for _, r := range p.rows() {
			seen = append(seen, r.Name)
		}
		p.follow("nav", "Next")
	}
	if !slices.IsSorted(seen) || len(slices.Compact(seen)) != 300 {
		t.Errorf("%d names, in order: %t", len(seen), slices.IsSorted(seen))
	}
	p.follow("nav", "Last")
	if got := p.text("#rows caption"); got != "49,901–50,000 of 50,000 rows" {
		t.Errorf("got %q", got)
	}
}

// Somebody wants to know what does not answer, and why.
func TestWhatDoesNotAnswer(t *testing.T) {
	p := open(t, serve(t, sample.New(50_000)))
	p.follow("nav", "does not answer")
	for _, r := range p.rows() {
		if r.Standing == statuspage.Answers || r.Reason == "" {
			t.Errorf("%+v", r)
		}
	}
	p.follow("thead", "Standing")
	p.kind("HTTPRoute")
	rows := p.rows()
	if len(rows) == 0 || rows[0].Standing != "refused" || rows[0].Reason == "" {
		t.Fatalf("rows: %+v", rows)
	}
	for _, r := range rows {
		if !strings.HasPrefix(r.Object, "HTTPRoute ") {
			t.Errorf("%+v", r)
		}
	}
	p.follow("tbody", rows[0].Name)
	if got := p.text(".answer"); !strings.HasPrefix(got, rows[0].Name+" does not resolve") || !strings.Contains(strings.ToLower(got), strings.ToLower(rows[0].Reason)) {
		t.Errorf("got %q, want %q", got, rows[0].Reason)
	}
}

// The page is good to look at by day, by night and on a phone. Pictures are left for people.
func TestLooks(t *testing.T) {
	origin := serve(t, sample.New(50_000))
	for name, l := range looks {
		t.Run(name, func(t *testing.T) {
			p := open(t, origin)
			p.look(l)
			for shot, query := range map[string]string{
				"start": "", "answer": "?q=www.example.com", "refused": "?q=refused.example.com", "unanswered": "?standing=unanswered", "nothing": "?q=www.example.org",
			} {
				p.load(shot, chromedp.Navigate(origin+"/"+query))
				p.fits()
				p.screenshot(shot + "-" + name)
			}
			background := eval[string](p.tab, "getComputedStyle(document.body).backgroundColor")
			if dark := background != "rgb(255, 255, 255)"; dark != (l.scheme == "dark") {
				t.Errorf("the page is %s", background)
			}
		})
	}
}

// long is a source of texts as long as they get.
type long struct{ *sample.Source }

func (s long) State() statuspage.State {
	state := s.Source.State()
	label := strings.Repeat("a", 63)
	state.Ready = false
	state.Claims = statuspage.Claims([]statuspage.Row{{
		Name: strings.Repeat(label+".", 3) + "example.com.", Type: "TXT", Data: `"` + strings.Repeat("b", 255) + `"`, TTL: 1<<31 - 1,
		Kind: "HTTPRoute", Namespace: label, Object: strings.Repeat("c", 253), Cluster: label, Standing: statuspage.Hidden, Reason: strings.Repeat(label+" ", 5) + strings.Repeat("d", 200),
	}, {
		Name: "v6.example.com.", Type: "AAAA", Data: "2001:db8:1234:5678:9abc:def0:1234:5678", TTL: 60,
		Kind: "Service", Namespace: "default", Object: "v6", Cluster: "home", Standing: statuspage.Answers,
	}})
	return state
}

// The longest texts there can be stay in their places.
func TestLongTexts(t *testing.T) {
	p := open(t, serve(t, long{sample.New(0)}))
	for name, l := range looks {
		p.look(l)
		p.fits()
		p.screenshot("long-" + name)
	}
}

// What the other tests rely on: what is loaded from elsewhere or is against the policy is seen.
func TestFaultsAreSeen(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src http://127.0.0.1:9")
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(`<!DOCTYPE html><title>x</title><style>p {color: red}</style><img src="http://127.0.0.1:9/x.png">`))
	}))
	defer s.Close()
	b := start(t)
	b.load("open", chromedp.Navigate(s.URL+"/"))
	faults := strings.Join(b.faults(s.URL), "\n")
	for _, want := range []string{"loads http://127.0.0.1:9/x.png", "console: ", "Content Security Policy"} {
		if !strings.Contains(faults, want) {
			t.Errorf("%q is not seen in: %s", want, faults)
		}
	}
}
