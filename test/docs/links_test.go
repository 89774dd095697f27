package docs

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	code    = regexp.MustCompile("`[^`\n]*`")
	// What GitHub takes out of a heading to make its anchor.
	punctuation = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// anchors are the headings of a page, as GitHub links to them.
func (p *page) anchors() map[string]bool {
	all := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(p.prose, -1) {
		all[strings.ReplaceAll(punctuation.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return all
}

// Links within the project lead to files and headings that are there. Nobody is asked about the others.
func TestLinks(t *testing.T) {
	all := map[string]*page{}
	for _, p := range pages(t) {
		all[p.path] = p
	}
	if len(all) < 5 {
		t.Fatalf("%d pages: looking in the wrong place?", len(all))
	}
	for _, p := range all {
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(p.prose, ""), -1) {
			to, err := url.Parse(m[1])
			switch {
			case err != nil || to.Scheme != "" && (to.Scheme != "https" || to.Host == ""):
				t.Errorf("%s: %s is no https link", p.path, m[1])
			case to.Scheme == "":
				p.leads(t, all, to)
			}
		}
	}
}

// leads checks a relative link.
func (p *page) leads(t *testing.T, all map[string]*page, to *url.URL) {
	target := p.path
	if to.Path != "" {
		target = filepath.Join(filepath.Dir(p.path), to.Path)
	}
	if _, err := os.Stat(filepath.Join(root, target)); err != nil {
		t.Errorf("%s: %s is not there", p.path, to)
		return
	}
	if to.Fragment != "" && (all[target] == nil || !all[target].anchors()[to.Fragment]) {
		t.Errorf("%s: %s has no heading %q", p.path, target, to.Fragment)
	}
}

// Every page can be come to from the list of pages, or from the README.
func TestEveryPageIsListed(t *testing.T) {
	listed := ""
	for _, file := range []string{"README.md", "docs/README.md"} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		listed += string(text)
	}
	for _, p := range pages(t) {
		if dir, name := filepath.Split(p.path); dir == "docs/" && name != "README.md" && !strings.Contains(listed, "("+name) {
			t.Errorf("%s is linked to from nowhere", p.path)
		}
	}
}
