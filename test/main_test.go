// Package test holds the tests that need a real API server and a whole
// CoreDNS. They share one cluster; each has its own namespace and zone in it.
package test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// cluster is the API server of all tests in this package; nil under -short.
var cluster *testcluster.Cluster

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("tests with a real API server are left out by -short")
		os.Exit(m.Run())
	}
	os.Exit(run(m))
}

// run runs the tests around the life of the cluster.
func run(m *testing.M) int {
	var err error
	if cluster, err = testcluster.Start(context.Background(), testcluster.Options{Progress: os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	for _, c := range []*testcluster.Cluster{cluster, crowd.Cluster} {
		if c == nil {
			continue
		}
		if err := c.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}
