package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/miekg/dns"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/client-go/rest"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
	"github.com/k8s-gateway/k8s_gateway/v2/test/bench/figures"
)

// start measures how long CoreDNS takes from its start to the first right answer, beside what the API server takes to
// list the same objects, and what memory it has then and later.
func (b *bench) start(ctx context.Context) (err error) {
	client, err := b.client()
	if err != nil {
		return err
	}
	var servers []*server
	defer func() {
		for _, s := range servers {
			err = errors.Join(err, s.Stop())
		}
	}()
	result := figures.Rounds{}
	for round := range b.rounds {
		say("start: round %d", round+1)
		for _, what := range turns([]string{"list", "decoded", "start"}, round) {
			began := time.Now()
			switch what {
			case "list":
				err = listRaw(ctx, client)
			case "decoded":
				err = client.Get().Resource(resource).Do(ctx).Into(new(networkingv1.IngressList))
			case "start":
				var s *server
				if s, err = b.serveIngresses(ctx, b.cluster.Kubeconfig(), ""); err == nil {
					servers = append(servers, s)
				}
			}
			if err != nil {
				return err
			}
			result.Add(what, time.Since(began).Seconds())
			if what == "start" {
				used, err := processorTime(servers[len(servers)-1].Pid())
				if err != nil {
					return err
				}
				result.Add("processor", used.Seconds())
			}
		}
	}
	empty, err := b.serve("whoami", "whoami")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, empty.Stop()) }()
	if err := empty.await(ctx, zone, dns.TypeTXT, "NODATA"); err != nil {
		return err
	}
	b.add("start to first right answer", "≤ 1.2× a raw LIST", "%.2f× (%.2f s, of processor time %.2f s; LIST over protobuf, thrown away: %.2f s; decoded: %.2f s, of which it is %.2f×)",
		result.Ratio("start", "list"), result.Median("start"), result.Median("processor"), result.Median("list"), result.Median("decoded"), result.Ratio("start", "decoded"))

	say("letting memory settle for %s", b.settle)
	select {
	case <-time.After(b.settle):
	case <-ctx.Done():
		return ctx.Err()
	}
	for _, s := range servers {
		now, peak, err := coredns.Resident(s.Pid())
		if err != nil {
			return err
		}
		result.Add("steady", now)
		result.Add("peak", peak)
	}
	without, _, err := coredns.Resident(empty.Pid())
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("resident memory with %d Ingresses", b.names), "peak ≤ 1.3× steady, steady ≤ 150 MiB",
		"%.2f× (peak %.0f MiB), steady %.0f MiB; *whoami* has %.0f MiB", result.Ratio("peak", "steady"), result.Median("peak"), result.Median("steady"), without)
	return nil
}

// listRaw lists the Ingresses and throws them away.
func listRaw(ctx context.Context, client *rest.RESTClient) error {
	body, err := client.Get().Resource(resource).Stream(ctx)
	if err != nil {
		return err
	}
	defer body.Close()
	_, err = io.Copy(io.Discard, body)
	return err
}
