package kube

import (
	"context"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/pace"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// objectStorer keeps the store of an informer up to date.
type objectStorer interface {
	// Process stores one change: an arrival, or client-go's tombstone of a deleted object.
	Process(change cache.DeltaType, obj any)
	// Replace replaces the content of the store by a list. It stops early when the context ends.
	Replace(ctx context.Context, list []any)
	// drop deletes all objects from the store, because the resource is absent.
	drop()
}

// eventNames are the names of changes in the metric.
var eventNames = map[cache.DeltaType]string{cache.Added: "add", cache.Updated: "update", cache.Deleted: "delete", cache.Replaced: "list"}

// storerBase is what the objectStorers have in common: metrics of changes, and pauses during work on a list.
type storerBase struct {
	informer *Informer
	latency  prometheus.Observer
	events   map[cache.DeltaType]prometheus.Counter
	pace     pace.Pace
}

func newStorerBase(i *Informer) storerBase {
	b := storerBase{informer: i, latency: Propagation.WithLabelValues(i.Kind), events: map[cache.DeltaType]prometheus.Counter{}}
	for change, name := range eventNames {
		b.events[change] = Events.WithLabelValues(i.Kind, name)
	}
	return b
}

// count counts a change.
func (b *storerBase) count(change cache.DeltaType) {
	if counter := b.events[change]; counter != nil {
		counter.Inc()
	}
}

// observeLatency measures the time since a change arrived. An item of a list is not measured: its time would be that of the list.
func (b *storerBase) observeLatency(change cache.DeltaType, arrival time.Time) {
	if change != cache.Replaced {
		b.latency.Observe(time.Since(arrival).Seconds())
	}
}

// yield lets queries run during work on a list, except during the first list of a start.
func (b *storerBase) yield() {
	if b.informer.paced() {
		b.pace.Yield()
	}
}

// TypedStorer is the objectStorer for objects that are stored as *R. It is used by one goroutine at a time.
type TypedStorer[R any] struct {
	storerBase
	objects *store.Store[R]
	Put     func(old, new *R)
}

func newTypedStorer[R any](i *Informer, objects *store.Store[R], put func(old, new *R)) *TypedStorer[R] {
	return &TypedStorer[R]{newStorerBase(i), objects, put}
}

// Process implements objectStorer.
func (s *TypedStorer[R]) Process(change cache.DeltaType, obj any) {
	i := s.informer
	key, err := keyOf(obj)
	if err != nil {
		log.Errorf("%s: object without a key: %v", i.Title, err)
		return
	}
	old := s.objects.Get(store.ParseKey(key))
	var new *R
	a, arrived := obj.(*Arrival[R])
	if arrived {
		new = a.Rec
		i.Unserved.Put(key, a.unserved)
	}
	if change == cache.Deleted {
		new = nil
		i.Unserved.Put(key, nil)
	}
	was, now := record.SentHash(old), record.SentHash(new)
	if was != nil && now != nil && was != now {
		atomic.StoreUint64(now, atomic.LoadUint64(was)) // so that DeepEqual does not compare the hashes
	}
	if old != new && !reflect.DeepEqual(old, new) {
		s.Put(old, new)
		ReportSkipped(i.Kind, i.Title, key, SkippedIn(old), SkippedIn(new))
		i.Objects.Add(present(new) - present(old))
		was = now
	}
	if arrived && was != nil {
		atomic.StoreUint64(was, a.sum)
	}
	if change == cache.Replaced {
		s.yield()
	}
	s.count(change)
	if arrived {
		s.observeLatency(change, a.at)
	}
}

// drop implements objectStorer.
func (s *TypedStorer[R]) drop() {
	for _, key := range s.Known() {
		s.Process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: key})
	}
}

// Known returns the keys of all objects that a list replaces: the stored ones, and the unserved ones.
func (s *TypedStorer[R]) Known() []string {
	namespace := s.informer.Resource.Namespace
	return append(store.Within[R]{Store: s.objects, Namespace: namespace}.ListKeys(), s.informer.Unserved.Keys(namespace)...)
}

// keyOf is the key function of every store. It takes API objects, arrivals, and tombstones.
func keyOf(obj any) (string, error) {
	if r, ok := obj.(keyed); ok {
		return r.Key().String(), nil
	}
	return cache.DeletionHandlingMetaNamespaceKeyFunc(obj)
}
