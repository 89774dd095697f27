package record

import (
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Covers reports whether the record has every name of an earlier record of the same object, with data of the same types.
func (r *Record) Covers(old *Record) bool {
	if new, was := r.EndpointService(), old.EndpointService(); new != nil || was != nil {
		return new != nil && was != nil && ContainsAll(new.Names, was.Names) && (new.PublishNotReady || !was.PublishNotReady)
	}
	for _, e := range old.Entries {
		if !slices.ContainsFunc(r.At(e.Name), func(f Entry) bool { return f.covers(e) }) {
			return false
		}
	}
	return true
}

// covers reports whether the entry has data of every type that an earlier entry of the same name has.
func (e Entry) covers(old Entry) bool {
	d, was := e.Data, old.Data
	return (d.Usable(e.Name) || !was.Usable(e.Name)) && (d.CNAME != "" || was.CNAME == "") && len(d.RRs) >= min(len(was.RRs), 1) &&
		(len(was.RRs) == 0 || d.rrtype() == was.rrtype()) && d.families().covers(was.families())
}

// families are the address families of a list of addresses.
type families struct{ v4, v6 bool }

func (t *Targets) families() families {
	n := len(t.Addrs)
	return families{n > 0 && t.Addrs[0].Is4(), n > 0 && t.Addrs[n-1].Is6()}
}

func (f families) covers(old families) bool { return (f.v4 || !old.v4) && (f.v6 || !old.v6) }

// Covers reports whether the targets have an address of every family that earlier targets have, or an alias in place of an alias.
func (t *Targets) Covers(old *Targets) bool {
	return t.families().covers(old.families()) && (len(t.Addrs)+len(t.Hosts) > 0 || len(old.Hosts) == 0)
}

// UnionWith returns the targets and, for each address family that they lack, those of an earlier version of the object.
func (t *Targets) UnionWith(old *Targets) Targets {
	switch {
	case t.Covers(old):
		return *t
	case len(t.Addrs) == 0:
		return *old
	}
	has, both := t.families(), Targets{Addrs: slices.Clone(t.Addrs), Hosts: t.Hosts}
	for _, a := range old.Addrs {
		if a.Is4() && !has.v4 || a.Is6() && !has.v6 {
			both.Addrs = append(both.Addrs, a)
		}
	}
	both.Addrs = target.Sort(both.Addrs)
	return both
}

// ContainsAll reports whether a list contains all values of another list. The lists need not be sorted.
func ContainsAll[T comparable](list, part []T) bool {
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
