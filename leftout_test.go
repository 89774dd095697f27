package gateway

import (
	"context"
	"sync"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
)

// The status page forgets an object that does not count once a list is without it, as one made after the watch was cut.
func TestLeftOutForgotten(t *testing.T) {
	ignored := anObject("Ingress", "shop/web", "labels: {k8s-gateway.dns/ignore: \"true\"}", "spec: {rules: [{host: web.example.com}]}")
	f := newFixture(t, "resources Ingress\nstatus :0\napex ns1 192.0.2.53", ignored)
	i := f.informers()[0]
	if n := len(i.left.list()); n != 1 {
		t.Fatalf("%d left out", n)
	}
	ctx, end := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer end()
	running.Go(func() {
		i.controller(&cache.ListWatch{
			ListWithContextFunc: func(context.Context, metav1.ListOptions) (runtime.Object, error) {
				return &networkingv1.IngressList{ListMeta: metav1.ListMeta{ResourceVersion: "2"}}, nil
			},
			WatchFuncWithContext: func(context.Context, metav1.ListOptions) (watch.Interface, error) {
				return nil, apierrors.NewServiceUnavailable("")
			},
		}, func(context.Context, *cache.Reflector, error) {}).RunWithContext(ctx)
	})
	until(t, func() bool { return len(i.left.list()) == 0 })
}
