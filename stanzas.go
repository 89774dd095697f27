package gateway

import (
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// divide makes Gateways the stanzas of one server block. Each name belongs to the longest zone that any of them has for it,
// whatever their order (N3): the stanzas that have this zone are asked in their order, the others hand the question on.
func divide(gateways []*Gateway) {
	for _, g := range gateways {
		g.block = gateways
		for _, other := range gateways {
			for _, z := range other.Zones.All {
				if g.Zones.IsApex(z.Name) || g.Zones.Match(z.Name) == nil {
					continue
				}
				g.Zones.ByName[z.Name] = nil
				g.Names.Fix(z.Name)
			}
		}
	}
	for _, g := range gateways {
		for _, z := range g.Zones.All {
			z.Parents = parentsOf(z, gateways)
		}
	}
}

// parentsOf returns the zones of other stanzas that a zone is cut out of: those with the longest name, each of which may
// stand in several stanzas. There are none where this name is a zone of the stanza itself.
func parentsOf(z *zone.Zone, gateways []*Gateway) (parents []*zone.Zone) {
	above, ok := dnsname.Parent(z.Name)
	if !ok || z.Of.Match(above) != nil {
		return nil
	}
	for _, g := range gateways {
		parent := g.Zones.Match(above)
		switch {
		case parent == nil:
		case len(parents) == 0 || len(parent.Name) > len(parents[0].Name):
			parents = []*zone.Zone{parent}
		case parent.Name == parents[0].Name && !slices.Contains(parents, parent):
			parents = append(parents, parent)
		}
	}
	return parents
}
