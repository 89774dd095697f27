package gateway

import (
	"hash/maphash"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/cache"
)

// informer keeps what one resource says in an indexer. It is client-go's informer with a process step
// of our own, which stores one object at a time: a store-wide replace would hold every query up.
type informer struct {
	what       string // the kind, for messages
	kind       string // its first word, for metrics
	example    object // of the type it reads
	resource   resource
	controller func(cache.ListerWatcher, cache.WatchErrorHandlerWithContext) cache.Controller
	process    func(cache.DeltaType, any)
	drop       func() // of all that is stored: the resource went away while nobody looked
	transform  cache.TransformFunc
	read       func(item []byte) (runtime.Object, error) // transform for an object as a list has it; nil where lists are client-go's to read

	demanded atomic.Bool // it runs, or will with the rest
	once     sync.Once
	done     chan struct{} // closed when listed once, or found absent
	listed   atomic.Bool   // everything was read once
	late     atomic.Bool   // the start has waited long enough: what is absent counts as empty from now on (R2)

	conn    atomic.Pointer[connection] // of the attempt
	problem atomic.Int32               // what the last request met
	since   atomic.Int64               // when the API server began to refuse it, in nanoseconds since 1970; 0 while it does not
	met     atomic.Pointer[string]     // why it fails, as it was logged
	last    atomic.Pointer[string]     // the same, as the last request met it
	arrived atomic.Int64               // when an object came last, in nanoseconds since 1970
	watches atomic.Int32               // that are open
	objects atomic.Int64               // that are stored
	left    *leftOuts                  // nil unless there are explanations or a status page

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

// arrival is an object on its way into the store: what a transform made of it.
type arrival[R any] struct {
	rec  *R       // nil where the object has nothing to say
	left *leftOut // why, where that is worth keeping
	id   meta
	sum  uint64 // as in sent
	at   time.Time
}

// arrive begins the arrival of an object, and notes that one came.
func arrive[R any](i *informer, id meta) *arrival[R] {
	a := &arrival[R]{id: id, at: time.Now()}
	i.arrived.Store(a.at.UnixNano())
	return a
}

func (a *arrival[R]) key() string { return a.id.key() }

// GetObjectMeta lets client-go find the key (meta.Accessor).
func (a *arrival[R]) GetObjectMeta() metav1.Object { return a.id.GetObjectMeta() }

// GetObjectKind and DeepCopyObject let it stand in a list.
func (a *arrival[R]) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }
func (a *arrival[R]) DeepCopyObject() runtime.Object   { return a }

// eventNames are those of changes in the metric.
var eventNames = map[cache.DeltaType]string{cache.Added: "add", cache.Updated: "update", cache.Deleted: "delete", cache.Replaced: "list"}

