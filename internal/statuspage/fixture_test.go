package statuspage

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// fake is a source that knows what it is told.
type fake struct {
	state   State
	rows    []Row // besides the claims of state
	explain func(name string) Explanation
	begin   func() // when State is asked for
	taken   atomic.Int32
	asked   atomic.Value // the last name that was asked about
}

func (f *fake) State() State {
	f.taken.Add(1)
	if f.begin != nil {
		f.begin()
	}
	state := f.state
	state.Claims = slices.Concat(state.Claims, Claims(f.rows))
	return state
}

func (f *fake) Explain(name string) Explanation {
	f.asked.Store(name)
	if f.explain != nil {
		return f.explain(name)
	}
	return Explanation{Name: strings.TrimSuffix(name, ".") + ".", Result: "NXDOMAIN", Reasons: []string{"No object claims it."}}
}

// knows makes a source of rows. Each is the words name, type, data, TTL, kind, namespace/object and standing,
// and a reason of any number of words; a word that is - is not there.
func knows(rows ...string) *fake {
	f := &fake{state: State{Taken: noon, Ready: true, Zones: []string{"example.com."}}}
	for _, line := range rows {
		word := strings.SplitN(line, " ", 8)
		for i := range word {
			word[i] = strings.TrimPrefix(word[i], "-")
		}
		r := Row{Name: word[0], Type: word[1], Data: word[2], Kind: word[4], Standing: strings.ReplaceAll(word[6], "_", " ")}
		fmt.Sscan(word[3], &r.TTL)
		r.Namespace, r.Object, _ = strings.Cut(word[5], "/")
		if len(word) > 7 {
			r.Reason = word[7]
		}
		f.rows = append(f.rows, r)
	}
	return f
}

// request asks a server, of its own, for something.
func request(t *testing.T, source Source, method, target string) *httptest.ResponseRecorder {
	t.Helper()
	s := New(source, t.Errorf)
	t.Cleanup(func() { s.Shutdown() })
	return requestOf(s.Handler(), method, target)
}

func requestOf(h http.Handler, method, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, "http://localhost"+target, nil))
	return w
}

// element is a part of a page.
type element struct{ *html.Node }

// open returns the page at a reference.
func open(t *testing.T, source Source, target string) element {
	t.Helper()
	w := request(t, source, http.MethodGet, target)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d: %s", target, w.Code, w.Body)
	}
	root, err := html.Parse(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return element{root}
}

// all returns the elements below that are of one of the tags given, any if none is.
func (e element) all(tags ...string) (list []element) {
	for n := range e.Descendants() {
		if n.Type == html.ElementNode && (len(tags) == 0 || slices.Contains(tags, n.Data)) {
			list = append(list, element{n})
		}
	}
	return list
}

// with returns those below that have an attribute of this value.
func (e element) with(key, value string) (list []element) {
	for _, below := range e.all() {
		if below.attribute(key) == value {
			list = append(list, below)
		}
	}
	return list
}

// attribute returns the value of an attribute, or "" where there is none.
func (e element) attribute(key string) string {
	for _, a := range e.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// text returns what is to be read, with single spaces.
func (e element) text() string {
	var b strings.Builder
	for n := range e.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// table returns the cells of the body of a table; none where it is not there.
func (e element) table(id string) (rows [][]string) {
	for _, table := range e.with("id", id) {
		for _, body := range table.all("tbody") {
			for _, tr := range body.all("tr") {
				var cells []string
				for _, cell := range tr.all("th", "td") {
					cells = append(cells, cell.text())
				}
				rows = append(rows, cells)
			}
		}
	}
	return rows
}

// column returns the cells of one column of the table of rows.
func (e element) column(i int) []string {
	list := []string{}
	for _, row := range e.table("rows") {
		list = append(list, row[i])
	}
	return list
}

// names returns the names of the rows without the zone.
func (e element) names() string {
	list := e.column(0)
	for i := range list {
		list[i] = strings.TrimSuffix(strings.TrimSuffix(list[i], "."), ".example.com")
	}
	return strings.Join(list, " ")
}

// links returns the links by their text.
func (e element) links() map[string]string {
	found := map[string]string{}
	for _, a := range e.all("a") {
		found[a.text()] = a.attribute("href")
	}
	return found
}

// says checks that all of the texts can be read on the page.
func (e element) says(t *testing.T, texts ...string) {
	t.Helper()
	whole := e.text()
	for _, text := range texts {
		if !strings.Contains(whole, text) {
			t.Errorf("does not say %q: %s", text, whole)
		}
	}
}
