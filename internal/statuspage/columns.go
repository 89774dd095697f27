package statuspage

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// column is what rows can be sorted by.
type column struct {
	name, title string
	compare     func(a, b *Row) int
}

var columns = []*column{
	{"name", "Name", func(a, b *Row) int { return compareNames(a.Name, b.Name) }},
	{"type", "Type", func(a, b *Row) int { return strings.Compare(a.Type, b.Type) }},
	{"data", "Data", compareData},
	{"ttl", "TTL", func(a, b *Row) int { return cmp.Compare(a.TTL, b.TTL) }},
	{"object", "Object", compareObjects},
	{"standing", "Standing", func(a, b *Row) int {
		return cmp.Compare(slices.Index(standings, a.Standing), slices.Index(standings, b.Standing))
	}},
}

func columnNamed(name string) *column {
	for _, c := range columns {
		if c.name == name {
			return c
		}
	}
	return nil
}

func columnNames() []string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.name
	}
	return list
}

// compareNames has what has no name come last.
func compareNames(a, b string) int {
	if a == "" || b == "" {
		return strings.Compare(b, a)
	}
	return strings.Compare(a, b)
}

// compareData has addresses come first, in the order of their numbers.
func compareData(a, b *Row) int {
	x, y := address(a), address(b)
	switch {
	case x.IsValid() && y.IsValid():
		return x.Compare(y)
	case x.IsValid():
		return -1
	case y.IsValid():
		return 1
	}
	return strings.Compare(a.Data, b.Data)
}

func address(r *Row) netip.Addr {
	if r.Type != "A" && r.Type != "AAAA" {
		return netip.Addr{}
	}
	a, _ := netip.ParseAddr(r.Data)
	return a
}

func compareObjects(a, b *Row) int {
	return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Namespace, b.Namespace),
		strings.Compare(a.Object, b.Object), strings.Compare(a.Cluster, b.Cluster))
}

// compareRows is the order of rows that are not told apart by a column.
func compareRows(a, b *Row) int {
	return cmp.Or(compareNames(a.Name, b.Name), strings.Compare(a.Type, b.Type), compareObjects(a, b), compareData(a, b))
}
