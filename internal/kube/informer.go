package kube

import (
	"context"
	"sync"
	"sync/atomic"

	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Informer keeps a store up to date with the objects of one resource. It is client-go's informer with a process step of our
// own, which stores one object at a time, because replacing a whole store at once would block every query.
type Informer struct {
	Kind           string // the label kind of metrics, and the kind on the status page: one of resources, "nameserver" or "backend"
	Title          string // for messages: the kind, or what is watched of it
	Resource       Resource
	Reader         objectReader
	Storer         objectStorer
	UnlistedEffect string // for the log: what the kind does as long as it was never listed

	Demanded  atomic.Bool // the informer runs, or will run when the cluster starts
	once      sync.Once
	Done      chan struct{} // closed when the informer settles
	Listed    atomic.Bool   // the resource was listed completely at least once
	Returned  atomic.Bool   // the resource is no longer absent or forbidden, but has not been listed since
	GraceOver atomic.Bool   // the startup timeout is over: an absent or forbidden resource settles (R2)

	Conn          atomic.Pointer[Connection] // the connection of the current attempt
	answersBefore atomic.Int64               // Cluster.Answers when the last request was sent
	Problem       atomicEnum[Problem]        // the problem of the last request
	RefusedSince  atomic.Int64               // when the API server began to refuse requests, in nanoseconds since 1970; 0 if it does not
	logged        atomic.Pointer[string]     // the last problem that was logged
	lastError     atomic.Pointer[string]     // the last error of a request
	refusals      atomic.Int32               // consecutive lists to which the API server answered that the client should list in another way
	watchFailures atomic.Int32               // consecutive watches that failed
	watchError    atomic.Pointer[string]     // the error of the last failed watch

	LastArrival atomic.Int64          // when the last object arrived, in nanoseconds since 1970
	Watches     atomic.Int32          // how many watches are open
	Objects     atomic.Int64          // how many objects are stored
	Unserved    *record.UnservedStore // the unserved objects, with the reasons; nil without explanations and status page

	namespace atomic.Pointer[string] // the namespace of the last object
}

// Problem is what is wrong with the last request of an informer.
type Problem int32

// The values of Problem.
const (
	NoProblem Problem = iota
	Absent
	Forbidden
	Failing
)

// reasons are the names of problems in the metric.
var reasons = [...]string{Absent: "absent", Forbidden: "forbidden", Failing: "failing"}

// NewInformer returns an informer that turns each object into a *R with convert, and passes changes to put, which stores them
// in objects. A nil *R is an object without anything to store; convert may also return why. put is not called for an object that
// is the same as the stored one. kind and title are those of the Informer.
func NewInformer[T Object, R any](kind, title string, r Resource, objects *store.Store[R], convert func(T) (*R, *record.Unserved), put func(old, new *R)) *Informer {
	i := newInformer(kind, title, r)
	i.Reader = newTypedReader(i, objects, convert)
	i.Storer = newTypedStorer(i, objects, put)
	return i
}

func newInformer(kind, title string, r Resource) *Informer {
	return &Informer{Kind: kind, Title: title, Resource: r, Done: make(chan struct{}), UnlistedEffect: "counts as having no objects"}
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

// FirstUnsettled returns the first informer of a list that is demanded and not settled, or nil.
func FirstUnsettled(list []*Informer) *Informer {
	for _, i := range list {
		if i.Demanded.Load() && !i.Settled() {
			return i
		}
	}
	return nil
}