// newInformer returns an informer that turns each object into a *R with convert, nil meaning that it
// has nothing to say, and why not may be worth keeping, and hands changes to put, which stores them. objects is the indexer that put
// writes to. What does not change is not put again.
func newInformer[T object, R any](what string, r resource, example T, objects *store[R], convert func(T) (*R, *leftOut), put func(old, new *R)) *informer {
	kind, _, _ := strings.Cut(what, " ")
	i := &informer{what: what, kind: kind, example: example, resource: r, done: make(chan struct{})}
	latency := propagation.WithLabelValues(kind)
	handled := map[cache.DeltaType]prometheus.Counter{}
	for change, name := range eventNames {
		handled[change] = events.WithLabelValues(kind, name)
	}
	i.transform = func(obj any) (any, error) {
		o, ok := obj.(T)
		if !ok { // transformed already: client-go may do it twice
			return obj, nil
		}
		i.share(o)
		a := arrive[R](i, metaOf(o))
		a.rec, a.left = convert(o)
		return a, nil
	}
	if r.builtin {
		i.read = reader[T](i, objects)
	}
	storing := pace{}
	i.process = func(change cache.DeltaType, obj any) {
		key, err := keyOf(obj)
		if err != nil {
			log.Errorf("%s: object without a key: %v", what, err)
			return
		}
		old := objects.get(parseKey(key))
		new, _ := obj.(*R) // what is stored already, on a resync
		a, fresh := obj.(*arrival[R])
		if fresh {
			new = a.rec
			i.left.put(key, a.left)
		}
		if change == cache.Deleted {
			new = nil
			i.left.put(key, nil)
		}
		was, now := sumOf(old), sumOf(new)
		if was != nil && now != nil && was != now {
			atomic.StoreUint64(now, atomic.LoadUint64(was)) // no difference, then
		}
		if old != new && !reflect.DeepEqual(old, new) {
			put(old, new)
			report(what, key, badIn(old), badIn(new))
			i.objects.Add(present(new) - present(old))
			was = now
		}
		if fresh && was != nil {
			atomic.StoreUint64(was, a.sum)
		}
		if change == cache.Replaced && i.paced() {
			storing.keep()
		}
		if count := handled[change]; count != nil {
			count.Inc()
		}
		if fresh && change != cache.Replaced { // a list is no change, and takes as long as it is long
			latency.Observe(time.Since(a.at).Seconds())
		}
	}
	i.drop = func() {
		all := known[R]{within[R]{objects, r.namespace}, i}
		for _, key := range all.ListKeys() {
			if obj, ok, _ := all.GetByKey(key); ok {
				i.process(cache.Deleted, obj)
			}
		}
	}
	i.controller = func(lw cache.ListerWatcher, failed cache.WatchErrorHandlerWithContext) cache.Controller {
		return cache.New(&cache.Config{
			Queue: cache.NewRealFIFOWithOptions(cache.RealFIFOOptions{
				KeyFunction: keyOf, KnownObjects: known[R]{within[R]{objects, r.namespace}, i}, Transformer: i.transform,
			}),
			ListerWatcher: lw,
			ObjectType:    example,
			Process: func(obj any, _ bool) error {
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

// reader returns what reads an object of a built-in type off a list. One that is sent as in the list before is not decoded
// again: most are not another, and the garbage of many has Go collect it with the help of whoever allocates, which queries
// wait for longer than for anything else.
func reader[T object, R any](i *informer, objects *store[R]) func(item []byte) (runtime.Object, error) {
	t, seed := reflect.TypeFor[T]().Elem(), maphash.MakeSeed()
	s, reading := short{}, pace{}
	return func(item []byte) (runtime.Object, error) {
		if i.paced() {
			reading.keep()
		}
		if err := s.of(item); err != nil {
			return nil, err
		}
		sum := maphash.Bytes(seed, s.object)
		rec := objects.get(objectKey{string(s.namespace), string(s.name)})
		if was := sumOf(rec); was != nil && atomic.LoadUint64(was) == sum {
			a := arrive[R](i, named(rec))
			a.rec, a.sum = rec, sum
			return a, nil
		}
		obj := reflect.New(t).Interface()
		if err := obj.(interface{ Unmarshal([]byte) error }).Unmarshal(s.object); err != nil {
			return nil, err
		}
		arrived, err := i.transform(obj)
		if err != nil {
			return nil, err
		}
		a := arrived.(*arrival[R])
		if a.left == nil {
			a.sum = sum
		}
		return a, nil
	}
}

func present[R any](stored *R) int64 {
	if stored == nil {
		return 0
	}
	return 1
}

// object is what every API type is.
type object interface {
	runtime.Object
	GetNamespace() string
	SetNamespace(string)
	GetName() string
	GetLabels() map[string]string
	GetAnnotations() map[string]string
}

func metaOf(o object) meta { return meta{namespace: o.GetNamespace(), name: o.GetName()} }

// named returns the name of a stored object.
func named[R any](stored *R) meta {
	id := any(stored).(interface{ id() objectKey }).id()
	return meta{namespace: id.namespace, name: id.name}
}

// badIn returns the values that a stored object, if any, was stored without.
func badIn[R any](stored *R) skips {
	if stored == nil {
		return nil
	}
	return any(stored).(interface{ bad() skips }).bad()
}
