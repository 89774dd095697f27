package statuspage

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestFilter(t *testing.T) {
	for query, want := range map[string]string{
		"?standing=answers":                       "b c d",
		"?standing=unanswered":                    "a e f g —",
		"?standing=pending":                       "f",
		"?standing=left+out":                      "g",
		"?kind=Ingress":                           "a d f g",
		"?kind=Ingress&standing=unanswered":       "a f g",
		"?kind=Ingress&standing=unanswered&q=a.e": "a",
		"?kind=&standing=&q=&sort=&page=":         "a b c d e f g —", // as a form sends what is not filled in
		"?kind=Node":                              "",                // a kind without objects
	} {
		source := mixed()
		source.state.Sources = []Status{{Kind: "Node"}}
		if got := open(t, source, "/"+query).names(); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

// The links to the standings count what matches otherwise, and lead there.
func TestFilterByStandingLinks(t *testing.T) {
	page := open(t, mixed(), "/?kind=Ingress&standing=pending&sort=-name")
	nav := page.with("aria-label", "Standing")[0]
	want := []string{"all 4", "answers 1", "does not answer 3", "hidden 1", "pending 1", "left out 1"}
	var got []string
	for _, a := range nav.all("a") {
		got = append(got, a.text())
		if current := a.attribute("aria-current") == "true"; current != (a.text() == "pending 1") {
			t.Errorf("%s: current %t", a.text(), current)
		}
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := open(t, mixed(), "/"+nav.links()["does not answer 3"]).names(); got != "g f a" {
		t.Errorf("what does not answer: %s", got)
	}
}

// A new search keeps the filters and the order: the form has them.
func TestFormKeepsFilters(t *testing.T) {
	form := open(t, mixed(), "/?kind=Ingress&standing=pending&sort=-name&page=1").all("form")[0]
	if m := form.attribute("method"); m != "" && m != "get" {
		t.Errorf("method %s", m)
	}
	for name, want := range map[string]string{"standing": "pending", "sort": "-name"} {
		if field := form.with("name", name); len(field) != 1 || field[0].attribute("value") != want {
			t.Errorf("%s is not kept", name)
		}
	}
	for _, option := range form.all("option") {
		chosen := slices.ContainsFunc(option.Attr, func(a html.Attribute) bool { return a.Key == "selected" })
		if chosen != (option.text() == "Ingress") {
			t.Errorf("%s: chosen %t", option.text(), chosen)
		}
	}
	if n := len(form.with("name", "page")); n > 0 {
		t.Error("a new search begins on another page than the first")
	}
}

// What does not answer is told apart by a word, not by its colour alone, and says why.
func TestRowsSayWhy(t *testing.T) {
	page := open(t, mixed(), "/?standing=unanswered")
	for _, standing := range page.column(5) {
		if !strings.HasSuffix(standing, " Because") || strings.HasPrefix(standing, Answers) {
			t.Errorf("%q", standing)
		}
	}
}
