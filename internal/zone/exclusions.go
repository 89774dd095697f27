package zone

import "github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"

// exclusions are the names of the `exclude` property (L5). Claims on them are dropped when an object becomes a record. The
// table of names does not let wildcards and delegations cover them (dnsname.Table.Exclude).
type exclusions struct {
	at    map[string]bool // canonical
	below map[string]bool // canonical; the names below these are excluded, and not these themselves
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
