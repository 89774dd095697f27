package gateway

import "sync/atomic"

// behind is the routes that share a binding. Most bindings have one.
type behind struct {
	first atomic.Pointer[route]
	rest  map[*route]struct{} // guarded by join.mu, as changes of first are
}

func (b *behind) add(rt *route) {
	if b.first.CompareAndSwap(nil, rt) {
		return
	}
	if b.rest == nil {
		b.rest = map[*route]struct{}{}
	}
	b.rest[rt] = struct{}{}
}

// remove reports whether it was the last.
func (b *behind) remove(rt *route) bool {
	if b.first.Load() != rt {
		delete(b.rest, rt)
		return false
	}
	for next := range b.rest {
		delete(b.rest, next)
		b.first.Store(next)
		return false
	}
	b.first.Store(nil)
	return true
}

// replace puts a new version of a route in the place of the old one.
func (b *behind) replace(old, new *route) {
	if b.first.CompareAndSwap(old, new) {
		return
	}
	delete(b.rest, old)
	b.rest[new] = struct{}{}
}
