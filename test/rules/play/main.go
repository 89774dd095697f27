package play

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/scenario"
)

// Main runs the tests of a package that plays scenarios. The pattern of -run may be that of scenarios: -run 'W4|W5'.
func Main(m *testing.M) {
	flag.Parse()
	run := flag.Lookup("test.run").Value
	if err := run.Set(pattern(run.String())); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// ofRules are patterns that begin like the name of a scenario.
var ofRules = regexp.MustCompile(`^[A-Z][0-9]`)

// pattern makes one for subtests of a pattern of -run that is about scenarios.
func pattern(run string) string {
	parts := strings.Split(run, "|")
	for i, part := range parts {
		if ofRules.MatchString(part) {
			parts[i] = "/" + part
		}
	}
	return strings.Join(parts, "|")
}

// All plays every scenario in a directory.
func All(t *testing.T, dir string, way Way) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no scenarios in %s", dir)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			s, err := scenario.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			Play(t, s, way)
		})
	}
}
