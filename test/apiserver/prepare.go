package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
)

// pollEvery is how often prepare looks whether something has happened.
const pollEvery = 20 * time.Millisecond

// prepare waits until the server is ready, installs the CRDs, and waits until
// everything a client may need is there.
func prepare(ctx context.Context, d *dataDir, crds []string) error {
	config := clientConfig(d)
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := await(ctx, func(ctx context.Context) bool {
		var status int
		client.RESTClient().Get().AbsPath("/readyz").Do(ctx).StatusCode(&status)
		return status == http.StatusOK
	}); err != nil {
		return fmt.Errorf("waiting for readiness: %w", err)
	}
	if err := installCRDs(ctx, config, crds); err != nil {
		return err
	}
	for _, ns := range []string{metav1.NamespaceDefault, metav1.NamespaceSystem} {
		if err := await(ctx, func(ctx context.Context) bool {
			_, err := client.CoreV1().Namespaces().Get(ctx, ns, metav1.GetOptions{})
			return err == nil
		}); err != nil {
			return fmt.Errorf("waiting for namespace %s: %w", ns, err)
		}
	}
	return nil
}

// await polls until the condition holds or ctx ends.
func await(ctx context.Context, condition func(context.Context) bool) error {
	return wait.PollUntilContextCancel(ctx, pollEvery, true, func(ctx context.Context) (bool, error) {
		return condition(ctx), nil
	})
}
