// Package wire plays the scenarios of test/rules in front of a real API server.
package wire

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
	"github.com/k8s-gateway/k8s_gateway/v2/test/rules/play"
)

func TestMain(m *testing.M) { play.Main(m) }

func TestRulesOnTheWire(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a real API server, left out by -short")
	}
	running := map[string]*testcluster.Cluster{}
	t.Cleanup(func() {
		var err error
		for _, c := range running {
			err = errors.Join(err, c.Close())
		}
		if err != nil {
			t.Error(err)
		}
	})
	play.All(t, "..", play.Way{Name: "wire", Cluster: func(t *testing.T, name string) (play.Cluster, error) {
		if running[name] == nil {
			c, err := testcluster.Start(context.Background(), testcluster.Options{Progress: os.Stderr})
			if err != nil {
				return nil, err
			}
			running[name] = c
		}
		return running[name], nil
	}})
}
