package kube

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// run lists and watches until the context ends. It starts over, with another look for the served version and with credentials
// that are read again, if the resource becomes absent or forbidden, or if the credentials are refused.
func (i *Informer) run(ctx context.Context, c *Cluster) {
	absences := 0
	backoff := retries()
	for ctx.Err() == nil {
		attempt, end := context.WithCancel(ctx)
		if i.attempt(attempt, end, c) {
			absences, backoff = 0, retries()
		}
		end()
		if i.Problem.Load() != Absent {
			absences = 0
		} else if absences++; absences == 2 { // a single absence may be a change of version
			i.Storer.drop()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(backoff.Step()):
		}
		c.renew()
	}
}

// attempt lists and watches until run has to start over, and reports whether it listed.
func (i *Informer) attempt(ctx context.Context, end context.CancelFunc, c *Cluster) (listed bool) {
	l := &listWatch{informer: i, cluster: c, resource: i.Resource, end: end}
	i.Conn.Store(c.Conn.Load())
	r, err := retry(ctx, l, (*Informer).listRefused, func() (Resource, error) { return c.ServedVersion(ctx, i.Resource) })
	if err != nil {
		return false
	}
	l.resource, l.resource.others = r, nil // use this version from now on
	if l.ListerWatcherWithContext, err = c.ListWatch(r, i.Reader, i.Damaged); err != nil {
		i.Failed(c, end, err)
		return false
	}
	var wg sync.WaitGroup
	controller := i.controller(ctx, l)
	wg.Go(func() {
		select {
		case <-controller.HasSyncedChecker().Done():
			listed = true
			i.Listed.Store(true)
			i.Settle()
			if i.Returned.Swap(false) {
				log.Infof("%s: %s: has been listed: %s", c.Name(), i.Title, wording.Count(i.Objects.Load(), "object"))
			}
		case <-ctx.Done():
		}
	})
	controller.RunWithContext(ctx)
	wg.Wait()
	return listed
}

// Damaged notes an item of a list of which not even the name can be read.
func (i *Informer) Damaged(err error) {
	SkippedValues.WithLabelValues(i.Kind, "object").Inc()
	log.Warningf("%s: skipped an item of a list: %v", i.Title, err)
}

// Settle notes that the informer is settled: the resource was listed, or it is absent or forbidden and the startup timeout is
// over.
func (i *Informer) Settle() { i.once.Do(func() { close(i.Done) }) }

// Settled reports whether Settle was called. A settled informer stays settled.
func (i *Informer) Settled() bool {
	select {
	case <-i.Done:
		return true
	default:
		return false
	}
}

// Demand makes informers run, now or when the cluster starts. Several callers may demand the same informer. Demand reports
// whether one of the informers was not demanded before.
func (c *Cluster) Demand(informers ...*Informer) (more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, i := range informers {
		if i.Demanded.Swap(true) {
			continue
		}
		i.GraceOver.Store(c.GraceOver.Load())
		more = true
		c.informers = append(c.informers, i)
		if c.run != nil {
			c.run(i)
		}
	}
	return more
}

// Start runs all informers that are demanded, now or later, until the context ends.
func (c *Cluster) Start(ctx context.Context, running *sync.WaitGroup) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.run = func(i *Informer) { running.Go(func() { i.run(ctx, c) }) }
	for _, i := range c.informers {
		c.run(i)
	}
}

// Demanded returns the demanded informers.
func (c *Cluster) Demanded() []*Informer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.informers)
}

// Await returns when every demanded informer is settled, or when over is closed.
func (c *Cluster) Await(over <-chan struct{}) {
	for {
		unsettled := c.Unsettled()
		if len(unsettled) == 0 {
			return
		}
		select {
		case <-unsettled[0].Done: // by now, other informers may be demanded
		case <-over:
			return
		}
	}
}

// AwaitStartup calls Await, and then EndGrace. It returns the titles of the informers that are not settled.
func (c *Cluster) AwaitStartup(over <-chan struct{}) (unsettled []string) {
	c.Await(over)
	c.EndGrace()
	for _, i := range c.Unsettled() {
		if !slices.Contains(unsettled, i.Title) { // there may be an informer for each namespace
			unsettled = append(unsettled, i.Title)
		}
	}
	return unsettled
}

// Unsettled returns the demanded informers that are not settled.
func (c *Cluster) Unsettled() []*Informer {
	return slices.DeleteFunc(c.Demanded(), (*Informer).Settled)
}

// EndGrace ends the startup timeout: from now on, the informer of an absent or forbidden resource settles (R2).
func (c *Cluster) EndGrace() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.GraceOver.Store(true)
	for _, i := range c.informers {
		i.GraceOver.Store(true)
		if p := i.Problem.Load(); p == Absent || p == Forbidden {
			i.Settle()
		}
	}
}
