// Package rules holds the scenarios that say what the plugin answers, rule by rule, and plays them in the process of the
// test: in front of a stand-in for an API server, with all of CoreDNS. Package wire beside it plays them in front of a
// real API server.
package rules

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fakeapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/scenario"
	"github.com/k8s-gateway/k8s_gateway/v2/test/rules/play"
)

func TestMain(m *testing.M) { play.Main(m) }

func TestRules(t *testing.T) {
	way := play.Way{Name: "process", Cluster: func(t *testing.T, _ string) (play.Cluster, error) {
		s, err := fakeapi.Start(t.TempDir())
		if err == nil {
			t.Cleanup(func() { s.Close() })
		}
		return s, err
	}}
	play.All(t, ".", way)
}

// Every file has the id of its first rule in its name, so that -run finds it.
func TestFileNames(t *testing.T) {
	files, err := filepath.Glob("*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		s, err := scenario.Read(file)
		if err != nil {
			t.Error(err)
		} else if !strings.HasPrefix(file, s.Rules[0]+"-") {
			t.Errorf("%s: want a name that begins with %s-", file, s.Rules[0])
		}
	}
}
