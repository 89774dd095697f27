package kube

import (
	"context"

	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// A relist never takes away what it holds (R7): a name that one object handed to another while the watch was away must
// answer throughout, whatever the order in which the list has the two. Therefore a list is stored in two steps: first all
// that it adds, then what it takes away. In between, an object that lost something stands in the store twice: as the list
// has it, and as it was before, under a key of its own.

// Replace implements objectStorer.
func (s *TypedStorer[R]) Replace(ctx context.Context, list []any) {
	before := s.Known()
	listed := make(map[string]struct{}, len(list))
	var after []func() // what remains to be done when all is stored that the list adds
	for n, obj := range list {
		list[n] = nil
		key, err := KeyOf(obj)
		if err != nil {
			continue
		}
		listed[key] = struct{}{}
		a, ok := obj.(*Arrival[R])
		switch {
		case !ok || ctx.Err() != nil:
		case a.Rec == nil: // it says nothing any more
			after = append(after, func() { s.Process(cache.Replaced, a) })
		default:
			after = append(after, s.keepEarlier(store.ParseKey(key), a)...)
			s.Process(cache.Replaced, a)
		}
	}
	for _, do := range after {
		do()
		s.makeWay()
	}
	for _, key := range before {
		if _, ok := listed[key]; !ok && ctx.Err() == nil {
			s.Process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: key})
			s.makeWay()
		}
	}
}

// makeWay has work on a list make way for queries, but for the first one of a start.
func (s *TypedStorer[R]) makeWay() {
	if s.informer.paced() {
		s.pace.Yield()
	}
}

// keepEarlier keeps what an object loses with an arrival, and returns how to let go of it.
func (s *TypedStorer[R]) keepEarlier(key store.Key, a *Arrival[R]) (release []func()) {
	old := s.objects.Get(key)
	if old == nil || old == a.Rec {
		return nil
	}
	if u, ok := any(a.Rec).(interface{ With(old *R) *R }); ok { // others look it up by its key: it must not stand there twice
		final := a.Rec
		if both := u.With(old); both != final {
			a.Rec = both
			return []func(){func() { s.Put(both, final) }}
		}
		return nil
	}
	if k, ok := any(a.Rec).(interface{ Covers(old *R) bool }); ok && k.Covers(old) {
		return nil
	}
	earlier := *old
	any(&earlier).(interface{ Earlier() }).Earlier()
	s.Put(nil, &earlier)
	return []func(){func() { s.Put(&earlier, nil) }}
}
