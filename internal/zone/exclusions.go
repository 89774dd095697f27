package zone

import "github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"

// exclusions are the names of the property `exclude` (L5). Claims on them are dropped when a record is made from an object. Wildcards
// and delegations do not cover them (dnsname.Table.Exclude).
type exclusions struct {
	at    map[string]bool // canonical names that are excluded themselves
	below map[string]bool // canonical names below which all names are excluded
}

// Add adds a canonical name, which may be a wildcard.
func (e *exclusions) Add(name string) {
	if suffix, wild := dnsname.CutWildcard(name); wild {
		if e.below == nil {
			e.below = map[string]bool{}
		}
		e.below[suffix] = true
		return
	}
	if e.at == nil {
		e.at = map[string]bool{}
	}
	e.at[name] = true
}

// Has reports whether a canonical name, which may be a wildcard, is excluded.
func (e *exclusions) Has(name string) bool {
	if e.at[name] {
		return true
	}
	if len(e.below) == 0 {
		return false
	}
	for up, ok := dnsname.Parent(name); ok; up, ok = dnsname.Parent(up) {
		if e.below[up] {
			return true
		}
	}
	return false
}
