package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

const (
	effectTimeout = 60 * time.Second // until an object answers, or no longer does
	attackTime    = time.Minute      // after which an attack has no further round
	settle        = 300 * time.Millisecond
	writers       = 16 // requests at a time, where an attack has many objects
)

// bench is what the measurements share.
type bench struct {
	options
	api    *api
	server *coredns.Process
	dns    string
	page   string
	second string // address of the CoreDNS that knows nothing of the objects
	moves  int    // how often another tenant's object was changed
	rows   []row
}

// row is what an attack cost.
type row struct {
	attack
	question, change []time.Duration // longest wait of each round; of a change, since the bare watch had it
	delivery         []time.Duration // of a change to the bare watch
	beside           []time.Duration // of a question to the second CoreDNS
	own              time.Duration   // median of a question for a name of the objects
	memory           float64         // most that CoreDNS had, in MiB
	page             time.Duration
	pageMemory       float64 // that a page added to that
	failure          string  // what the objects kept from being answered
}

// measure applies, changes and deletes the objects of an attack, in some rounds.
func (b *bench) measure(ctx context.Context, a attack) (row, error) {
	r := row{attack: a}
	if err := coredns.ResetPeak(b.server.Pid()); err != nil {
		return r, err
	}
	for began := time.Now(); len(r.question) < b.rounds && (len(r.question) < 2 || time.Since(began) < attackTime); {
		w, err := b.beside(ctx, a.other, func(ctx context.Context) error { return b.play(ctx, a, &r) })
		r.question, r.beside = append(r.question, w.question), append(r.beside, w.second)
		r.change, r.delivery = append(r.change, w.change), append(r.delivery, w.delivery)
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		if err != nil {
			r.failure = err.Error()
			b.clear(ctx, a)
			break
		}
	}
	_, peak, err := coredns.Resident(b.server.Pid())
	r.memory = max(r.memory, peak)
	return r, err
}

// play is one round. The status page is looked at while the objects are there.
func (b *bench) play(ctx context.Context, a attack, r *row) error {
	g, creating := errgroup.WithContext(ctx)
	g.SetLimit(a.writers())
	for _, i := range a.items {
		g.Go(func() error { return b.api.create(creating, i) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	b.expect(ctx, a, r, "applied", answered)
	if a.more != "" {
		if err := b.api.patch(ctx, a.items[0], a.more); err != nil {
			return err
		}
	}
	for n, change := range a.changes {
		if err := b.api.patch(ctx, a.items[0], change); err != nil {
			return err
		}
		want := answered
		if ttl := uint32(61 + n); len(a.items) == 1 && &a.changes[0] == &anew[0] {
			want = func(m *dns.Msg) bool { return answered(m) && m.Answer[0].Header().Ttl == ttl }
		}
		if a.items[0].kind == "DNSEndpoint" { // has a TTL of its own, in each endpoint
			want = answered
		}
		b.expect(ctx, a, r, "changed", want)
	}
	if err := b.lookAtPage(ctx, a, r); err != nil {
		return err
	}
	if a.own != "" {
		var waits []time.Duration
		for range 50 {
			began := time.Now()
			if _, err := dig.Ask(ctx, "udp", b.dns, a.own, dns.TypeA); err != nil {
				r.failure = err.Error()
			}
			waits = append(waits, time.Since(began))
		}
		slices.Sort(waits)
		r.own = waits[len(waits)/2]
	}
	g, deleting := errgroup.WithContext(ctx)
	g.SetLimit(a.writers())
	for _, i := range a.items {
		g.Go(func() error { return b.api.delete(deleting, i) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	b.expect(ctx, a, r, "deleted", func(m *dns.Msg) bool { return len(m.Answer) == 0 })
	return nil
}

// writers is how many of the items are written at a time.
func (a *attack) writers() int {
	if a.single {
		return 1
	}
	return writers
}

// clear deletes what an attack that failed has left.
func (b *bench) clear(ctx context.Context, a attack) {
	for _, i := range a.items {
		_ = b.api.delete(ctx, i) // may not be there
	}
}

// lookAtPage looks at the status page.
func (b *bench) lookAtPage(ctx context.Context, a attack, r *row) error {
	_, before, err := coredns.Resident(b.server.Pid())
	if err != nil {
		return err
	}
	r.memory = max(r.memory, before)
	now, _, err := coredns.Resident(b.server.Pid())
	if err == nil {
		err = coredns.ResetPeak(b.server.Pid())
	}
	if err != nil {
		return err
	}
	for _, query := range []string{"/?q=", "/?sort=data&q=" + url.QueryEscape(a.own), "/records.json?limit=1000"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.page+query, nil)
		if err != nil {
			return err
		}
		began := time.Now()
		reply, err := http.DefaultClient.Do(req)
		if err != nil {
			r.failure = "status page: " + err.Error()
			continue
		}
		if _, err := io.Copy(io.Discard, reply.Body); err != nil || reply.StatusCode != http.StatusOK {
			r.failure = fmt.Sprintf("status page: %s, %v", reply.Status, err)
		}
		reply.Body.Close()
		r.page = max(r.page, time.Since(began))
	}
	_, peak, err := coredns.Resident(b.server.Pid())
	r.pageMemory = max(r.pageMemory, peak-now)
	return err
}

// expect waits until a name of an attack is answered in some way.
func (b *bench) expect(ctx context.Context, a attack, r *row, what string, want func(*dns.Msg) bool) {
	if a.own == "" {
		time.Sleep(settle)
		return
	}
	if err := b.await(ctx, a.own, want); err != nil {
		r.failure = what + ": " + err.Error()
	}
}

func answered(m *dns.Msg) bool { return len(m.Answer) > 0 }

func (b *bench) await(ctx context.Context, name string, want func(*dns.Msg) bool) error {
	ctx, cancel := context.WithTimeout(ctx, effectTimeout)
	defer cancel()
	for {
		m, err := dig.Ask(ctx, "tcp", b.dns, name, dns.TypeA)
		if err == nil && want(m) {
			return nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-b.server.Exited:
			return b.server.Failure()
		case <-ctx.Done():
			return fmt.Errorf("%s is not answered as it should be within %s", name, effectTimeout)
		}
	}
}
