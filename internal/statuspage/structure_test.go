package statuspage

import (
	"net/http"
	"strings"
	"testing"
)

// The page works with a keyboard, a screen reader and without JavaScript.
func TestPageIsAccessible(t *testing.T) {
	source := mixed()
	source.state.Sources = []Status{{Kind: "Ingress", Cluster: "home", State: Synced}}
	page := harmless(t, request(t, source, http.MethodGet, "/?q=a.example.com.").Body.String())
	if page.all("html")[0].attribute("lang") != "en" || len(page.all("title")) != 1 || len(page.all("h1")) != 1 || len(page.all("main")) != 1 {
		t.Error("language, title, heading or main part is missing")
	}
	ids := map[string]int{}
	for _, e := range page.all() {
		if id := e.attribute("id"); id != "" {
			ids[id]++
		}
	}
	labels := map[string]bool{}
	for _, label := range page.all("label") {
		labels[label.attribute("for")] = true
	}
	for _, field := range page.all("input", "select") {
		if field.attribute("type") != "hidden" && !labels[field.attribute("id")] {
			t.Errorf("field %s has no label", field.attribute("name"))
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %s is there %d times", id, n)
		}
	}
	for _, table := range page.all("table") {
		if len(table.all("caption")) != 1 {
			t.Errorf("table %s has no caption", table.attribute("id"))
		}
		for _, th := range table.all("th") {
			if s := th.attribute("scope"); s != "col" && s != "row" {
				t.Errorf("%s: scope %q", th.text(), s)
			}
		}
	}
	for _, nav := range page.all("nav") {
		if nav.attribute("aria-label") == "" {
			t.Error("a nav has no label")
		}
	}
}

// Every link leads to a page.
func TestLinks(t *testing.T) {
	source := web()
	source.rows = append(source.rows, many(150).rows...)
	seen, next := map[string]bool{}, []string{"?", "?page=2&sort=-data&q=a", "?q=nowhere.example.com&kind=Ingress"}
	for len(next) > 0 && len(seen) < 60 {
		target := next[0]
		if next = next[1:]; seen[target] || strings.HasPrefix(target, "?q=n") {
			continue
		}
		seen[target] = true
		if w := request(t, source, http.MethodGet, "/"+target); w.Code != http.StatusOK {
			t.Errorf("%s: status %d: %s", target, w.Code, w.Body)
		} else if strings.HasPrefix(target, "?") {
			for _, link := range harmless(t, w.Body.String()).links() {
				if link != help {
					next = append(next, link)
				}
			}
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d links", len(seen))
	}
}

func TestTitleSaysWhatIsSearched(t *testing.T) {
	if got := open(t, web(), "/?q=web.example.com").all("title")[0].text(); got != "web.example.com – k8s_gateway" {
		t.Errorf("title %s", got)
	}
}

// The page is not green while what it shows is not kept up to date.
func TestHealth(t *testing.T) {
	status := func(state string, watching bool) Status {
		return Status{Kind: "Ingress", State: state, Watching: watching}
	}
	for want, sources := range map[string][]Status{
		"Ready": {status(Synced, true), status(Absent, false)},
		"Ready, but 1 of 2 sources not up to date": {status(Synced, true), status(Stale, false)},
		"Ready, but 1 of 1 source not up to date":  {status(Synced, false)},
		"Out of date": {status(Stale, false), status(Stale, false), status(Absent, false)},
	} {
		source := web()
		source.state.Sources = sources
		page := open(t, source, "/")
		health := page.all("header")[0].all("b")[0]
		if health.text() != want || (health.attribute("class") == "good") != (want == "Ready") {
			t.Errorf("says %s as %s, want %s", health.text(), health.attribute("class"), want)
		}
		if want == "Out of date" {
			page.says(t, "No API server answers.")
		}
	}
}

// Names and rows are counted apart, and the foot says which version it is and where to look further.
func TestHeaderAndFoot(t *testing.T) {
	source := web()
	source.state.Server = "CoreDNS-1.15.0+k8s_gateway-0.1.0"
	page := open(t, source, "/")
	page.says(t, "7 names in example.com", "5 names answer, 2 do not", "Rows: all 8 answers 5", source.state.Server)
	if page.links()["Troubleshooting"] != help {
		t.Errorf("links %v", page.links())
	}
}

func TestNotReady(t *testing.T) {
	source := web()
	open(t, source, "/").says(t, "Ready")
	source.state.Ready = false
	open(t, source, "/").says(t, "Not ready", "is not answered NXDOMAIN until then")
}
