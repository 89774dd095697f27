package record

import (
	"cmp"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// uniter unites the data that one object has for a name in several entries. Names with the same data share the result: an object
// may have thousands of names with thousands of addresses each (N7).
type uniter struct{ united map[[2]*Data]*Data }

// unite makes one entry of entries with the same name and type. The TTL of an entry without data is ignored, and of several CNAMEs
// the first is used (D3).
func (u *uniter) unite(entries []Entry) Entry {
	if len(entries) == 1 {
		return entries[0]
	}
	var parts []*Data
	for i := range entries {
		if e := &entries[i]; e.Usable() && (len(parts) == 0 || e.Data.CNAME == parts[0].CNAME) {
			parts = append(parts, e.Data)
		}
	}
	if len(parts) == 0 {
		return entries[0]
	}
	return Entry{entries[0].Name, u.all(parts)}
}

// all returns the union of some data of the same type. It unites the halves of the list first: an object may repeat a name thousands of
// times, and uniting one after the other would take quadratic time (N7).
func (u *uniter) all(parts []*Data) *Data {
	if len(parts) == 1 {
		return parts[0]
	}
	middle := len(parts) / 2
	return u.both(u.all(parts[:middle]), u.all(parts[middle:]))
}

// both returns the union of two data of the same type. The TTL of an RRset is the lowest TTL of its contributors (Z15).
func (u *uniter) both(a, b *Data) *Data {
	if a == b {
		return a
	}
	if d := u.united[[2]*Data{a, b}]; d != nil {
		return d
	}
	d := a
	if a.TTL > b.TTL || len(b.RRs) > 0 || !sortedContainsAll(a.Addrs, b.Addrs, target.Addr.Compare) || !sortedContainsAll(a.Hosts, b.Hosts, cmp.Compare[string]) {
		more := *a.Extra
		more.RRs = SortRRs(slices.Concat(a.RRs, b.RRs))
		d = &Data{TTL: min(a.TTL, b.TTL), Targets: Targets{slices.Concat(a.Addrs, b.Addrs), slices.Concat(a.Hosts, b.Hosts)}, Extra: &more, Steering: a.Steering}
		d.Targets.sort()
	}
	if u.united == nil {
		u.united = map[[2]*Data]*Data{}
	}
	u.united[[2]*Data{a, b}] = d
	return d
}

// sortedContainsAll reports whether a sorted list contains all of the values.
func sortedContainsAll[T any](list, values []T, compare func(a, b T) int) bool {
	for _, v := range values {
		if _, ok := slices.BinarySearchFunc(list, v, compare); !ok {
			return false
		}
	}
	return true
}

// SortRRs sorts records and drops duplicates. It returns a new list.
func SortRRs(rrs []dns.RR) []dns.RR {
	list := slices.Clone(rrs)
	slices.SortStableFunc(list, CompareRRs)
	return slices.Clip(slices.CompactFunc(list, func(a, b dns.RR) bool { return CompareRRs(a, b) == 0 }))
}
