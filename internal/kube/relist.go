package kube

import (
	"context"

	"k8s.io/client-go/tools/cache"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// A relist must not make a name disappear that exists before and after it (R7). A name may have moved from one object to
// another while there was no watch, and must answer throughout, whatever the order of the two objects in the list. Therefore a
// list is stored in two steps: first all additions, then all removals. Between the steps, an object that lost something is in
// the store twice: as it is in the list, and as it was before, under a second key.

// uniter is a *R that other objects look up by its key, so it must not be in the store twice. UnionWith returns what is stored
// between the steps: the object, with what an earlier version of it has and it has not. It returns the object itself if it lost
// nothing.
type uniter[R any] interface{ UnionWith(old *R) *R }

// coverer is a *R that can lose names or data. Covers reports whether it has everything that an earlier version of it has.
type coverer[R any] interface{ Covers(old *R) bool }

// earlierMarker is a *R of which a copy is stored as it was before. MarkEarlier gives the copy a second key.
type earlierMarker interface{ MarkEarlier() }

// Replace implements objectStorer.
func (s *TypedStorer[R]) Replace(ctx context.Context, list []any) {
	before := s.Known()
	listed := make(map[string]struct{}, len(list))
	var removals []func() // to be done after all additions
	for n, obj := range list {
		list[n] = nil
		key, err := keyOf(obj)
		if err != nil {
			continue
		}
		listed[key] = struct{}{}
		a, ok := obj.(*Arrival[R])
		switch {
		case !ok || ctx.Err() != nil:
		case a.Rec == nil: // the object has nothing to store any more
			removals = append(removals, func() { s.Process(cache.Replaced, a) })
		default:
			removals = append(removals, s.keepEarlier(store.ParseKey(key), a)...)
			s.Process(cache.Replaced, a)
		}
	}
	for _, do := range removals {
		do()
		s.yield()
	}
	for _, key := range before {
		if _, ok := listed[key]; !ok && ctx.Err() == nil {
			s.Process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: key})
			s.yield()
		}
	}
}

// keepEarlier stores the data that an object loses with an arrival, and returns the functions that remove this data later.
func (s *TypedStorer[R]) keepEarlier(key store.Key, a *Arrival[R]) (removals []func()) {
	old := s.objects.Get(key)
	if old == nil || old == a.Rec {
		return nil
	}
	if u, ok := any(a.Rec).(uniter[R]); ok {
		final := a.Rec
		if both := u.UnionWith(old); both != final {
			a.Rec = both
			return []func(){func() { s.Put(both, final) }}
		}
		return nil
	}
	if c, ok := any(a.Rec).(coverer[R]); ok && c.Covers(old) {
		return nil
	}
	earlier := *old
	any(&earlier).(earlierMarker).MarkEarlier()
	s.Put(nil, &earlier)
	return []func(){func() { s.Put(&earlier, nil) }}
}
