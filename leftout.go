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
