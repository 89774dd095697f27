// Package store is an in-memory index of objects of one type: it finds an object by its key, and all objects that have a
// value in common, such as the owner names that a record claims.
//
// It does what client-go's cache.Indexer does in a fraction of the memory: that indexer keeps a set for every value of
// every index, and builds a slice for every lookup. The package knows nothing of DNS, and of Kubernetes only that an object
// has a namespace and a name.
package store

import (
	"maps"
	"slices"
	"sync"
)

// Store holds objects by key and under the values of its indexes. Its methods may be called from several goroutines.
// Replace, ReplaceKey and ReplaceValue for the same object must not run at the same time.
type Store[T any] struct {
	key     func(*T) Key // nil in a store without keys
	mu      sync.RWMutex
	objects map[string]map[string]*T // by namespace and name; nil in a store without keys
	indexes []*index[T]
}

// New returns an empty store. key returns the key of an object; a store with a nil key finds objects by value only. Each of
// values defines an index: it calls file for every value of an object, and may do so more than once for the same value.
func New[T any](key func(*T) Key, values ...func(obj *T, file func(value string))) *Store[T] {
	s := &Store[T]{key: key}
	if key != nil {
		s.objects = map[string]map[string]*T{}
	}
	for _, v := range values {
		s.indexes = append(s.indexes, newIndex(v))
	}
	return s
}

// Replace stores new in place of old. A nil old adds an object, a nil new removes one.
func (s *Store[T]) Replace(old, new *T) {
	s.ReplaceKey(old, new)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.indexes {
		if old != nil {
			i.values(old, func(value string) { i.remove(value, old) })
		}
		if new != nil {
			i.values(new, func(value string) { i.add(value, new) })
		}
	}
}

// ReplaceKey is the part of Replace that concerns the key. The caller replaces the values one by one with ReplaceValue.
func (s *Store[T]) ReplaceKey(old, new *T) {
	if s.objects == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old != nil && (new == nil || s.key(old) != s.key(new)) {
		s.deleteKey(s.key(old))
	}
	if new != nil {
		s.setKey(s.key(new), new)
	}
}

// ReplaceValue is the part of Replace that concerns one value of the n-th index. old and new have this value, or are nil.
func (s *Store[T]) ReplaceValue(n int, value string, old, new *T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch i := s.indexes[n]; {
	case old == nil:
		i.add(value, new)
	case new == nil:
		i.remove(value, old)
	default:
		i.swap(value, old, new)
	}
}

func (s *Store[T]) setKey(key Key, obj *T) {
	namespace := s.objects[key.Namespace]
	if namespace == nil {
		namespace = map[string]*T{}
		s.objects[key.Namespace] = namespace
	}
	namespace[key.Name] = obj
}

func (s *Store[T]) deleteKey(key Key) {
	namespace := s.objects[key.Namespace]
	if delete(namespace, key.Name); len(namespace) == 0 {
		delete(s.objects, key.Namespace)
	}
}

// Get returns the object of a key, or nil.
func (s *Store[T]) Get(key Key) *T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.objects[key.Namespace][key.Name]
}

// ByValue returns the objects that have a value in the n-th index.
func (s *Store[T]) ByValue(n int, value string) (f Found[T]) {
	s.mu.RLock() // a defer would cost a query as much as the lock
	f.one[0] = s.indexes[n].one[value]
	if f.one[0] == nil {
		if shared := s.indexes[n].shared[value]; shared != nil {
			f.more = shared.read()
		}
	}
	s.mu.RUnlock()
	return f
}

// CountByValue returns how many objects have a value in the n-th index.
func (s *Store[T]) CountByValue(n int, value string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if shared := s.indexes[n].shared[value]; shared != nil {
		return len(shared.list)
	}
	if s.indexes[n].one[value] != nil {
		return 1
	}
	return 0
}

// List returns all objects. A store without keys returns an object once for each of its values in the first index.
func (s *Store[T]) List() []*T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.objects != nil {
		n := 0
		for _, namespace := range s.objects {
			n += len(namespace)
		}
		list := make([]*T, 0, n)
		for _, namespace := range s.objects {
			list = slices.AppendSeq(list, maps.Values(namespace))
		}
		return list
	}
	var list []*T
	for _, obj := range s.indexes[0].one {
		list = append(list, obj)
	}
	for _, shared := range s.indexes[0].shared {
		list = append(list, shared.list...)
	}
	return list
}

// batch is how many objects ListInBatches reads before it releases the lock.
const batch = 256

// ListInBatches is List for a reader that no writer and no query should wait for: it releases the lock after each batch. An
// object that changes meanwhile may be missing, or listed both as it was and as it is.
func (s *Store[T]) ListInBatches() (list []*T) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	add := func(obj *T) {
		if list = append(list, obj); len(list)%batch == 0 {
			s.mu.RUnlock()
			s.mu.RLock()
		}
	}
	for _, namespace := range s.objects {
		for _, obj := range namespace {
			add(obj)
		}
	}
	if s.objects != nil {
		return list
	}
	for _, obj := range s.indexes[0].one {
		add(obj)
	}
	for _, shared := range s.indexes[0].shared {
		for _, obj := range shared.read() {
			add(obj)
		}
	}
	return list
}

// Found is the objects that a lookup found.
type Found[T any] struct {
	one  [1]*T // held here, so that the usual lookup allocates nothing
	more []*T
}

// NewFound returns a Found that holds the objects of a list, which must not change.
func NewFound[T any](list []*T) Found[T] { return Found[T]{more: list} }

// All returns the objects. The caller must not write to the slice.
func (f *Found[T]) All() []*T {
	if f.one[0] != nil {
		return f.one[:]
	}
	return f.more
}
