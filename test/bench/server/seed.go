package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

const (
	resource      = "ingresses"
	seeders       = 32 // requests at a time
	page          = 5_000
	sayEvery      = 5 * time.Second
	seederManager = "nginx-ingress-controller"
)

// client returns a client for Ingresses, over protobuf.
func (b *bench) client() (*rest.RESTClient, error) { return newClient(b.cluster.Config()) }

func newClient(config *rest.Config) (*rest.RESTClient, error) {
	gv := networkingv1.SchemeGroupVersion
	config.GroupVersion, config.APIPath = &gv, "/apis"
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	config.ContentType, config.AcceptContentTypes = runtime.ContentTypeProtobuf, runtime.ContentTypeProtobuf
	return rest.RESTClientFor(config)
}

// seed creates the objects that are not there yet.
func (b *bench) seed(ctx context.Context) error {
	client, err := b.client()
	if err != nil {
		return err
	}
	there, err := list(ctx, client)
	if err != nil {
		return err
	}
	var missing []int
	for i := range b.names {
		if namespace, name := ingressName(i); !there[namespace+"/"+name] {
			missing = append(missing, i)
		}
	}
	say("%d of %d Ingresses are there", b.names-len(missing), b.names)
	if len(missing) == 0 {
		return nil
	}
	for n := range namespaces {
		if err := b.cluster.Apply(ctx, fmt.Appendf(nil, "{apiVersion: v1, kind: Namespace, metadata: {name: ns%d}}", n)); err != nil {
			return err
		}
	}
	var done atomic.Int64
	stop := told(func() { say("%d of %d Ingresses created", done.Load(), len(missing)) })
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(seeders)
	for _, i := range missing {
		g.Go(func() error {
			defer done.Add(1)
			return create(ctx, client, ingress(i), 1+i%balancers)
		})
	}
	return g.Wait()
}

// list returns the keys of the Ingresses that are there, complete with their status.
func list(ctx context.Context, client *rest.RESTClient) (map[string]bool, error) {
	there := map[string]bool{}
	for next := ""; ; {
		var list networkingv1.IngressList
		err := client.Get().Resource(resource).VersionedParams(&metav1.ListOptions{Limit: page, Continue: next}, scheme.ParameterCodec).Do(ctx).Into(&list)
		if err != nil {
			return nil, err
		}
		for i := range list.Items {
			if ing := &list.Items[i]; len(ing.Status.LoadBalancer.Ingress) > 0 {
				there[ing.Namespace+"/"+ing.Name] = true
			}
		}
		if next = list.Continue; next == "" {
			return there, nil
		}
	}
}

// create creates an Ingress and writes its status, as its controller does.
func create(ctx context.Context, client *rest.RESTClient, ing *networkingv1.Ingress, balancer int) error {
	created := new(networkingv1.Ingress)
	err := client.Post().Namespace(ing.Namespace).Resource(resource).Body(ing).Do(ctx).Into(created)
	if apierrors.IsAlreadyExists(err) { // a run ended before its status was written
		err = client.Get().Namespace(ing.Namespace).Resource(resource).Name(ing.Name).Do(ctx).Into(created)
	}
	if err != nil {
		return err
	}
	pointTo(created, balancer)
	return writeStatus(ctx, client, created)
}

func writeStatus(ctx context.Context, client *rest.RESTClient, ing *networkingv1.Ingress) error {
	return client.Put().Namespace(ing.Namespace).Resource(resource).Name(ing.Name).SubResource("status").
		VersionedParams(&metav1.UpdateOptions{FieldManager: seederManager}, scheme.ParameterCodec).Body(ing).Do(ctx).Into(ing)
}

// told calls a function now and then until stop is called.
func told(tell func()) (stop func()) {
	ticker, done := time.NewTicker(sayEvery), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				tell()
			case <-done:
				return
			}
		}
	}()
	return func() { ticker.Stop(); close(done) }
}
