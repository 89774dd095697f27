package store

// Within is the part of a store that a list of one namespace replaces (client-go's cache.KeyListerGetter). An empty namespace
// stands for all.
type Within[T any] struct {
	*Store[T]
	Namespace string
}

// ListKeys implements cache.KeyLister.
func (w Within[T]) ListKeys() []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var keys []string
	for namespace, objects := range w.objects {
		if w.Namespace != "" && namespace != w.Namespace {
			continue
		}
		for name := range objects {
			keys = append(keys, Key{namespace, name}.String())
		}
	}
	return keys
}

// GetByKey implements cache.KeyGetter.
func (w Within[T]) GetByKey(key string) (any, bool, error) {
	obj := w.Get(ParseKey(key))
	return obj, obj != nil, nil
}
