package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// startCluster starts an API server with its data in dir, and applies manifests.
func startCluster(ctx context.Context, dir string, manifests ...string) (*testcluster.Cluster, error) {
	start := time.Now()
	cluster, err := testcluster.Start(ctx, testcluster.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	fmt.Printf("started a Kubernetes API server in %s\n", time.Since(start).Round(100*time.Millisecond))
	for _, file := range manifests {
		if err := applyFile(ctx, cluster, file); err != nil {
			_ = cluster.Close()
			return nil, err
		}
	}
	return cluster, nil
}

func applyFile(ctx context.Context, cluster *testcluster.Cluster, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := cluster.Apply(ctx, content); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
