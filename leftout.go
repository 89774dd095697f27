package gateway

import "sync"

// leftOut is an object that claims names and does not count. Those are kept for the status page only.
type leftOut struct {
	meta
	reason string
	names  []string // canonical
}

// leftOuts are those of an informer, by key. Nil keeps none.
type leftOuts struct {
	mu    sync.Mutex
	byKey map[string]*leftOut
}

func (l *leftOuts) put(key string, obj *leftOut) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if obj == nil {
		delete(l.byKey, key)
	} else {
		l.byKey[key] = obj
	}
}

// keys returns those of a namespace, or all where it is empty.
func (l *leftOuts) keys(namespace string) (keys []string) {
	for _, obj := range l.list() {
		if namespace == "" || obj.namespace == namespace {
			keys = append(keys, obj.key())
		}
	}
	return keys
}

func (l *leftOuts) get(key string) *leftOut {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.byKey[key]
}

func (l *leftOuts) list() (list []*leftOut) {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, obj := range l.byKey {
		list = append(list, obj)
	}
	return list
}

// known is all that an informer has: a list replaces what is left out as well (cache.KeyListerGetter).
type known[R any] struct {
	within[R]
	informer *informer
}

// ListKeys implements cache.KeyLister.
func (k known[R]) ListKeys() []string {
	return append(k.within.ListKeys(), k.informer.left.keys(k.namespace)...)
}

// GetByKey implements cache.KeyGetter.
func (k known[R]) GetByKey(key string) (any, bool, error) {
	if obj := k.informer.left.get(key); obj != nil {
		return obj, true, nil
	}
	return k.within.GetByKey(key)
}
