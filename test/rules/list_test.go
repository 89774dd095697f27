package rules

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/scenario"
)

var (
	listed = regexp.MustCompile(`(?m)^- ([A-Z]\d+): (.*)$`)
	id     = `[ACDGIKLNRSTWZ]\d{1,2}`
	// cited is how comments and pages name rules: "// W4: ..." and "(C3, Z5)".
	cited = regexp.MustCompile(`(?:// |\()(` + id + `(?:, ` + id + `)*)(?:: |\))`)
)

// rules returns the lines of RULES.md by the ids of their rules.
func rules(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("RULES.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{}
	for _, m := range listed.FindAllStringSubmatch(string(page), -1) {
		if lines[m[1]] != "" {
			t.Errorf("RULES.md lists %s twice", m[1])
		}
		lines[m[1]] = m[2]
	}
	return lines
}

// Every rule is shown by a scenario, or says where its tests are, and scenarios show rules that are listed.
func TestRulesHaveScenarios(t *testing.T) {
	lines, shown := rules(t), map[string]bool{}
	files, err := filepath.Glob("*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		s, err := scenario.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range s.Rules {
			shown[rule] = true
			if lines[rule] == "" {
				t.Errorf("%s shows %s, which RULES.md does not list", file, rule)
			}
		}
	}
	for rule, line := range lines {
		if !shown[rule] && !strings.Contains(line, " Tests: ") && !strings.HasSuffix(line, " (Not built yet.)") {
			t.Errorf("%s has no scenario, and RULES.md does not say where its tests are", rule)
		}
	}
}

// The tests that RULES.md names are there.
func TestRulesNameTests(t *testing.T) {
	for rule, line := range rules(t) {
		_, tests, _ := strings.Cut(line, " Tests: ")
		for _, m := range regexp.MustCompile("`([^`]*\\.go)`").FindAllStringSubmatch(tests, -1) {
			if found, err := filepath.Glob(filepath.Join("../..", m[1])); err != nil || len(found) == 0 {
				t.Errorf("%s: there is no %s", rule, m[1])
			}
		}
	}
}

// Whatever a comment or a page of the repository calls by the id of a rule is listed.
func TestCitedRulesAreListed(t *testing.T) {
	lines := rules(t)
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", ".build", "node_modules"}, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || !slices.Contains([]string{".go", ".md"}, filepath.Ext(path)):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range cited.FindAllStringSubmatch(string(text), -1) {
			for rule := range strings.SplitSeq(m[1], ", ") {
				if lines[rule] == "" {
					t.Errorf("%s cites %s, which RULES.md does not list", path, rule)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
