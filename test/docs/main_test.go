// Package docs checks the documentation: every Markdown file of the project is a test. On each page
//
//   - links lead somewhere, also to headings;
//   - yaml blocks that are manifests are applied to a real API server, or to that of a cluster whose name stands after the language:
//     ```yaml berlin. An object that stands on the page before is changed when its turn comes;
//   - corefile blocks are started, in a real CoreDNS, with that API server in the place of theirs;
//   - what a console block asks with dig is asked, of the CoreDNS of the page's last corefile block before it, and the
//     answer is the one that is printed there;
//   - other commands exist, as far as they are ours, and dig has the options;
//   - lines of the log, reasons and metrics are those that the plugin has;
//   - a unit for systemd is one that systemd takes.
//
// What they tell to type for helm and kubectl, test/chart tries.
//
// A context of a Corefile that is the name of a cluster leads there. A database of geoip has the networks of places_test.go.
//
// A file that a Corefile names is the block with that name after its language: ```txt /etc/coredns/db.example.com.
package docs

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

const root = "../.."

var (
	cluster *testcluster.Cluster            // nil under -short
	named   map[string]*testcluster.Cluster // those that pages name, by name
	binary  string                          // CoreDNS
)

// clusterNamed returns the cluster that a page names, or the one of all other pages. It starts those that do not run yet.
func clusterNamed(t *testing.T, name string) *testcluster.Cluster {
	t.Helper()
	if name == "" {
		return cluster
	}
	if named[name] == nil {
		c, err := testcluster.Start(t.Context(), testcluster.Options{Progress: os.Stderr})
		if err != nil {
			t.Fatal(err)
		}
		named[name] = c
	}
	return named[name]
}

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		os.Exit(m.Run())
	}
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "docs")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	// As make build compiles it, so that most of it is in the build cache.
	binary = filepath.Join(dir, "coredns")
	build := exec.Command("go", "build", "-trimpath", "-tags=grpcnotrace", "-o", binary, "./cmd/coredns")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("building CoreDNS: %w: %s", err, out)
	}
	if cluster, err = testcluster.Start(context.Background(), testcluster.Options{Progress: os.Stderr}); err != nil {
		return 1, err
	}
	named = map[string]*testcluster.Cluster{}
	code := m.Run()
	for _, c := range named {
		err = errors.Join(err, c.Close())
	}
	return code, errors.Join(err, cluster.Close())
}
