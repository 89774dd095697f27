package store

import (
	"slices"
	"sync/atomic"
)

// index files objects under their values. The usual value has one object.
type index[T any] struct {
	values func(obj *T, file func(value string))
	one    map[string]*T
	shared map[string]*sharedList[T] // by value, for values that several objects have
}

func newIndex[T any](values func(obj *T, file func(value string))) *index[T] {
	return &index[T]{values: values, one: map[string]*T{}, shared: map[string]*sharedList[T]{}}
}

func (i *index[T]) add(value string, obj *T) {
	switch one, shared := i.one[value], i.shared[value]; {
	case one == nil && shared == nil:
		i.one[value] = obj
	case shared == nil && one != obj:
		i.shared[value] = &sharedList[T]{list: []*T{one, obj}}
		delete(i.one, value)
	case shared != nil && shared.list[len(shared.list)-1] != obj: // the values of one object are filed one after the other
		shared.list = append(shared.list, obj)
	}
}

func (i *index[T]) remove(value string, obj *T) {
	if i.one[value] == obj {
		delete(i.one, value)
		return
	}
	shared := i.shared[value]
	if shared == nil {
		return
	}
	n := slices.Index(shared.list, obj)
	switch {
	case n < 0:
	case len(shared.list) == 2:
		i.one[value] = shared.list[1-n]
		delete(i.shared, value)
	default:
		shared.remove(n)
	}
}

// swap stores new in place of old, which has the same value.
func (i *index[T]) swap(value string, old, new *T) {
	if i.one[value] == old {
		i.one[value] = new
	} else if shared := i.shared[value]; shared != nil {
		if n := slices.Index(shared.list, old); n >= 0 {
			shared.replace(n, new)
		}
	}
}

// sharedList holds the objects filed under one value. Readers receive the slice itself, so a removal first copies it
// (copy-on-write), once for all removals until the next reader: thousands of objects may share a value and be removed
// together (BenchmarkStoreShared). Additions do not copy, because readers hold a slice that is capped at its old length.
type sharedList[T any] struct {
	list   []*T
	isRead atomic.Bool // a reader may hold the list
}

// read returns the list for a reader.
func (s *sharedList[T]) read() []*T {
	if !s.isRead.Load() { // readers are many: a store by each would contend for the cache line
		s.isRead.Store(true)
	}
	return s.list[:len(s.list):len(s.list)]
}

// copyOnWrite makes sure that no reader holds the list.
func (s *sharedList[T]) copyOnWrite() {
	if s.isRead.Load() {
		s.list = slices.Clone(s.list)
		s.isRead.Store(false)
	}
}

func (s *sharedList[T]) remove(n int) {
	s.copyOnWrite()
	last := len(s.list) - 1
	s.list[n], s.list[last] = s.list[last], nil
	s.list = s.list[:last]
}

func (s *sharedList[T]) replace(n int, obj *T) {
	s.copyOnWrite()
	s.list[n] = obj
}
