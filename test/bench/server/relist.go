package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/test/bench/figures"
)

// relist measures how long answers take while all objects are listed again, because the watch was cut and cannot be
// resumed.
func (b *bench) relist(ctx context.Context) (err error) {
	p, err := b.startProxy()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	ours, err := b.serveIngresses(ctx, p.kubeconfig, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.Stop()) }()
	whoami, err := b.serve("whoami", "whoami")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, whoami.Stop()) }()
	if err := whoami.await(ctx, zone, dns.TypeTXT, "NODATA"); err != nil {
		return err
	}
	d := &disturbance{result: figures.Rounds{}, server: ours, beside: whoami}
	for round := range b.rounds {
		say("list again: round %d", round+1)
		if err := d.measure(ctx, b, p.cut); err != nil {
			return err
		}
	}
	b.add(fmt.Sprintf("query latency at %d q/s while all is listed again", rate), "p99 ≤ 2× quiet, max ≤ 10 ms", "%s", d.report())
	return nil
}
