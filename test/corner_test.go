package test

import (
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

// corner is a test's own part of the cluster: a namespace and a zone that no
// other test uses.
type corner struct {
	t         *testing.T
	namespace string
	zone      string // without the trailing dot
}

var (
	corners  atomic.Int32
	notLabel = regexp.MustCompile(`[^a-z0-9]+`)
)

// newCorner makes a corner for a test. Its names are those of the test with a
// number, so that a test can run twice on the same cluster.
func newCorner(t *testing.T) *corner {
	t.Helper()
	if cluster == nil {
		t.Skip("needs a real API server, left out by -short")
	}
	name := strings.ToLower(strings.TrimPrefix(t.Name(), "Test"))
	name = strings.Trim(notLabel.ReplaceAllString(name, "-"), "-")
	name = fmt.Sprintf("%.40s-%d", name, corners.Add(1))
	c := &corner{t: t, namespace: name, zone: name + ".example"}
	c.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: $NAMESPACE}\n")
	return c
}

// expand replaces $NAMESPACE, $ZONE and $KUBECONFIG in a manifest, a Corefile
// or a name.
func (c *corner) expand(s string) string {
	return strings.NewReplacer("$NAMESPACE", c.namespace, "$ZONE", c.zone, "$KUBECONFIG", cluster.Kubeconfig()).Replace(s)
}

// apply creates or updates the objects of a manifest and writes their statuses.
// Objects without a namespace are seen by all tests and need a name of their own.
func (c *corner) apply(manifest string) {
	c.t.Helper()
	if err := cluster.Apply(c.t.Context(), []byte(c.expand(manifest))); err != nil {
		c.t.Fatal(err)
	}
}

// delete deletes the objects of a manifest.
func (c *corner) delete(manifest string) {
	c.t.Helper()
	if err := cluster.Delete(c.t.Context(), []byte(c.expand(manifest))); err != nil {
		c.t.Fatal(err)
	}
}
