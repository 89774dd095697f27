package play

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/scenario"
)

// Main runs the tests of a package that plays scenarios. The pattern of -run may be that of a scenario: -run W4.
func Main(m *testing.M) {
	flag.Parse()
	if run := flag.Lookup("test.run").Value; run.String() != "" && !strings.HasPrefix(run.String(), "Test") && !strings.HasPrefix(run.String(), "^") {
		if err := run.Set("/" + run.String()); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
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
