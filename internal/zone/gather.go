package zone

import (
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// MaxTargets limits how many targets of a name the filters look at, and with it the time that a question takes (N7). If a name has more
// targets, each namespace of each cluster gets an equal share, so one tenant cannot displace the others.
const MaxTargets = 1024

// maxTargetEntries limits the entries of these targets: one with addresses of both families has two, and a route has one for each Gateway.
const maxTargetEntries = 4 * MaxTargets

// gather appends the targets that a kind has for the name to a list, at most MaxTargets. The entries of one target are adjacent.
func (v *View) gather(k *Kind, list []Target) []Target {
	left := MaxTargets
	for part, s := range k.Parts {
		if u, ok := v.shared(s); ok {
			list, left = v.gatherShared(part, s, u, "", list, left)
		} else {
			found := v.Find(s, v.Match.Name)
			for _, rec := range found.All() {
				if list, left = v.appendTargets(part, s, rec, list, left); left < 0 {
					break
				}
			}
		}
		if left < 0 {
			list = v.gatherShares(k, list[:0])
			break
		}
	}
	group(list)
	return list
}

// group makes the entries of one target adjacent. They may be apart for a route with several Gateways, and for an object and its copy
// from before a relist.
func group(list []Target) {
	apart := func(t Target) bool { return t.Data.Route != (store.Key{}) || t.Record.IsEarlier() }
	byTarget := func(a, b Target) int { return a.compare(&b) }
	if len(list) > 1 && slices.ContainsFunc(list, apart) && !slices.IsSortedFunc(list, byTarget) {
		slices.SortStableFunc(list, byTarget)
	}
}

// gatherShared appends the targets of the objects of a union, in order: those in a namespace, or all if namespace is "".
func (v *View) gatherShared(part int, s *Index, u unionSnapshot, namespace string, list []Target, left int) ([]Target, int) {
	u.targets(namespace, func(rec *record.Record) bool {
		list, left = v.appendTargets(part, s, rec, list, left)
		return left >= 0
	})
	return list, left
}

// gatherShares is gather for a name with more than MaxTargets. Each namespace gets its first targets, in the order of its objects.
func (v *View) gatherShares(k *Kind, list []Target) []Target {
	namespaces := 0
	for _, s := range k.Parts {
		v.namespaces(s, func(string) bool { namespaces++; return namespaces < MaxTargets })
	}
	share := MaxTargets / max(1, min(namespaces, MaxTargets))
	all := MaxTargets // targets that are left for the namespaces to come
	for part, s := range k.Parts {
		u, shared := v.shared(s)
		var records []*record.Record
		if !shared {
			records = v.inOrder(s)
		}
		v.namespaces(s, func(namespace string) bool {
			left := share
			if shared {
				list, left = v.gatherShared(part, s, u, namespace, list, left)
			}
			for len(records) > 0 && namespaceOf(records[0]) == namespace {
				if left >= 0 {
					list, left = v.appendTargets(part, s, records[0], list, left)
				}
				records = records[1:]
			}
			all -= share - max(left, 0)
			return all >= share && len(list) < maxTargetEntries
		})
	}
	return list
}

// namespaces calls a function for each namespace whose objects have the name, in order, until it returns false. For a name with a
// union, it skips namespaces without targets.
func (v *View) namespaces(s *Index, each func(namespace string) bool) {
	if u, ok := v.shared(s); ok {
		u.namespaces(each)
		return
	}
	records := v.inOrder(s)
	for i, rec := range records {
		if (i == 0 || namespaceOf(rec) != namespaceOf(records[i-1])) && !each(namespaceOf(rec)) {
			return
		}
	}
}

// inOrder returns the records that an index has for the name, in the order of their objects.
func (v *View) inOrder(s *Index) []*record.Record {
	found := v.Find(s, v.Match.Name)
	records := slices.Clone(found.All())
	slices.SortFunc(records, record.CompareObjects)
	return records
}

// appendTargets appends the targets of one object. An entry without a target, or whose only target is the name itself (C5), is skipped.
// It returns how many more targets may be appended. An object without targets uses up one, because it was looked at. A negative number
// means that the object has more targets than were left.
func (v *View) appendTargets(part int, s *Index, rec *record.Record, list []Target, left int) ([]Target, int) {
	looked := false
	for _, e := range rec.At(v.Match.Name) {
		d := e.Data
		t := &d.Targets
		if d.Gateway != (store.Key{}) {
			t = s.GatewayTargets(d.Gateway)
		}
		var hosts []string
		var cname string
		if len(t.Addrs) == 0 {
			if hosts, cname = aliasesOf(d, t, v.Name); len(hosts) == 0 && cname == "" {
				continue
			}
		}
		list = append(list, Target{Part: part, Cluster: s.Cluster, Record: rec, Data: d, Addrs: t.Addrs, Hosts: hosts, CNAME: cname})
		if last := len(list) - 1; last == 0 || !list[last].SameTarget(&list[last-1]) {
			left--
		}
		if left < 0 || len(list) > maxTargetEntries {
			return list[:len(list)-1], -1
		}
		looked = true
	}
	if !looked {
		left--
	}
	return list, left
}
