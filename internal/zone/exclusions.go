package zone

import "github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"

// exclusions are the names of the `exclude` property (L5): claims on them are dropped when an object becomes a record, and the
// table of names keeps wildcards and delegations from them.
type exclusions struct {
	at    map[string]bool // canonical
	below map[string]bool // canonical: all names below these, not the names themselves
}

// Add adds a canonical name, which may be a wildcard.
func (e *exclusions) Add(name string) {
	if suffix, wild := dnsname.IsWildcard(name); wild {
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
