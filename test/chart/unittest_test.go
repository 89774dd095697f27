package chart

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// Every value is set by a test of helm-unittest, which says what comes of it.
func TestEveryValueHasAUnittest(t *testing.T) {
	files, err := filepath.Glob(dir + "/tests/*_test.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no suites: %v", err)
	}
	set := map[string]bool{}
	for _, file := range files {
		var suite struct {
			Set   map[string]any                 `json:"set"`
			Tests []struct{ Set map[string]any } `json:"tests"`
		}
		if err := yaml.Unmarshal([]byte(read(t, file)), &suite); err != nil {
			t.Fatal(err)
		}
		assigned(set, "", suite.Set)
		for _, test := range suite.Tests {
			assigned(set, "", test.Set)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(leaves("", load(t).Values))) {
		if !set[name] {
			t.Errorf("no test sets %s", name)
		}
	}
}

// assigned collects the names of values and of what they are in, in either way of writing them.
func assigned(names map[string]bool, prefix string, values map[string]any) {
	for name, v := range values {
		path := prefix + name
		for parts := strings.Split(path, "."); len(parts) > 0; parts = parts[:len(parts)-1] {
			names[strings.Join(parts, ".")] = true
		}
		if inner, ok := v.(map[string]any); ok {
			assigned(names, path+".", inner)
		}
	}
}
