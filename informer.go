package gateway

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"k8s.io/client-go/tools/cache"
)

// informer keeps what one resource says in an indexer. It is client-go's informer with a process step
// of our own, which stores one object at a time: a store-wide replace would hold every query up.
type informer struct {
	what     string // the kind, for messages
	kind     string // its first word, for metrics
	resource resource
	reader   objectReader
	storer   objectStorer

	demanded atomic.Bool // it runs, or will with the rest
	once     sync.Once
	done     chan struct{} // closed when listed once, or found absent
	listed   atomic.Bool   // everything was read once
	returned atomic.Bool   // it may be listed again since it was absent or forbidden, and has not been yet
	late     atomic.Bool   // the start has waited long enough: what is absent counts as empty from now on (R2)

	conn          atomic.Pointer[connection] // of the attempt
	answersBefore atomic.Int64               // of the cluster, when the last request was sent
	problem       atomic.Int32               // what the last request met
	since         atomic.Int64               // when the API server began to refuse it, in nanoseconds since 1970; 0 while it does not
	logged        atomic.Pointer[string]     // why it fails, as it was logged
	lastError     atomic.Pointer[string]     // of a request
	refusals      atomic.Int32               // lists in a row that were answered by having another asked for
	watchFailures atomic.Int32               // in a row, without a watch that worked
	watchError    atomic.Pointer[string]     // of the last of them

	arrived atomic.Int64     // when an object came last, in nanoseconds since 1970
	watches atomic.Int32     // that are open
	objects atomic.Int64     // that are stored
	left    *record.LeftOuts // nil unless there are explanations or a status page

	namespace atomic.Pointer[string] // of the object that came last
}

const (
	noProblem = iota
	absent
	forbidden
	failing
)

// reasons are the names of problems in the metric.
var reasons = [...]string{absent: "absent", forbidden: "forbidden", failing: "failing"}

// newInformer returns an informer that turns each object into a *R with convert, nil meaning that it
// has nothing to say, and why not may be worth keeping, and hands changes to put, which stores them. objects is the indexer that put
// writes to. What does not change is not put again.
func newInformer[T object, R any](what string, r resource, objects *store.Store[R], convert func(T) (*R, *record.LeftOut), put func(old, new *R)) *informer {
	kind, _, _ := strings.Cut(what, " ")
	i := &informer{what: what, kind: kind, resource: r, done: make(chan struct{})}
	i.reader = newTypedReader(i, objects, convert)
	i.storer = newTypedStorer(i, objects, put)
	return i
}

// controller returns client-go's informer, with a queue that hands a list over as a whole: what a list adds is stored
// before anything is taken away (R7).
func (i *informer) controller(ctx context.Context, lw cache.ListerWatcher) cache.Controller {
	return cache.New(&cache.Config{
		Queue: cache.NewRealFIFOWithOptions(cache.RealFIFOOptions{
			KeyFunction: keyOf, AtomicEvents: true, UnlockWhileProcessing: true,
		}),
		ListerWatcher: lw,
		Process: func(obj any, _ bool) error {
			for _, d := range obj.(cache.Deltas) {
				if all, ok := d.Object.(cache.ReplacedAllInfo); ok {
					i.storer.replace(ctx, all.Objects)
				} else {
					i.storer.process(d.Type, d.Object)
				}
			}
			return nil
		},
		WatchErrorHandlerWithContext: func(context.Context, *cache.Reflector, error) {}, // the list and watch calls have told it
	})
}

// share has an object bear its namespace in the same string as the one before, where that is in it as well: a list is in
// the order of namespaces.
func (i *informer) share(o object) {
	namespace := o.GetNamespace()
	if last := i.namespace.Load(); last != nil && *last == namespace {
		o.SetNamespace(*last)
		return
	}
	i.namespace.Store(&namespace)
}

// paced reports whether work on a list makes way for queries: the first one of a start is waited for.
func (i *informer) paced() bool { return i.listed.Load() || i.late.Load() }
