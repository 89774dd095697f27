package gateway

import (
	"context"
	"slices"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/cache"
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
			i.drop()
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
	l := &insistent{informer: i, cluster: c, resource: i.resource, end: end}
	i.conn.Store(c.conn.Load())
	r, err := insist(ctx, l, func() (resource, error) { return c.served(ctx, i.resource) })
	if err != nil {
		return false
	}
	l.resource, l.resource.others = r, nil // from here on that version counts
	if l.ListerWatcherWithContext, err = c.listWatch(r, i.read); err != nil {
		i.failed(c, end, err)
		return false
	}
	var wg sync.WaitGroup
	controller := i.controller(l, func(context.Context, *cache.Reflector, error) {}) // insist has told it
	wg.Go(func() {
		select {
		case <-controller.HasSyncedChecker().Done():
			listed = true
			i.listed.Store(true)
			i.settle()
		case <-ctx.Done():
		}
	})
	controller.RunWithContext(ctx)
	wg.Wait()
	return listed
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

// succeeded notes a request that was answered.
func (i *informer) succeeded(c *cluster) {
	i.since.Store(0)
	switch i.problem.Swap(noProblem) {
	case absent, forbidden:
		log.Infof("%s: %s: is served and may be listed now", c.name(), i.what)
	case failing:
		i.say(c, "")
	}
}

// failed notes a request that was not. What is absent or forbidden, and credentials that are refused, end the
// attempt.
func (i *informer) failed(c *cluster, end func(), err error) {
	problem := int32(failing)
	switch {
	case apierrors.IsResourceExpired(err), apierrors.IsGone(err), apierrors.IsInvalid(err), tooLarge(err):
		return // of a version that is not kept any more, or of a way to list that the server does not have: another is tried
	case apierrors.IsNotFound(err):
		problem = absent
	case apierrors.IsForbidden(err):
		problem = forbidden
	}
	text := err.Error()
	i.last.Store(&text)
	before := i.problem.Swap(problem)
	if problem != failing || untrusting(err) {
		end()
	}
	if problem != failing && i.late.Load() {
		i.settle()
	}
	if problem == failing && (i.outdated(c, err) || c.unanswered(err)) { // all kinds of the cluster have it in common, and so it is said once
		i.since.Store(0)
		err = nil
	}
	if before != problem {
		unlistedKinds.WithLabelValues(i.kind, reasons[problem]).Inc()
	}
	switch {
	case before == problem && problem != failing:
	case problem == absent:
		log.Warningf("%s: %s: not served by the API server (%s), counts as having no objects until it is", c.name(), i.what, i.resource)
	case problem == forbidden:
		log.Warningf("%s: %s: no permission to list or watch, one that was never listed counts as having no objects: %v", c.name(), i.what, err)
	case err == nil, i.since.CompareAndSwap(0, time.Now().UnixNano()):
	case time.Since(time.Unix(0, i.since.Load())) > starting:
		i.say(c, err.Error())
	}
}

// outdated reports whether an error is about credentials that others have taken the place of.
func (i *informer) outdated(c *cluster, err error) bool {
	return untrusting(err) && i.conn.Load() != c.conn.Load()
}

// say logs what an informer meets when it is not what it met before. Nothing is the end of it.
func (i *informer) say(c *cluster, problem string) {
	switch before := i.met.Swap(&problem); {
	case before != nil && *before == problem, before == nil && problem == "":
	case problem == "":
		log.Infof("%s: %s: is listed again", c.name(), i.what)
	default:
		log.Warningf("%s: %s: cannot be listed or watched, trying again: %s", c.name(), i.what, problem)
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
