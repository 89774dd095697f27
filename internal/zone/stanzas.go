package zone

import (
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// Divide divides the names among the stanzas of one server block. Each name belongs to the longest zone that any stanza has for it,
// regardless of the order of the stanzas (N3). The stanzas with this zone get the question in their order. All other stanzas pass the
// question on.
func Divide(stanzas []*Database) {
	for _, db := range stanzas {
		for _, other := range stanzas {
			for _, z := range other.Zones.All {
				if db.Zones.isApex(z.Name) || db.Zones.Match(z.Name) == nil {
					continue
				}
				db.Zones.ByName[z.Name] = nil
				db.Names.Fix(z.Name)
			}
		}
	}
	for _, db := range stanzas {
		for _, z := range db.Zones.All {
			z.Parents = parentsOf(z, stanzas)
		}
	}
}

// parentsOf returns the parent zone of a zone, once for each stanza that has it. It returns none if the stanza of the zone itself has a
// parent zone.
func parentsOf(z *Zone, stanzas []*Database) (parents []*Zone) {
	above, ok := dnsname.Parent(z.Name)
	if !ok || z.Of.Match(above) != nil {
		return nil
	}
	for _, db := range stanzas {
		parent := db.Zones.Match(above)
		switch {
		case parent == nil:
		case len(parents) == 0 || len(parent.Name) > len(parents[0].Name):
			parents = []*Zone{parent}
		case parent.Name == parents[0].Name && !slices.Contains(parents, parent):
			parents = append(parents, parent)
		}
	}
	return parents
}
