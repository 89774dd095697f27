package kube

import (
	"context"

	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// CompactStore stores the data of an informer's objects in a compact form of its own: a few bytes for each object. A store.Store,
// with its keys, would be many times larger. The ID of an object is a hash of its key.
type CompactStore[R any] interface {
	// ID returns the ID of an object.
	ID(key store.Key) uint64
	// Put stores the data of an object. Nil is the data of an object that has none, or that was deleted. Put returns by how
	// much the number of stored objects changes.
	Put(id uint64, data *R) (more int)
	// WouldRemove reports whether Put would remove something. In a list, removals wait until all additions are stored (R7).
	WouldRemove(id uint64, data *R) bool
	// IDs returns the IDs of the stored objects.
	IDs() []uint64
	// SetListed notes whether a list has been stored completely, so that an object that is not stored does not exist.
	SetListed(listed bool)
}

// compactStorer is the objectStorer for objects in a CompactStore. It is used by one goroutine at a time.
type compactStorer[R any] struct {
	storerBase
	store CompactStore[R]
}

// NewCompactInformer returns an informer that turns each object into a *R with convert, and passes it to a CompactStore. A nil *R
// is an object without data. The informer does not retain the *R. kind and title are those of the Informer.
func NewCompactInformer[T Object, R any](kind, title string, r Resource, into CompactStore[R], convert func(T) (*R, *record.Unserved)) *Informer {
	i := newInformer(kind, title, r)
	i.Reader = newTypedReader(i, store.New[R](nil), convert)
	i.Storer = &compactStorer[R]{newStorerBase(i), into}
	return i
}

// Process implements objectStorer.
func (s *compactStorer[R]) Process(change cache.DeltaType, obj any) {
	key, err := keyOf(obj)
	if err != nil {
		log.Errorf("%s: object without a key: %v", s.informer.Title, err)
		return
	}
	a, arrived := obj.(*Arrival[R])
	var data *R
	if arrived && change != cache.Deleted {
		data = a.Rec
		ReportSkipped(s.informer.Kind, s.informer.Title, key, record.Skips{}, SkippedIn(data))
	}
	s.put(change, s.store.ID(store.ParseKey(key)), data)
	if arrived {
		s.observeLatency(change, a.at)
	}
}

// put passes the data of one object to the store, and counts the change.
func (s *compactStorer[R]) put(change cache.DeltaType, id uint64, data *R) {
	s.informer.Objects.Add(int64(s.store.Put(id, data)))
	s.count(change)
}

// Replace implements objectStorer. It stores the additions of a list before its removals (R7).
func (s *compactStorer[R]) Replace(ctx context.Context, list []any) {
	before := s.store.IDs()
	listed := make(map[uint64]struct{}, len(list))
	var removals []any // to be stored after all additions
	for n, obj := range list {
		list[n] = nil
		a, ok := obj.(*Arrival[R])
		if !ok || ctx.Err() != nil {
			continue
		}
		id := s.store.ID(a.Key())
		listed[id] = struct{}{}
		if s.store.WouldRemove(id, a.Rec) {
			removals = append(removals, obj)
			continue
		}
		s.Process(cache.Replaced, obj)
		s.yield()
	}
	for _, obj := range removals {
		s.Process(cache.Replaced, obj)
		s.yield()
	}
	if ctx.Err() != nil {
		return // part of the list may not be stored
	}
	for _, id := range before {
		if _, ok := listed[id]; !ok {
			s.put(cache.Deleted, id, nil)
			s.yield()
		}
	}
	s.store.SetListed(true)
}

// drop implements objectStorer.
func (s *compactStorer[R]) drop() {
	s.store.SetListed(false)
	for _, id := range s.store.IDs() {
		s.put(cache.Deleted, id, nil)
	}
}
