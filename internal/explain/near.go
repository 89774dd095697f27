package explain

import (
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// nearBy are the characters that are tried in place of, or beside, those of a misspelt name.
const nearBy = "abcdefghijklmnopqrstuvwxyz0123456789-"

// near returns names of a zone that differ from a name by one typing error or have one label less: those that answer, and those that are
// claimed and have no target. It tries each possible error, so its cost does not depend on the number of names.
func (e *Explainer) near(z *zone.Zone, name string) (list, pending []string) {
	inside := strings.TrimSuffix(strings.TrimSuffix(name, z.Name), ".")
	try := func(label string) {
		candidate := strings.TrimSuffix(label+"."+z.Name, ".")
		if len(list)+len(pending) == maxReasons || candidate == name || slices.Contains(list, candidate) || slices.Contains(pending, candidate) {
			return
		}
		e.RLock()
		m := e.Names.Find(candidate)
		e.RUnlock()
		switch {
		case m.Name != candidate:
		case m.Result == dnsname.Exact:
			list = append(list, candidate)
		case m.Result == dnsname.Pending:
			pending = append(pending, candidate)
		}
	}
	for i := range len(inside) {
		before, after := inside[:i], inside[i+1:]
		try(before + after)
		if len(after) > 0 {
			try(before + after[:1] + inside[i:i+1] + after[1:])
		}
		for c := range len(nearBy) {
			try(before + nearBy[c:c+1] + after)
			try(before + nearBy[c:c+1] + inside[i:])
		}
	}
	for c := range len(nearBy) {
		try(inside + nearBy[c:c+1])
	}
	labels := strings.Split(inside, ".")
	for i := range labels {
		if len(labels) > 1 {
			try(strings.Join(slices.Concat(labels[:i], labels[i+1:]), "."))
		}
	}
	return list, pending
}
