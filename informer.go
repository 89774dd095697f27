package gateway

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"
)

// informer keeps what one resource says in an indexer. It is client-go's informer with a process step
// of our own, which stores one object at a time: a store-wide replace would hold every query up.
type informer struct {
	what       string // the kind, for messages
	example    object // of the type it reads
	resource   resource
	controller func(cache.ListerWatcher, cache.WatchErrorHandlerWithContext) cache.Controller
	process    func(cache.DeltaType, any)
	drop       func() // of all that is stored: the resource went away while nobody looked
	transform  cache.TransformFunc

	demanded atomic.Bool // it runs, or will with the rest
	once     sync.Once
	done     chan struct{} // closed when listed once, or found absent
	problem  atomic.Int32  // what the last attempt met, so that it is logged once
	late     atomic.Bool   // the startup grace is over: what is absent counts as empty from now on (R2)
}

const (
	noProblem = iota
	absent
	forbidden
	failing
)

// reasons are the names of problems in the metric.
var reasons = [...]string{absent: "absent", forbidden: "forbidden", failing: "failing"}

// excluded stands for an object that has nothing to say here, so that none is stored.
type excluded struct{ meta }

// newInformer returns an informer that turns each object into a *R with convert, nil meaning that it
// has nothing to say, and hands changes to put, which stores them. objects is the indexer that put
// writes to. What does not change is not put again.
func newInformer[T object, R any](what string, r resource, example T, objects cache.Indexer, convert func(T) *R, put func(old, new *R)) *informer {
	i := &informer{what: what, example: example, resource: r, done: make(chan struct{})}
	i.transform = func(obj any) (any, error) {
		o, ok := obj.(T)
		if !ok { // transformed already: client-go may do it twice
			return obj, nil
		}
		if rec := convert(o); rec != nil {
			return rec, nil
		}
		return excluded{metaOf(o)}, nil
	}
	i.process = func(change cache.DeltaType, obj any) {
		key, err := keyOf(obj)
		if err != nil {
			log.Errorf("%s: object without a key: %v", what, err)
			return
		}
		stored, _, _ := objects.GetByKey(key)
		old, _ := stored.(*R)
		new, _ := obj.(*R)
		if change == cache.Deleted {
			new = nil
		}
		if !reflect.DeepEqual(old, new) {
			put(old, new)
			report(what, key, badIn(old), badIn(new))
		}
	}
	i.drop = func() {
		stored := within{objects, r.namespace}
		for _, key := range stored.ListKeys() {
			if obj, ok, _ := stored.GetByKey(key); ok {
				i.process(cache.Deleted, obj)
			}
		}
	}
	i.controller = func(lw cache.ListerWatcher, failed cache.WatchErrorHandlerWithContext) cache.Controller {
		return cache.New(&cache.Config{
			Queue: cache.NewRealFIFOWithOptions(cache.RealFIFOOptions{
				KeyFunction: keyOf, KnownObjects: within{objects, r.namespace}, Transformer: i.transform,
			}),
			ListerWatcher: lw,
			ObjectType:    example,
			Process: func(obj any, _ bool) error {
				i.problem.Store(noProblem)
				for _, d := range obj.(cache.Deltas) {
					i.process(d.Type, d.Object)
				}
				return nil
			},
			WatchErrorHandlerWithContext: failed,
		})
	}
	return i
}

// store replaces what an indexer holds of one object, nil being none.
func store[T any](index cache.Indexer, old, new *T) {
	if new != nil {
		_ = index.Update(new) // keyOf knows what is stored, so it cannot fail
	} else {
		_ = index.Delete(old)
	}
}

// object is what every API type is.
type object interface {
	runtime.Object
	GetNamespace() string
	GetName() string
	GetLabels() map[string]string
	GetAnnotations() map[string]string
}

func metaOf(o object) meta { return meta{namespace: o.GetNamespace(), name: o.GetName()} }

// badIn returns the values that a stored object, if any, was stored without.
func badIn[R any](stored *R) skips {
	if stored == nil {
		return nil
	}
	return any(stored).(interface{ bad() skips }).bad()
}

// within is the part of an indexer that is in one namespace, or all of it: what a list of that namespace
// replaces.
type within struct {
	cache.Indexer
	namespace string
}

func (w within) ListKeys() []string {
	keys := w.Indexer.ListKeys()
	if w.namespace == "" {
		return keys
	}
	return slices.DeleteFunc(keys, func(key string) bool { return !strings.HasPrefix(key, w.namespace+"/") })
}
