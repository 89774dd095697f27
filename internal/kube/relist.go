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

// Replace implements objectStorer.
func (s *TypedStorer[R]) Replace(ctx context.Context, list []any) {
	before := s.Known()
	listed := make(map[string]struct{}, len(list))
	var after []func() // removals, to be done after all additions of the list
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

// makeWay lets queries run during work on a list, except during the first list of a start.
func (s *TypedStorer[R]) makeWay() {
	if s.informer.paced() {
		s.pace.Yield()
	}
}

// keepEarlier keeps the data that an object loses with an arrival, and returns the functions that remove this data later.
func (s *TypedStorer[R]) keepEarlier(key store.Key, a *Arrival[R]) (release []func()) {
	old := s.objects.Get(key)
	if old == nil || old == a.Rec {
		return nil
	}
	if u, ok := any(a.Rec).(interface{ UnionWith(old *R) *R }); ok { // other objects look it up by its key, so it must not be in the store twice
		final := a.Rec
		if both := u.UnionWith(old); both != final {
			a.Rec = both
			return []func(){func() { s.Put(both, final) }}
		}
		return nil
	}
	if k, ok := any(a.Rec).(interface{ Covers(old *R) bool }); ok && k.Covers(old) {
		return nil
	}
	earlier := *old
	any(&earlier).(interface{ MarkEarlier() }).MarkEarlier()
	s.Put(nil, &earlier)
	return []func(){func() { s.Put(&earlier, nil) }}
}
