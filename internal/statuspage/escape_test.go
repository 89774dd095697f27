package statuspage

import (
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// nasty is what somebody could have written into the cluster.
var nasty = []string{
	`<script>alert(1)</script>`,
	`</td></tr></table><script src=//example.net/x></script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`javascript:alert(1)`,
	`{{.}}{{template "page"}}`,
	`</style><style>body{display:none}`,
	`--><!--`,
	`&lt;b&gt;&#0;`,
	"a\x00b\x1b[31mc\r\nSet-Cookie: x=1",
	"\u202egpj.exe\u2066 \u200b\ufeff",
	"\xff\xfe\x80",
	"\ufffd",
	strings.Repeat("a", 70_000),
	strings.Repeat("ä", 70_000),
	`=cmd|' /C calc'!A0`,
}

// harmless checks that a page has nothing in it that a text of it could have brought along.
func harmless(t *testing.T, page string) element {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	if !utf8.ValidString(page) {
		t.Error("the page is not UTF-8")
	}
	if i := strings.IndexFunc(page, func(r rune) bool { return !unicode.IsPrint(r) && r != '\n' && r != '\t' }); i >= 0 && !strings.Contains(page[:i], `value="`) {
		t.Errorf("the page has an unprintable character: %q", page[i:i+20])
	}
	e := element{root}
	styles := 0
	for _, below := range e.all() {
		switch below.Data {
		case "script", "img", "iframe", "object", "embed", "base":
			t.Errorf("the page has a <%s>", below.Data)
		case "style":
			styles++
		case "link":
			if !strings.HasPrefix(below.attribute("href"), "data:image/svg+xml,") {
				t.Errorf("the page has a link to %s", below.attribute("href"))
			}
		}
		for _, a := range below.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src", a.Key == "srcdoc", a.Key == "formaction", a.Key == "action":
				t.Errorf("<%s> has %s=%q", below.Data, a.Key, a.Val)
			case a.Key == "href" && below.Data == "a" && !strings.HasPrefix(a.Val, "?") && !strings.HasPrefix(a.Val, "records.json?") && a.Val != help:
				t.Errorf("a link leads to %q", a.Val)
			}
		}
	}
	if styles != 1 {
		t.Errorf("%d <style>", styles)
	}
	return e
}

// Every text may come from whoever can write into the cluster, in every place.
func TestEscape(t *testing.T) {
	for _, s := range nasty {
		kind := s[:min(len(s), 100)] // kinds are ours, and short
		source := &fake{state: State{
			Taken:   noon,
			Zones:   []string{s},
			Sources: []Status{{Zones: []string{s}, Kind: kind, Cluster: s, State: s, Problem: s}, {Zones: []string{"other."}, Kind: "Ingress", Cluster: "other", State: Synced, Problem: s}},
		}, rows: []Row{{s, s, s, 60, kind, s, s, s, s, s}, {s, s, s, 60, kind, s, s, "other", Refused, s}}}
		source.explain = func(string) Explanation {
			return Explanation{Name: s, Result: s, Answers: []string{s}, Reasons: []string{s}}
		}
		w := request(t, source, http.MethodGet, "/?q=www.example.org.&standing=")
		page := harmless(t, w.Body.String())
		if len(page.answers()) != 1 {
			t.Error("the explanation is not shown")
		}
		w = request(t, source, http.MethodGet, "/")
		if n := w.Body.Len(); n > 40_000 {
			t.Errorf("%.20q makes a page of %d octets", s, n)
		}
		page = harmless(t, w.Body.String())
		if rows := page.table("rows"); len(rows) != 2 || len(rows[0]) != 6 {
			t.Fatalf("%.20q: %d rows", s, len(rows))
		}
		if got := page.column(2)[0]; strings.TrimSpace(show(s)) == s && got != strings.Join(strings.Fields(s), " ") {
			t.Errorf("wrote %q, shown %q", s, got)
		}
		if w := request(t, source, http.MethodGet, "/records.json"); strings.ContainsAny(w.Body.String(), "<>&") || !utf8.Valid(w.Body.Bytes()) {
			t.Errorf("records.json has %.300s", w.Body)
		}
	}
}

func TestShow(t *testing.T) {
	for s, want := range map[string]string{
		"web.example.com.":          "web.example.com.",
		`"Some\"Text"`:              `"Some\"Text"`,
		"bücher 日本":                 "bücher 日本",
		"a\tb":                      "a b",
		"a\x00b\nc":                 `a\x00b\nc`,
		"\u202e\u00a0":              `\u202e\u00a0`,
		"\xff\ufffd":                "\\xff\ufffd",
		strings.Repeat("ä", 500):    strings.Repeat("ä", 500),
		strings.Repeat("ä", 501):    strings.Repeat("ä", 500) + "…",
		strings.Repeat("\x00", 501): strings.Repeat(`\x00`, 500) + "…",
	} {
		if got := show(s); got != want {
			t.Errorf("%q is shown as %q, want %q", s, got, want)
		}
	}
}

func TestCounts(t *testing.T) {
	for n, want := range map[int]string{0: "0 names", 1: "1 name", 999: "999 names", 1000: "1,000 names", 1234567: "1,234,567 names"} {
		if got := counted(n, "name"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
