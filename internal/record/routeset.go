package record

import "sync/atomic"

// RouteSet holds the routes that share a binding, each in its stored version. Most bindings have one route. Methods that change a
// set must not run at the same time; Any may run beside them.
type RouteSet struct {
	first atomic.Pointer[Meta]
	rest  map[*Meta]struct{}
}

// Add adds a route.
func (s *RouteSet) Add(m *Meta) {
	if s.first.CompareAndSwap(nil, m) {
		return
	}
	if s.rest == nil {
		s.rest = map[*Meta]struct{}{}
	}
	s.rest[m] = struct{}{}
}

// Remove removes a route, and reports whether the set is empty now.
func (s *RouteSet) Remove(m *Meta) bool {
	if s.first.Load() != m {
		delete(s.rest, m)
		return false
	}
	for next := range s.rest {
		delete(s.rest, next)
		s.first.Store(next)
		return false
	}
	s.first.Store(nil)
	return true
}

// Replace stores a new version of a route in place of the old one.
func (s *RouteSet) Replace(old, new *Meta) {
	if s.first.CompareAndSwap(old, new) {
		return
	}
	delete(s.rest, old)
	s.rest[new] = struct{}{}
}

// Any returns one of the routes, or nil if the set is empty.
func (s *RouteSet) Any() *Meta { return s.first.Load() }
