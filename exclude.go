package gateway

import (
	"fmt"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// exclusions are the names of the `exclude` property (L5): claims on them are dropped when an object becomes a record, and the
// table of names keeps wildcards and delegations from them.
type exclusions struct {
	at    map[string]bool // canonical
	below map[string]bool // canonical: all names below these, not the names themselves
}

func (e *exclusions) add(name string) {
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

// has reports whether a canonical name, which may be a wildcard, is excluded.
func (e *exclusions) has(name string) bool {
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

// excludedReason is why an object does not count under an excluded name.
const excludedReason = "the stanza excludes the name"

func (s *stanza) setExclude(args []string) error {
	for _, arg := range args {
		name, err := dnsname.Owner(arg)
		if err != nil {
			return fmt.Errorf("%q %w: want names in the zones of the stanza, such as www.example.com or *.example.com", arg, err)
		}
		if slices.Contains(s.exclude, name) {
			return fmt.Errorf("%q stands more than once", arg)
		}
		s.exclude = append(s.exclude, name)
	}
	return nil
}

// checkExclude reports an excluded name that lies in no zone of the stanza.
func (s *stanza) checkExclude(zones []string) error {
	for _, name := range s.exclude {
		in := strings.TrimPrefix(name, "*.")
		if !slices.ContainsFunc(zones, func(zone string) bool { return dnsname.Within(in, zone) }) {
			return fmt.Errorf("property exclude: %q lies in no zone of the stanza (%s): write whole names in these, such as %s", name, shown(zones...), dnsname.Join("www", zones[0]))
		}
	}
	return nil
}
