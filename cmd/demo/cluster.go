package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// startCluster starts an API server in dir and applies the examples.
func startCluster(ctx context.Context, dir, examples string) (*testcluster.Cluster, error) {
	manifests, err := filepath.Glob(filepath.Join(examples, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(manifests) == 0 {
		return nil, fmt.Errorf("no manifests in %s", examples)
	}
	if _, err := testcluster.Build(ctx, os.Stdout); err != nil {
		return nil, err
	}
	start := time.Now()
	cluster, err := testcluster.Start(ctx, testcluster.Options{Dir: filepath.Join(dir, "cluster")})
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
	fmt.Printf("applied %d manifests from %s\n", len(manifests), examples)
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
