package statuspage

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func many(n int) *fake {
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf("n%03d.example.com. A 192.0.2.%d 60 Ingress default/n answers", i, i%256))
	}
	return knows(rows...)
}

// Every row is on one page, in order, and the links lead from page to page and back.
func TestPages(t *testing.T) {
	source := many(250)
	target, seen := "?sort=-name&q=n", 250
	for page := range 3 {
		p := open(t, source, "/"+target)
		for _, name := range strings.Fields(p.names()) {
			if seen--; name != fmt.Sprintf("n%03d", seen) {
				t.Fatalf("%s: got %s, want n%03d", target, name, seen)
			}
		}
		p.says(t, []string{"1–100 of 250 rows", "101–200 of 250 rows", "201–250 of 250 rows"}[page])
		links := p.links()
		for text, want := range map[string]bool{"First": page > 0, "Previous": page > 0, "Next": page < 2, "Last": page < 2} {
			if _, ok := links[text]; ok != want {
				t.Errorf("%s: link %s is there: %t", target, text, ok)
			}
		}
		if page > 0 && open(t, source, "/"+links["Previous"]).links()["Next"] != target {
			t.Errorf("%s: forward and back is somewhere else", target)
		}
		if page < 2 {
			target = links["Next"]
		}
	}
	if seen != 0 {
		t.Errorf("%d rows were not shown", seen)
	}
}

func TestPagesOfFew(t *testing.T) {
	for n, want := range map[int]string{0: "Nothing matches.", 1: "1 row", 2: "1–2 of 2 rows", 100: "1–100 of 100 rows"} {
		page := open(t, many(n), "/")
		page.says(t, want)
		if _, ok := page.links()["Next"]; ok {
			t.Errorf("%d rows have more than a page", n)
		}
	}
}

// Another order, or other rows, are looked at from their beginning.
func TestPagesBeginAtTheFirst(t *testing.T) {
	page := open(t, many(250), "/?page=2")
	for _, text := range []string{"Type", "answers 250", "does not answer 0"} {
		if link := page.links()[text]; link == "" || strings.Contains(link, "page=") {
			t.Errorf("%s leads to %q", text, link)
		}
	}
}

// While somebody turns pages, rows go away. That is no error, and there is a way back.
func TestPageBehindTheLast(t *testing.T) {
	for _, n := range []int{0, 150} {
		page := open(t, many(n), "/?page=7")
		if rows := page.table("rows"); len(rows) > 0 {
			t.Errorf("%d rows", len(rows))
		}
		want := strconv.Itoa(max(1, (n+99)/100))
		if n > 0 {
			page.says(t, "There is no page 7; the last is "+want+".")
		}
		if back := page.links()["Previous"]; len(open(t, many(n), "/"+back).table("rows")) != n%100 {
			t.Errorf("the way back is %s", back)
		}
	}
}
