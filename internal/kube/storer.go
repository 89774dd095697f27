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
	// drop deletes all objects from the store.
	drop()
}

// eventNames are the names of changes in the metric.
var eventNames = map[cache.DeltaType]string{cache.Added: "add", cache.Updated: "update", cache.Deleted: "delete", cache.Replaced: "list"}

// TypedStorer is the objectStorer for objects that are stored as *R. It is used by one goroutine at a time.
type TypedStorer[R any] struct {
	informer *Informer
	objects  *store.Store[R]
	Put      func(old, new *R)
	latency  prometheus.Observer
	handled  map[cache.DeltaType]prometheus.Counter
	pace     pace.Pace
}

func newTypedStorer[R any](i *Informer, objects *store.Store[R], put func(old, new *R)) *TypedStorer[R] {
	return &TypedStorer[R]{informer: i, objects: objects, Put: put, latency: Propagation.WithLabelValues(i.Kind), handled: counters(i.Kind)}
}

// counters returns the counters of a kind's changes.
func counters(kind string) map[cache.DeltaType]prometheus.Counter {
	list := map[cache.DeltaType]prometheus.Counter{}
	for change, name := range eventNames {
		list[change] = Events.WithLabelValues(kind, name)
	}
	return list
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
	a, fresh := obj.(*Arrival[R])
	if fresh {
		new = a.Rec
		i.Unserved.Put(key, a.left)
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
		ReportSkipped(i.Title, key, SkippedIn(old), SkippedIn(new))
		i.Objects.Add(present(new) - present(old))
		was = now
	}
	if fresh && was != nil {
		atomic.StoreUint64(was, a.sum)
	}
	if change == cache.Replaced && i.paced() {
		s.pace.Yield()
	}
	if count := s.handled[change]; count != nil {
		count.Inc()
	}
	if fresh && change != cache.Replaced { // an item of a list is no change: its latency would be that of the list
		s.latency.Observe(time.Since(a.at).Seconds())
	}
}

// drop implements objectStorer.
func (s *TypedStorer[R]) drop() {
	for _, key := range s.Known() {
		s.Process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: key})
	}
}

// Known returns the keys of all objects that a list replaces: those that are stored, and those that are not served.
func (s *TypedStorer[R]) Known() []string {
	namespace := s.informer.Resource.Namespace
	return append(store.Within[R]{Store: s.objects, Namespace: namespace}.ListKeys(), s.informer.Unserved.Keys(namespace)...)
}

// keyOf is the key function of every store. It takes API objects, arrivals, and tombstones.
func keyOf(obj any) (string, error) {
	if r, ok := obj.(interface{ Key() store.Key }); ok {
		return r.Key().String(), nil
	}
	return cache.DeletionHandlingMetaNamespaceKeyFunc(obj)
}
