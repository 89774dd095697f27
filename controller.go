package gateway

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// startupGrace is how long CoreDNS's start waits for objects before it lets queries in. What is missing after
// that is answered with SERVFAIL until it is known.
const startupGrace = 5 * time.Second

// retryAbsent is how long it takes to ask again for a resource that is not served or may not be listed.
const retryAbsent = 10 * time.Second

// run lists and watches until the context ends. It begins again, finding the version that is served, when
// the resource goes away or must not be listed any more.
func (i *informer) run(ctx context.Context, c *cluster) {
	absences := 0
	for ctx.Err() == nil {
		attempt, end := context.WithCancel(ctx)
		i.attempt(attempt, end, c)
		end()
		if i.problem.Load() != absent {
			absences = 0
		} else if absences++; absences == 2 { // one may be a change of version
			i.drop()
		}
		select {
		case <-ctx.Done():
		case <-time.After(retryAbsent):
		}
	}
}

func (i *informer) attempt(ctx context.Context, end context.CancelFunc, c *cluster) {
	r, err := c.served(ctx, i.resource)
	if err != nil {
		i.failed(end, err)
		return
	}
	lw, err := c.listWatch(r)
	if err != nil {
		i.failed(end, err)
		return
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	controller := i.controller(lw, func(_ context.Context, _ *cache.Reflector, err error) { i.failed(end, err) })
	wg.Go(func() {
		select {
		case <-controller.HasSyncedChecker().Done():
			i.settle()
		case <-ctx.Done():
		}
	})
	controller.RunWithContext(ctx)
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

// failed notes a list or watch that ended. client-go tries again by itself, with back-off, unless it is
// ended because the resource is not there.
func (i *informer) failed(end func(), err error) {
	problem := int32(failing)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), apierrors.IsResourceExpired(err), apierrors.IsGone(err):
		return // a watch that ran its time
	case apierrors.IsNotFound(err):
		problem = absent
	case apierrors.IsForbidden(err):
		problem = forbidden
	}
	before := i.problem.Swap(problem)
	if problem != failing && i.late.Load() {
		i.settle()
		end()
	}
	if before == problem {
		return
	}
	unlistedKinds.WithLabelValues(i.what, reasons[problem]).Inc()
	switch problem {
	case absent:
		log.Warningf("%s: not served by the API server (%s), counts as having no objects until it is", i.what, i.resource)
	case forbidden:
		log.Warningf("%s: no permission to list or watch, one that was never listed counts as having no objects: %v", i.what, err)
	default:
		log.Warningf("%s: waiting for the API server: %v", i.what, err)
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

// wait returns when every informer that is demanded has settled, or when the grace is over, and then what is
// missing.
func (c *cluster) wait(grace <-chan struct{}) (missing []string) {
	for over := false; !over; {
		missing := c.unsettled()
		if len(missing) == 0 {
			break
		}
		select {
		case <-missing[0].done: // others may be demanded by now
		case <-grace:
			over = true
		}
	}
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

// state says how the API server answers, because client-go keeps to itself why it cannot be reached.
func (c *cluster) state() string {
	client, err := rest.UnversionedRESTClientForConfigAndClient(c.clientConfig(schema.GroupVersion{}), c.http)
	if err == nil {
		err = client.Get().AbsPath("/version").Timeout(time.Second).Do(context.Background()).Error()
	}
	if err != nil {
		return err.Error()
	}
	return "answers"
}
