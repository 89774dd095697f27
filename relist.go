package gateway

import (
	"context"
	"slices"
	"strings"

	"k8s.io/client-go/tools/cache"
)

// A relist never takes away what it holds (R7): a name that one object handed to another while the watch was away must
// answer throughout, whatever the order in which the list has the two. Therefore a list is stored in two steps: first all
// that it adds, then what it takes away. In between, an object that lost something stands in the store twice: as the list
// has it, and as it was before, under a key of its own.

// earlierSuffix marks the key of an object as it was before a relist. No API server lets a name hold it.
const earlierSuffix = "\x00"

// earlier makes a copy of a stored object one of the object as it was before a relist.
func (m *meta) earlier() { m.name += earlierSuffix; m.skipped = nil }

// current returns the key of the object itself where m is one of the object as it was before a relist.
func (m meta) current() objectKey {
	return objectKey{m.namespace, strings.TrimSuffix(m.name, earlierSuffix)}
}

// replace implements objectStorer.
func (s *typedStorer[R]) replace(ctx context.Context, list []any) {
	before := s.known()
	listed := make(map[string]struct{}, len(list))
	var after []func() // what remains to be done when all is stored that the list adds
	for n, obj := range list {
		list[n] = nil
		key, err := keyOf(obj)
		if err != nil {
			continue
		}
		listed[key] = struct{}{}
		a, ok := obj.(*arrival[R])
		switch {
		case !ok || ctx.Err() != nil:
		case a.rec == nil: // it says nothing any more
			after = append(after, func() { s.process(cache.Replaced, a) })
		default:
			after = append(after, s.keepEarlier(parseKey(key), a)...)
			s.process(cache.Replaced, a)
		}
	}
	for _, do := range after {
		do()
		s.makeWay()
	}
	for _, key := range before {
		if _, ok := listed[key]; !ok && ctx.Err() == nil {
			s.process(cache.Deleted, cache.DeletedFinalStateUnknown{Key: key})
			s.makeWay()
		}
	}
}

// makeWay has work on a list make way for queries, but for the first one of a start.
func (s *typedStorer[R]) makeWay() {
	if s.informer.paced() {
		s.pace.keep()
	}
}

// keepEarlier keeps what an object loses with an arrival, and returns how to let go of it.
func (s *typedStorer[R]) keepEarlier(key objectKey, a *arrival[R]) (release []func()) {
	old := s.objects.get(key)
	if old == nil || old == a.rec {
		return nil
	}
	if u, ok := any(a.rec).(interface{ with(old *R) *R }); ok {
		final := a.rec
		if both := u.with(old); both != final {
			a.rec = both
			return []func(){func() { s.put(both, final) }}
		}
		return nil
	}
	if k, ok := any(a.rec).(interface{ covers(old *R) bool }); ok && k.covers(old) {
		return nil
	}
	earlier := *old
	any(&earlier).(interface{ earlier() }).earlier()
	s.put(nil, &earlier)
	return []func(){func() { s.put(&earlier, nil) }}
}

// covers reports whether the record answers for all names that an earlier one of the object answers for, with data of the
// same types.
func (r *record) covers(old *record) bool {
	if r.resolved != nil || old.resolved != nil {
		return r.resolved != nil && old.resolved != nil && holdsAll(r.resolved.names, old.resolved.names)
	}
	for _, e := range old.entries {
		if !slices.ContainsFunc(r.at(e.name), func(f entry) bool { return f.covers(e) }) {
			return false
		}
	}
	return true
}

// covers reports whether the entry has data of all types that another entry of the same name has.
func (e entry) covers(old entry) bool {
	d, was := e.data, old.data
	return (d.usable(e.name) || !was.usable(e.name)) && (d.cname != "" || was.cname == "") && len(d.rrs) >= min(len(was.rrs), 1) &&
		(len(was.rrs) == 0 || d.rrtype() == was.rrtype()) && d.families().covers(was.families())
}

// families says which families of addresses there are.
type families struct{ v4, v6 bool }

func (t *targets) families() families {
	n := len(t.addrs)
	return families{n > 0 && t.addrs[0].Is4(), n > 0 && t.addrs[n-1].Is6()}
}

func (f families) covers(old families) bool { return (f.v4 || !old.v4) && (f.v6 || !old.v6) }

// covers reports whether the route has the hosts and the parents of an earlier one.
func (rt *route) covers(old *route) bool {
	return rt.inherit == old.inherit && holdsAll(rt.hosts, old.hosts) && holdsAll(rt.parents, old.parents) &&
		(rt.targets == nil) == (old.targets == nil)
}

// holdsAll reports whether a list has all that another has.
func holdsAll[T comparable](list, part []T) bool {
	if slices.Equal(list, part) {
		return true
	}
	has := make(map[T]struct{}, len(list))
	for _, v := range list {
		has[v] = struct{}{}
	}
	for _, v := range part {
		if _, ok := has[v]; !ok {
			return false
		}
	}
	return true
}
