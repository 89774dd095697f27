package kube

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Informer keeps what one resource says in an indexer. It is client-go's informer with a process step
// of our own, which stores one object at a time: a store-wide replace would hold every query up.
type Informer struct {
	Title    string // the kind, for messages
	Kind     string // its first word, for metrics
	Resource Resource
	Reader   objectReader
	Storer   objectStorer
	Unlisted string // what holds as long as it was never listed, for the log

	Demanded  atomic.Bool // it runs, or will with the rest
	once      sync.Once
	Done      chan struct{} // closed when listed once, or found absent
	Listed    atomic.Bool   // everything was read once
	Returned  atomic.Bool   // it may be listed again since it was absent or forbidden, and has not been yet
	GraceOver atomic.Bool   // the start has waited long enough: what is absent counts as empty from now on (R2)

	Conn          atomic.Pointer[Connection] // of the attempt
	answersBefore atomic.Int64               // of the cluster, when the last request was sent
	Problem       atomic.Int32               // what the last request met
	Since         atomic.Int64               // when the API server began to refuse it, in nanoseconds since 1970; 0 while it does not
	logged        atomic.Pointer[string]     // why it fails, as it was logged
	lastError     atomic.Pointer[string]     // of a request
	refusals      atomic.Int32               // lists in a row that were answered by having another asked for
	watchFailures atomic.Int32               // in a row, without a watch that worked
	watchError    atomic.Pointer[string]     // of the last of them

	LastArrival atomic.Int64     // when an object came last, in nanoseconds since 1970
	Watches     atomic.Int32     // that are open
	Objects     atomic.Int64     // that are stored
	LeftOut     *record.LeftOuts // nil unless there are explanations or a status page

	namespace atomic.Pointer[string] // of the object that came last
}

// What keeps an informer from listing.
const (
	noProblem = iota
	Absent
	Forbidden
	Failing
)

// reasons are the names of problems in the metric.
var reasons = [...]string{Absent: "absent", Forbidden: "forbidden", Failing: "failing"}

// NewInformer returns an informer that turns each object into a *R with convert, nil meaning that it
// has nothing to say, and why not may be worth keeping, and hands changes to put, which stores them. objects is the indexer that put
// writes to. What does not change is not put again.
func NewInformer[T Object, R any](what string, r Resource, objects *store.Store[R], convert func(T) (*R, *record.LeftOut), put func(old, new *R)) *Informer {
	i := newInformer(what, r)
	i.Reader = newTypedReader(i, objects, convert)
	i.Storer = newTypedStorer(i, objects, put)
	return i
}

func newInformer(what string, r Resource) *Informer {
	kind, _, _ := strings.Cut(what, " ")
	return &Informer{Title: what, Kind: kind, Resource: r, Done: make(chan struct{}), Unlisted: "counts as having no objects"}
}

// controller returns client-go's informer, with a queue that hands a list over as a whole: what a list adds is stored
// before anything is taken away (R7).
func (i *Informer) controller(ctx context.Context, lw cache.ListerWatcher) cache.Controller {
	return cache.New(&cache.Config{
		Queue: cache.NewRealFIFOWithOptions(cache.RealFIFOOptions{
			KeyFunction: KeyOf, AtomicEvents: true, UnlockWhileProcessing: true,
		}),
		ListerWatcher: lw,
		Process: func(obj any, _ bool) error {
			for _, d := range obj.(cache.Deltas) {
				if all, ok := d.Object.(cache.ReplacedAllInfo); ok {
					i.Storer.Replace(ctx, all.Objects)
				} else {
					i.Storer.Process(d.Type, d.Object)
				}
			}
			return nil
		},
		WatchErrorHandlerWithContext: func(context.Context, *cache.Reflector, error) {}, // the list and watch calls have told it
	})
}

// share has an object bear its namespace in the same string as the one before, where that is in it as well: a list is in
// the order of namespaces.
func (i *Informer) share(o Object) {
	namespace := o.GetNamespace()
	if last := i.namespace.Load(); last != nil && *last == namespace {
		o.SetNamespace(*last)
		return
	}
	i.namespace.Store(&namespace)
}

// paced reports whether work on a list makes way for queries: the first one of a start is waited for.
func (i *Informer) paced() bool { return i.Listed.Load() || i.GraceOver.Load() }

// FirstUnlisted returns the first of some informers that are demanded and have not settled, or nil.
func FirstUnlisted(list []*Informer) *Informer {
	for _, i := range list {
		if i.Demanded.Load() && !i.Settled() {
			return i
		}
	}
	return nil
}
