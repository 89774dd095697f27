package statuspage

import "testing"

func mixed() *fake {
	return knows(
		"d.example.com. A 192.0.2.10 60 Ingress default/web answers",
		"b.example.com. AAAA 2001:db8::1 300 Service default/b answers",
		"c.example.com. CNAME z.example.net. 30 DNSEndpoint a/z answers",
		"a.example.com. A 192.0.2.9 60 Ingress billing/web hidden because",
		"e.example.com. - - 0 HTTPRoute shop/front refused because",
		"- - - 0 DNSEndpoint shop/typo skipped because",
		"f.example.com. - - 0 Ingress shop/pending pending because",
		"g.example.com. - - 0 Ingress shop/out left_out because",
	)
}

// The order of the standings is the one of their lists, and rows that are the same in a column are in the
// order of their names.
func TestSort(t *testing.T) {
	for by, want := range map[string]string{
		"":          "a b c d e f g —",
		"name":      "a b c d e f g —",
		"type":      "e f g — a d b c",
		"data":      "a d b e f g — c", // addresses by their number, and first
		"ttl":       "e f g — c a d b",
		"object":    "c — e a d g f b", // kind, namespace, name
		"standing":  "b c d a f e — g",
		"-name":     "— g f e d c b a",
		"-ttl":      "b a d c e f g —",
		"-standing": "g — e f a b c d",
	} {
		if got := open(t, mixed(), "/?sort="+by).names(); got != want {
			t.Errorf("%s: got %s, want %s", by, got, want)
		}
	}
}

// A click on a column sorts by it, another one the other way round. What is selected stays.
func TestSortLinks(t *testing.T) {
	for _, c := range columns {
		target, turns := "?q=example&kind=Ingress", []string{"ascending", "descending", "ascending"}
		if c.name == "name" { // is sorted by it already
			turns = turns[1:]
		}
		for _, want := range turns {
			target = open(t, mixed(), "/"+target).with("id", "rows")[0].all("thead")[0].links()[c.title]
			page := open(t, mixed(), "/"+target)
			for _, th := range page.with("id", "rows")[0].all("thead")[0].all("th") {
				if got := th.attribute("aria-sort"); th.text() == c.title && got != want || th.text() != c.title && got != "" {
					t.Errorf("%s: %s is sorted %q", target, th.text(), got)
				}
			}
			if n := len(page.table("rows")); n != 4 {
				t.Errorf("%s: %d rows are left of those selected", target, n)
			}
		}
	}
}
