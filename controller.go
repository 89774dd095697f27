package gateway

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// run lists and watches until the context ends. It begins again, finding the version that is served and reading
// the credentials, when the resource goes away, must not be listed any more, or the credentials are refused.
func (i *informer) run(ctx context.Context, c *cluster) {
	absences := 0
	backoff := retries()
	for ctx.Err() == nil {
		attempt, end := context.WithCancel(ctx)
		if i.attempt(attempt, end, c) {
			absences, backoff = 0, retries()
		}
		end()
		if i.problem.Load() != absent {
			absences = 0
		} else if absences++; absences == 2 { // one may be a change of version
			i.storer.drop()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(backoff.Step()):
		}
		c.renew()
	}
}

// attempt lists and watches until there is reason to begin again, and reports whether it listed.
func (i *informer) attempt(ctx context.Context, end context.CancelFunc, c *cluster) (listed bool) {
	l := &listWatch{informer: i, cluster: c, resource: i.resource, end: end}
	i.conn.Store(c.conn.Load())
	r, err := retry(ctx, l, (*informer).listRefused, func() (resource, error) { return c.served(ctx, i.resource) })
	if err != nil {
		return false
	}
	l.resource, l.resource.others = r, nil // from here on that version counts
	if l.ListerWatcherWithContext, err = c.listWatch(r, i.reader, i.damaged); err != nil {
		i.failed(c, end, err)
		return false
	}
	var wg sync.WaitGroup
	controller := i.controller(ctx, l)
	wg.Go(func() {
		select {
		case <-controller.HasSyncedChecker().Done():
			listed = true
			i.listed.Store(true)
			i.settle()
			if i.returned.Swap(false) {
				log.Infof("%s: %s: has been listed: %s", c.name(), i.what, wording.Count(i.objects.Load(), "object"))
			}
		case <-ctx.Done():
		}
	})
	controller.RunWithContext(ctx)
	wg.Wait()
	return listed
}

// damaged notes an item of a list that says not even its name.
func (i *informer) damaged(err error) {
	skippedValues.WithLabelValues(i.kind, "object").Inc()
	log.Warningf("%s: skipped an item of a list: %v", i.what, err)
}

func (i *informer) settle() { i.once.Do(func() { close(i.done) }) }

// settled reports whether it is known what there is: listed, or no such resource.
func (i *informer) settled() bool {
	select {
	case <-i.done:
		return true
	default:
		return false
	}
}

// demand has informers run: with the rest, or from now on. Several may demand the same one. It reports whether
// that is new.
func (c *cluster) demand(informers ...*informer) (more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, i := range informers {
		if i.demanded.Swap(true) {
			continue
		}
		i.late.Store(c.late.Load())
		more = true
		c.informers = append(c.informers, i)
		if c.run != nil {
			c.run(i)
		}
	}
	return more
}

// start runs the informers that are demanded, now or later, until the context ends.
func (c *cluster) start(ctx context.Context, running *sync.WaitGroup) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.run = func(i *informer) { running.Go(func() { i.run(ctx, c) }) }
	for _, i := range c.informers {
		c.run(i)
	}
}

func (c *cluster) demanded() []*informer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.informers)
}

// await returns when every informer that is demanded has settled, or when over is closed.
func (c *cluster) await(over <-chan struct{}) {
	for {
		missing := c.unsettled()
		if len(missing) == 0 {
			return
		}
		select {
		case <-missing[0].done: // others may be demanded by now
		case <-over:
			return
		}
	}
}

// wait is await with what follows from it: what is absent or forbidden counts as empty from now on. It returns what
// is missing.
func (c *cluster) wait(over <-chan struct{}) (missing []string) {
	c.await(over)
	c.endGrace()
	for _, i := range c.unsettled() {
		if !slices.Contains(missing, i.what) { // one for each namespace
			missing = append(missing, i.what)
		}
	}
	return missing
}

func (c *cluster) unsettled() []*informer {
	return slices.DeleteFunc(c.demanded(), (*informer).settled)
}

// endGrace has what is absent or forbidden count as empty from now on (R2).
func (c *cluster) endGrace() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.late.Store(true)
	for _, i := range c.informers {
		i.late.Store(true)
		if p := i.problem.Load(); p == absent || p == forbidden {
			i.settle()
		}
	}
}
