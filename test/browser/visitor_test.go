//go:build browser

package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// visitor is somebody who looks at the status page.
type visitor struct {
	*tab
	origin string
}

// open opens the status page at an origin, such as http://127.0.0.1:9154. When the test ends, nothing may
// have come from anywhere else, and the console must be empty.
func open(t *testing.T, origin string) *visitor {
	t.Helper()
	p := &visitor{start(t), origin}
	t.Cleanup(func() {
		for _, fault := range p.faults(origin) {
			t.Error(fault)
		}
	})
	p.load("open", chromedp.Navigate(origin+"/"))
	return p
}

// search types a text in place of the one that is there, and presses Enter.
func (p *visitor) search(text string) {
	p.t.Helper()
	p.do("empty the field", chromedp.Clear(chromedp.CSS("#q")))
	p.load("search for "+text, chromedp.SendKeys(chromedp.CSS("#q"), text+kb.Enter))
}

// kind chooses a kind and presses the button.
func (p *visitor) kind(kind string) {
	p.t.Helper()
	p.do("choose a kind", chromedp.SetValue(chromedp.CSS("#kind"), kind))
	p.load("search", chromedp.Click(chromedp.CSS("form button")))
}

// follow clicks on the link whose text begins with the words given, below the elements that match a
// selector.
func (p *visitor) follow(below, words string) {
	p.t.Helper()
	xpath := fmt.Sprintf(`//%s//a[starts-with(normalize-space(.), %q)]`, below, words)
	p.load("follow "+words, chromedp.Click(chromedp.Search(xpath)))
}

// text returns what can be read in the first element that matches a selector, or "" if there is none.
func (p *visitor) text(selector string) string {
	p.t.Helper()
	return strings.Join(strings.Fields(eval[string](p.tab, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))), " ")
}

// row is what a row of the table says.
type row struct{ Name, Type, Data, Object, Standing, Reason string }

func (p *visitor) rows() []row {
	p.t.Helper()
	return eval[[]row](p.tab, `[...document.querySelectorAll("#rows tbody tr")].map(tr => {
		const text = e => e?.innerText ?? "", cells = [...tr.cells]
		return {
			Name: text(cells[0]), Type: text(cells[1]), Data: text(cells[2]), Object: text(cells[4]),
			Standing: text(cells[5].querySelector("b")), Reason: text(cells[5].querySelector("span")),
		}
	})`)
}

// fits checks that nothing but what is meant to scroll is wider than the screen, and no cell runs into the
// next.
func (p *visitor) fits() {
	p.t.Helper()
	if wide := eval[int](p.tab, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
		p.t.Errorf("the page is %d pixels wider than the screen", wide)
	}
	for _, text := range eval[[]string](p.tab, "[...document.querySelectorAll('td, th')].filter(c => c.scrollWidth > c.clientWidth).map(c => c.innerText)") {
		p.t.Errorf("%q is wider than its cell", text)
	}
}
