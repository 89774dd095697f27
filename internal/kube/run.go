package kube

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// run lists and watches until the context ends. It starts over, with a new search for the served version and with credentials
// that are read again, if the resource goes away, may no longer be listed, or the credentials are refused.
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

// Settle notes that the objects of the resource are known: it was listed, or does not exist.
func (i *Informer) Settle() { i.once.Do(func() { close(i.Done) }) }

// Settled reports whether the objects of the resource are known: it was listed, or does not exist.
func (i *Informer) Settled() bool {
	select {
	case <-i.Done:
		return true
	default:
		return false
	}
}

// Demand makes informers run, now or when the cluster starts. Several callers may demand the same informer. It reports whether
// any of them was not demanded before.
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

// Start runs all informers that are or will be demanded, until the context ends.
func (c *Cluster) Start(ctx context.Context, running *sync.WaitGroup) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.run = func(i *Informer) { running.Go(func() { i.run(ctx, c) }) }
	for _, i := range c.informers {
		c.run(i)
	}
}

// Demanded returns the informers that are demanded.
func (c *Cluster) Demanded() []*Informer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.informers)
}

// Await returns when every informer that is demanded has settled, or when over is closed.
func (c *Cluster) Await(over <-chan struct{}) {
	for {
		missing := c.Unsettled()
		if len(missing) == 0 {
			return
		}
		select {
		case <-missing[0].Done: // by now, other informers may be demanded
		case <-over:
			return
		}
	}
}

// AwaitStartup is Await, and then EndGrace. It returns the titles of the informers that have not settled.
func (c *Cluster) AwaitStartup(over <-chan struct{}) (missing []string) {
	c.Await(over)
	c.EndGrace()
	for _, i := range c.Unsettled() {
		if !slices.Contains(missing, i.Title) { // there may be an informer for each namespace
			missing = append(missing, i.Title)
		}
	}
	return missing
}

// Unsettled returns the informers that have not settled.
func (c *Cluster) Unsettled() []*Informer {
	return slices.DeleteFunc(c.Demanded(), (*Informer).Settled)
}

// EndGrace makes resources that are absent or forbidden count as empty from now on (R2).
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
