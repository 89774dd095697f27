package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"time"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/clientcmd"
)

// watcher is a process that watches all Ingresses and does nothing else.
type watcher struct {
	*helper
	sights chan sight
}

// sight is when a watch had an address of the Ingress that changes.
type sight struct {
	address string
	at      time.Time
}

// startWatcher starts a watcher, and returns when it watches.
func (b *bench) startWatcher() (*watcher, error) {
	h, err := startHelper("watch", b.cluster.Kubeconfig())
	if err != nil {
		return nil, err
	}
	w := &watcher{h, make(chan sight, 2*changes)}
	if _, err := w.stdout.ReadString('\n'); err != nil {
		return nil, errors.Join(err, w.stop())
	}
	go func() {
		defer close(w.sights)
		for {
			var s sight
			var at int64
			if _, err := fmt.Fscanln(w.stdout, &s.address, &at); err != nil {
				return
			}
			s.at = time.Unix(0, at)
			w.sights <- s
		}
	}()
	return w, nil
}

// heard returns when the watch had an address.
func (w *watcher) heard(ctx context.Context, address netip.Addr) (time.Time, error) {
	timeout := time.After(asking)
	for {
		select {
		case s, ok := <-w.sights:
			switch {
			case !ok:
				return time.Time{}, errors.New("the watch has ended")
			case s.address == address.String():
				return s.at, nil
			}
		case <-timeout:
			return time.Time{}, fmt.Errorf("no watch had %s", address)
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

// serveWatcher is the process: it writes a line for each address, after an empty one when it watches, and ends with its
// standard input.
func serveWatcher(kubeconfig string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := newClient(config)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	list := new(networkingv1.IngressList)
	if err := client.Get().Resource(resource).VersionedParams(&metav1.ListOptions{Limit: 1}, scheme.ParameterCodec).Do(ctx).Into(list); err != nil {
		return err
	}
	w, err := client.Get().Resource(resource).VersionedParams(&metav1.ListOptions{Watch: true, ResourceVersion: list.ResourceVersion}, scheme.ParameterCodec).Watch(ctx)
	if err != nil {
		return err
	}
	defer w.Stop()
	fmt.Println()
	for event := range w.ResultChan() {
		now := time.Now()
		if ing, ok := event.Object.(*networkingv1.Ingress); ok && ing.Name == changing && len(ing.Status.LoadBalancer.Ingress) > 0 {
			fmt.Println(ing.Status.LoadBalancer.Ingress[0].IP, now.UnixNano())
		}
	}
	return nil
}
