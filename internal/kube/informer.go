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

// Informer keeps a store up to date with the objects of one resource. It is client-go's informer with a process step of our
// own, which stores one object at a time, because replacing a whole store at once would block every query.
type Informer struct {
	Title          string // the kind, for messages
	Kind           string // the first word of Title, for metrics
	Resource       Resource
	Reader         objectReader
	Storer         objectStorer
	UnlistedEffect string // for the log: what applies as long as the resource was never listed

	Demanded  atomic.Bool // the informer runs, or will run when the cluster starts
	once      sync.Once
	Done      chan struct{} // closed when the resource was listed once, or found absent
	Listed    atomic.Bool   // the resource was listed completely at least once
	Returned  atomic.Bool   // the resource is no longer absent or forbidden, but has not been listed since
	GraceOver atomic.Bool   // the startup timeout is over: an absent resource counts as empty from now on (R2)

	Conn          atomic.Pointer[Connection] // the connection of the current attempt
	answersBefore atomic.Int64               // Cluster.Answers when the last request was sent
	Problem       atomic.Int32               // the problem of the last request
	RefusedSince  atomic.Int64               // when the API server began to refuse requests, in nanoseconds since 1970; 0 while it does not
	logged        atomic.Pointer[string]     // the last problem that was logged
	lastError     atomic.Pointer[string]     // the last error of a request
	refusals      atomic.Int32               // lists in a row to which the API server answered that the client should list in another way
	watchFailures atomic.Int32               // failed watches in a row
	watchError    atomic.Pointer[string]     // the error of the last failed watch

	LastArrival atomic.Int64          // when the last object arrived, in nanoseconds since 1970
	Watches     atomic.Int32          // how many watches are open
	Objects     atomic.Int64          // how many objects are stored
	Unserved    *record.UnservedStore // the objects that are not served, with the reasons; nil without explanations and status page

	namespace atomic.Pointer[string] // the namespace of the last object
}

// The problems of an informer.
const (
	noProblem = iota
	Absent
	Forbidden
	Failing
)

// reasons are the names of problems in the metric.
var reasons = [...]string{Absent: "absent", Forbidden: "forbidden", Failing: "failing"}

// NewInformer returns an informer that turns each object into a *R with convert, and passes changes to put, which stores them
// in objects. An *R that is nil is an object without anything to store; convert may also return why. An object that does not
// change is not put again.
func NewInformer[T Object, R any](what string, r Resource, objects *store.Store[R], convert func(T) (*R, *record.Unserved), put func(old, new *R)) *Informer {
	i := newInformer(what, r)
	i.Reader = newTypedReader(i, objects, convert)
	i.Storer = newTypedStorer(i, objects, put)
	return i
}

func newInformer(what string, r Resource) *Informer {
	kind, _, _ := strings.Cut(what, " ")
	return &Informer{Title: what, Kind: kind, Resource: r, Done: make(chan struct{}), UnlistedEffect: "counts as having no objects"}
}

// controller returns client-go's informer. Its queue delivers a list as a whole, so that a list's additions are stored before
// its removals (R7).
func (i *Informer) controller(ctx context.Context, lw cache.ListerWatcher) cache.Controller {
	return cache.New(&cache.Config{
		Queue: cache.NewRealFIFOWithOptions(cache.RealFIFOOptions{
			KeyFunction: keyOf, AtomicEvents: true, UnlockWhileProcessing: true,
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
		WatchErrorHandlerWithContext: func(context.Context, *cache.Reflector, error) {}, // listWatch has handled the error
	})
}

// internNamespace makes consecutive objects of a namespace share one string for its name. A list is sorted by namespace.
func (i *Informer) internNamespace(o Object) {
	namespace := o.GetNamespace()
	if last := i.namespace.Load(); last != nil && *last == namespace {
		o.SetNamespace(*last)
		return
	}
	i.namespace.Store(&namespace)
}

// paced reports whether work on a list should yield to queries. The first list of a start does not yield, because the start
// waits for it.
func (i *Informer) paced() bool { return i.Listed.Load() || i.GraceOver.Load() }

// FirstUnsettled returns the first informer in a list that is demanded and has not settled, or nil.
func FirstUnsettled(list []*Informer) *Informer {
	for _, i := range list {
		if i.Demanded.Load() && !i.Settled() {
			return i
		}
	}
	return nil
}
