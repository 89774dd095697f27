package gateway

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// objectKey names an object among those of its resource.
type objectKey struct{ namespace, name string }

func (k objectKey) String() string {
	if k.namespace == "" {
		return k.name
	}
	return k.namespace + "/" + k.name
}

// parseKey reads what String writes.
func parseKey(key string) objectKey {
	namespace, name, ok := strings.Cut(key, "/")
	if !ok {
		namespace, name = "", key
	}
	return objectKey{namespace, name}
}

func (k objectKey) compare(l objectKey) int {
	return cmp.Or(cmp.Compare(k.namespace, l.namespace), cmp.Compare(k.name, l.name))
}

// store is the indexer of an informer: what was made of objects, by key and under the values of its indexes. It does
// what client-go's cache.Indexer does, for a fraction of the memory: that one has a set of its own for every value of
// every index, and builds a slice for every question.
type store[T any] struct {
	key     func(*T) objectKey // nil where nobody asks for a key
	mu      sync.RWMutex
	objects map[string]map[string]*T // by namespace and name
	indexes []*index[T]
}

// index files objects under values. Most values have one object.
type index[T any] struct {
	values func(obj *T, file func(value string))
	one    map[string]*T
	more   map[string]*several[T] // of values that have several
}

// several is the objects under one value. Who asks gets the list itself, so that it is copied before one is taken out of
// it; but only once for all that are then taken out until somebody asks again, as thousands may share a value and go at
// the same time (BenchmarkStoreShared).
type several[T any] struct {
	list  []*T
	given atomic.Bool // somebody may still read the list, as far as it went then
}

func (s *several[T]) give() []*T {
	if !s.given.Load() { // many ask at the same time, and a write of each would be in the way of the others
		s.given.Store(true)
	}
	return s.list[:len(s.list):len(s.list)]
}

// own makes the list one that nobody reads.
func (s *several[T]) own() {
	if s.given.Load() {
		s.list = slices.Clone(s.list)
		s.given.Store(false)
	}
}

func (s *several[T]) remove(n int) {
	s.own()
	last := len(s.list) - 1
	s.list[n], s.list[last] = s.list[last], nil
	s.list = s.list[:last]
}

// newStore returns a store with an index for each of some functions, which call file for every value of an object, and
// may do so more than once.
func newStore[T any](key func(*T) objectKey, values ...func(obj *T, file func(value string))) *store[T] {
	s := &store[T]{key: key}
	if key != nil {
		s.objects = map[string]map[string]*T{}
	}
	for _, v := range values {
		s.indexes = append(s.indexes, &index[T]{values: v, one: map[string]*T{}, more: map[string]*several[T]{}})
	}
	return s
}

// replace puts one object in the place of another. Nil is none.
func (s *store[T]) replace(old, new *T) {
	s.rekey(old, new)
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

// rekey is the part of replace that concerns the keys.
func (s *store[T]) rekey(old, new *T) {
	if s.objects == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old != nil && (new == nil || s.key(old) != s.key(new)) {
		s.drop(s.key(old))
	}
	if new != nil {
		s.keep(s.key(new), new)
	}
}

// refile is the part of replace that concerns one value of the n-th index, for objects that have it. Nil is none.
func (s *store[T]) refile(n int, value string, old, new *T) {
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

func (s *store[T]) keep(key objectKey, obj *T) {
	namespace := s.objects[key.namespace]
	if namespace == nil {
		namespace = map[string]*T{}
		s.objects[key.namespace] = namespace
	}
	namespace[key.name] = obj
}

func (s *store[T]) drop(key objectKey) {
	namespace := s.objects[key.namespace]
	if delete(namespace, key.name); len(namespace) == 0 {
		delete(s.objects, key.namespace)
	}
}

func (i *index[T]) add(value string, obj *T) {
	switch one, more := i.one[value], i.more[value]; {
	case one == nil && more == nil:
		i.one[value] = obj
	case more == nil && one != obj:
		i.more[value] = &several[T]{list: []*T{one, obj}}
		delete(i.one, value)
	case more != nil && more.list[len(more.list)-1] != obj: // one object's values are filed one after the other
		more.list = append(more.list, obj)
	}
}

func (i *index[T]) remove(value string, obj *T) {
	if i.one[value] == obj {
		delete(i.one, value)
		return
	}
	more := i.more[value]
	if more == nil {
		return
	}
	n := slices.Index(more.list, obj)
	switch {
	case n < 0:
	case len(more.list) == 2:
		i.one[value] = more.list[1-n]
		delete(i.more, value)
	default:
		more.remove(n)
	}
}

// swap puts an object in the place of one that has the same value.
func (i *index[T]) swap(value string, old, new *T) {
	if i.one[value] == old {
		i.one[value] = new
	} else if more := i.more[value]; more != nil {
		if n := slices.Index(more.list, old); n >= 0 {
			more.own()
			more.list[n] = new
		}
	}
}

// get returns the object of a key, or nil.
func (s *store[T]) get(key objectKey) *T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.objects[key.namespace][key.name]
}

// found is the objects under a value.
type found[T any] struct {
	one  [1]*T
	more []*T
}

func (f *found[T]) all() []*T {
	if f.one[0] != nil {
		return f.one[:]
	}
	return f.more
}

// under returns the objects under a value of the n-th index.
func (s *store[T]) under(n int, value string) (f found[T]) {
	s.mu.RLock() // a defer would cost a query as much as the lock
	f.one[0] = s.indexes[n].one[value]
	if f.one[0] == nil {
		if more := s.indexes[n].more[value]; more != nil {
			f.more = more.give()
		}
	}
	s.mu.RUnlock()
	return f
}

// count returns how many objects there are under a value of the n-th index.
func (s *store[T]) count(n int, value string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if more := s.indexes[n].more[value]; more != nil {
		return len(more.list)
	}
	if s.indexes[n].one[value] != nil {
		return 1
	}
	return 0
}

// list returns all objects. Without keys it returns one as often as it has values of the first index.
func (s *store[T]) list() []*T {
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
	for _, more := range s.indexes[0].more {
		list = append(list, more.list...)
	}
	return list
}

// loosely is how many objects looseList takes before it lets writers, and the queries that wait behind them, go ahead.
const loosely = 256

// looseList is list for readers that can do without an object that is changed meanwhile, or with both what it was and
// what it is: no query waits for it.
func (s *store[T]) looseList() (list []*T) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	add := func(obj *T) {
		if list = append(list, obj); len(list)%loosely == 0 {
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
	for _, more := range s.indexes[0].more {
		for _, obj := range more.give() {
			add(obj)
		}
	}
	return list
}

// within is the part of a store that is in one namespace, or all of it: what a list of that namespace replaces
// (cache.KeyListerGetter).
type within[T any] struct {
	*store[T]
	namespace string
}

// ListKeys implements cache.KeyLister.
func (w within[T]) ListKeys() []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var keys []string
	for namespace, objects := range w.objects {
		if w.namespace != "" && namespace != w.namespace {
			continue
		}
		for name := range objects {
			keys = append(keys, objectKey{namespace, name}.String())
		}
	}
	return keys
}

// GetByKey implements cache.KeyGetter.
func (w within[T]) GetByKey(key string) (any, bool, error) {
	obj := w.get(parseKey(key))
	return obj, obj != nil, nil
}
