package gateway

import (
	"context"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// objectStorer keeps the store of an informer up to date.
type objectStorer interface {
	// process stores one change: an arrival, or what is known of an object that was deleted.
	process(change cache.DeltaType, obj any)
	// replace stores a list in place of all that is stored. It stops early when the context ends.
	replace(ctx context.Context, list []any)
	// drop deletes all that is stored.
	drop()
}

// eventNames are those of changes in the metric.
var eventNames = map[cache.DeltaType]string{cache.Added: "add", cache.Updated: "update", cache.Deleted: "delete", cache.Replaced: "list"}

// typedStorer is the objectStorer of objects of which a *R is stored. It is used by one goroutine at a time.
type typedStorer[R any] struct {
	informer *informer
	objects  *store.Store[R]
	put      func(old, new *R)
	latency  prometheus.Observer
	handled  map[cache.DeltaType]prometheus.Counter
	pace     pace
}

func newTypedStorer[R any](i *informer, objects *store.Store[R], put func(old, new *R)) *typedStorer[R] {
	s := &typedStorer[R]{informer: i, objects: objects, put: put, latency: propagation.WithLabelValues(i.kind), handled: map[cache.DeltaType]prometheus.Counter{}}
	for change, name := range eventNames {
		s.handled[change] = events.WithLabelValues(i.kind, name)
	}
	return s
}

// process implements objectStorer.
func (s *typedStorer[R]) process(change cache.DeltaType, obj any) {
	i := s.informer
	key, err := keyOf(obj)
	if err != nil {
		log.Errorf("%s: object without a key: %v", i.what, err)
		return
	}
	old := s.objects.Get(store.ParseKey(key))
	var new *R
	a, fresh := obj.(*arrival[R])
	if fresh {
		new = a.rec
		i.left.Put(key, a.left)
	}
	if change == cache.Deleted {
		new = nil
		i.left.Put(key, nil)
	}
	was, now := record.SentHash(old), record.SentHash(new)
	if was != nil && now != nil && was != now {
		atomic.StoreUint64(now, atomic.LoadUint64(was)) // no difference, then
	}
	if old != new && !reflect.DeepEqual(old, new) {
		s.put(old, new)
		report(i.what, key, badIn(old), badIn(new))
		i.objects.Add(present(new) - present(old))
		was = now
	}
	if fresh && was != nil {
		atomic.StoreUint64(was, a.sum)
	}
	if change == cache.Replaced && i.paced() {
		s.pace.keep()
	}
	if count := s.handled[change]; count != nil {
		count.Inc()
	}
	if fresh && change != cache.Replaced { // a list is no change, and takes as long as it is long
		s.latency.Observe(time.Since(a.at).Seconds())
	}
}

// drop implements objectStorer.
func (s *typedStorer[R]) drop() {
	for _, key := range s.known() {
		s.process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: key})
	}
}

// known returns the keys of all objects that a list replaces: those that are stored, and those that are left out.
func (s *typedStorer[R]) known() []string {
	namespace := s.informer.resource.namespace
	return append(store.Within[R]{Store: s.objects, Namespace: namespace}.ListKeys(), s.informer.left.Keys(namespace)...)
}

// keyOf is the key function of every store: it takes API objects, what transforms made of them, and
// tombstones.
func keyOf(obj any) (string, error) {
	if r, ok := obj.(interface{ Key() store.Key }); ok {
		return r.Key().String(), nil
	}
	return cache.DeletionHandlingMetaNamespaceKeyFunc(obj)
}
