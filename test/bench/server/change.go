package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"

	"github.com/k8s-gateway/k8s_gateway/v2/test/bench/figures"
)

const (
	changes        = 200 // that are measured in a round
	changesASecond = 100 // in the background
	writers        = 8   // of those
	changing       = "changing"
)

// change measures when a change in the API shows in DNS, beside when a bare watch hears of it, and when another one does:
// how far those two are apart is what the machine does.
func (b *bench) change(ctx context.Context) (err error) {
	client, err := b.client()
	if err != nil {
		return err
	}
	ours, err := b.serveIngresses(ctx, b.cluster.Kubeconfig(), "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.Stop()) }()
	ing := ingress(0)
	ing.Namespace, ing.Name = "default", changing
	ing.Spec.Rules[0].Host = changing + "." + zone
	if err := create(ctx, client, ing, 1); err != nil && !apierrors.IsConflict(err) {
		return err
	}
	if err := client.Get().Namespace(ing.Namespace).Resource(resource).Name(ing.Name).Do(ctx).Into(ing); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	watch, err := b.startWatcher()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, watch.stop()) }()
	other, err := b.startWatcher()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.stop()) }()
	var background sync.WaitGroup
	defer background.Wait()
	defer stop()
	written := b.churn(ctx, client, &background)

	result := figures.Rounds{}
	began := time.Now()
	for round := range b.rounds {
		say("change to answer: round %d", round+1)
		var late, apart, whole []float64
		for i := range changes {
			address := netip.AddrFrom4([4]byte{198, 51, byte(100 + round%100), byte(1 + i)})
			ing.Status.LoadBalancer.Ingress = []networkingv1.IngressLoadBalancerIngress{{IP: address.String()}}
			shown := make(chan time.Time, 1)
			go func() { shown <- ours.spin(ctx, ing.Spec.Rules[0].Host, address) }()
			start := time.Now()
			if err := writeStatus(ctx, client, ing); err != nil {
				return err
			}
			inDNS := <-shown
			if inDNS.IsZero() {
				return errors.Join(ctx.Err(), fmt.Errorf("%s did not show", address))
			}
			at, err := watch.heard(ctx, address)
			if err != nil {
				return err
			}
			beside, err := other.heard(ctx, address)
			if err != nil {
				return err
			}
			late = append(late, milliseconds(inDNS.Sub(at)))
			apart = append(apart, milliseconds(beside.Sub(at)))
			whole = append(whole, milliseconds(inDNS.Sub(start)))
		}
		result.Add("p50", figures.Median(late))
		result.Add("p99", figures.At(late, 0.99))
		result.Add("watch p50", figures.Median(apart))
		result.Add("watch p99", figures.At(apart, 0.99))
		result.Add("whole", figures.Median(whole))
	}
	rate := float64(written.Load()) / time.Since(began).Seconds()
	b.add(fmt.Sprintf("change in the API to change in DNS, beyond what a bare watch takes, with %.0f other changes/s", rate), "p50 ≤ 0.5 ms, p99 ≤ 5 ms",
		"p50 %.2f ms, p99 %.2f ms (p50 of all, from the write: %.1f ms); another bare watch: p50 %.2f ms, p99 %.2f ms",
		result.Median("p50"), result.Median("p99"), result.Median("whole"), result.Median("watch p50"), result.Median("watch p99"))
	return nil
}

// spin asks for a name without a pause until it has an address, and returns when it had.
func (s *server) spin(ctx context.Context, name string, address netip.Addr) time.Time {
	conn, err := net.Dial("udp", s.addr)
	if err != nil {
		return time.Time{}
	}
	defer conn.Close()
	packed, err := new(dns.Msg).SetQuestion(dns.Fqdn(name), dns.TypeA).Pack()
	if err != nil {
		return time.Time{}
	}
	want := address.AsSlice()
	_ = conn.SetDeadline(time.Now().Add(2 * asking))
	for buffer := make([]byte, dns.MinMsgSize); ctx.Err() == nil; {
		if _, err := conn.Write(packed); err != nil {
			return time.Time{}
		}
		n, err := conn.Read(buffer)
		if err != nil {
			return time.Time{}
		}
		if bytes.HasSuffix(buffer[:n], want) { // the answer is the last thing in a reply
			return time.Now()
		}
	}
	return time.Time{}
}

// churn changes the addresses of other Ingresses until the context ends, and counts how often.
func (b *bench) churn(ctx context.Context, client *rest.RESTClient, running *sync.WaitGroup) *atomic.Int64 {
	var written atomic.Int64
	turn := make(chan struct{})
	running.Go(func() {
		defer close(turn)
		ticker := time.NewTicker(time.Second / changesASecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
			select {
			case turn <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	})
	for range writers {
		running.Go(func() {
			ing := new(networkingv1.Ingress)
			for range turn {
				namespace, name := ingressName(rand.IntN(b.names))
				*ing = networkingv1.Ingress{}
				if client.Get().Namespace(namespace).Resource(resource).Name(name).Do(ctx).Into(ing) != nil {
					continue
				}
				pointTo(ing, 1+rand.IntN(200))
				if writeStatus(ctx, client, ing) == nil {
					written.Add(1)
				}
			}
		})
	}
	return &written
}
