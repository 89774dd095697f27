package statuspage

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// column is a column of the table of rows, by which they can be sorted.
type column struct {
	name, title string
	compare     func(a, b *Claim) int // nil for the column of data, in which the rows of a claim differ
}

var columns = []*column{
	{"name", "Name", func(a, b *Claim) int { return compareNames(a.Name, b.Name) }},
	{"type", "Type", func(a, b *Claim) int { return strings.Compare(a.Type, b.Type) }},
	{"data", "Data", nil},
	{"ttl", "TTL", func(a, b *Claim) int { return cmp.Compare(a.TTL, b.TTL) }},
	{"object", "Object", func(a, b *Claim) int { return compareObjects(a.Object, b.Object) }},
	{"standing", "Standing", func(a, b *Claim) int {
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

// compareNames orders names. The empty name comes last.
func compareNames(a, b string) int {
	if a == "" || b == "" {
		return strings.Compare(b, a)
	}
	return strings.Compare(a, b)
}

func compareObjects(a, b *Object) int {
	if a == b {
		return 0
	}
	if c := strings.Compare(a.Kind, b.Kind); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name), strings.Compare(a.Cluster, b.Cluster))
}

// compareClaims is the order of rows with the same value in the column by which they are sorted.
func compareClaims(a, b *Claim) int {
	if c := compareNames(a.Name, b.Name); c != 0 {
		return c
	}
	if c := strings.Compare(a.Type, b.Type); c != 0 {
		return c
	}
	if c := compareObjects(a.Object, b.Object); c != 0 {
		return c
	}
	return cmp.Or(compareSortKeys(sortKeyOf(a, 0), sortKeyOf(b, 0)), strings.Compare(a.Reason, b.Reason))
}

// sortKey is the sort key of a row in the column of data. Addresses come first, in numerical order.
type sortKey struct {
	address netip.Addr // of types A and AAAA
	text    string     // of any other
}

func sortKeyOf(c *Claim, i int) sortKey {
	text := c.datum(i)
	if c.Type == "A" || c.Type == "AAAA" {
		if a, err := netip.ParseAddr(text); err == nil {
			return sortKey{address: a}
		}
	}
	return sortKey{text: text}
}

func compareSortKeys(a, b sortKey) int {
	switch {
	case a.address.IsValid() && b.address.IsValid():
		return a.address.Compare(b.address)
	case a.address.IsValid():
		return -1
	case b.address.IsValid():
		return 1
	}
	return strings.Compare(a.text, b.text)
}
