package kube

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/pace"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// CompactStore stores the data of an informer's objects in a compact form of its own: a few bytes for each object. A store.Store,
// with its keys, would be many times larger. The ID of an object is a hash of its key.
type CompactStore[R any] interface {
	// ID returns the ID of an object.
	ID(key store.Key) uint64
	// Put stores the data of an object. Nil is an object without data, or one that is gone. It returns by how much the number
	// of kept objects changes.
	Put(id uint64, said *R) (more int)
	// WouldRemove reports whether Keep would remove something. In a list, removals wait until all additions are stored (R7).
	WouldRemove(id uint64, said *R) bool
	// IDs returns the objects that are kept.
	IDs() []uint64
	// Complete notes whether all existing objects have been kept.
	Complete(complete bool)
}

// compactStorer is the objectStorer for objects in a CompactStore. It is used by one goroutine at a time.
type compactStorer[R any] struct {
	informer *Informer
	keeper   CompactStore[R]
	latency  prometheus.Observer
	handled  map[cache.DeltaType]prometheus.Counter
	pace     pace.Pace
}

// NewCompactInformer returns an informer that turns each object into a *R with convert, and passes it to a CompactStore. A nil *R is an
// object without data. No *R is stored.
func NewCompactInformer[T Object, R any](what string, r Resource, keeper CompactStore[R], convert func(T) (*R, *record.Unserved)) *Informer {
	i := newInformer(what, r)
	i.Reader = newTypedReader(i, store.New[R](nil), convert)
	i.Storer = &compactStorer[R]{informer: i, keeper: keeper, latency: Propagation.WithLabelValues(i.Kind), handled: counters(i.Kind)}
	return i
}

// Process implements objectStorer.
func (s *compactStorer[R]) Process(change cache.DeltaType, obj any) {
	key, err := keyOf(obj)
	if err != nil {
		log.Errorf("%s: object without a key: %v", s.informer.Title, err)
		return
	}
	a, fresh := obj.(*Arrival[R])
	var said *R
	if fresh && change != cache.Deleted {
		said = a.Rec
		ReportSkipped(s.informer.Title, key, record.Skips{}, SkippedIn(said))
	}
	s.keep(change, s.keeper.ID(store.ParseKey(key)), said)
	if fresh && change != cache.Replaced { // an item of a list is no change: its latency would be that of the list
		s.latency.Observe(time.Since(a.at).Seconds())
	}
}

// keep passes the data of one object to the keeper.
func (s *compactStorer[R]) keep(change cache.DeltaType, id uint64, said *R) {
	s.informer.Objects.Add(int64(s.keeper.Put(id, said)))
	if count := s.handled[change]; count != nil {
		count.Inc()
	}
}

// makeWay lets queries run during work on a list, except during the first list of a start.
func (s *compactStorer[R]) makeWay() {
	if s.informer.paced() {
		s.pace.Yield()
	}
}

// Replace implements objectStorer. It stores the additions of a list before its removals (R7).
func (s *compactStorer[R]) Replace(ctx context.Context, list []any) {
	before := s.keeper.IDs()
	listed := make(map[uint64]struct{}, len(list))
	var later []any
	for n, obj := range list {
		list[n] = nil
		a, ok := obj.(*Arrival[R])
		if !ok || ctx.Err() != nil {
			continue
		}
		id := s.keeper.ID(a.Key())
		listed[id] = struct{}{}
		if s.keeper.WouldRemove(id, a.Rec) {
			later = append(later, obj)
			continue
		}
		s.Process(cache.Replaced, obj)
		s.makeWay()
	}
	for _, obj := range later {
		s.Process(cache.Replaced, obj)
		s.makeWay()
	}
	if ctx.Err() != nil {
		return // the list was not stored completely
	}
	for _, id := range before {
		if _, ok := listed[id]; !ok {
			s.keep(cache.Deleted, id, nil)
			s.makeWay()
		}
	}
	s.keeper.Complete(true)
}

// drop implements objectStorer.
func (s *compactStorer[R]) drop() {
	s.keeper.Complete(false)
	for _, id := range s.keeper.IDs() {
		s.keep(cache.Deleted, id, nil)
	}
}
