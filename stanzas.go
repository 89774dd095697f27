package gateway

import (
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

// divide makes Gateways the stanzas of one server block. Each name belongs to the longest zone that any of them has for it,
// whatever their order (N3): the stanzas that have this zone are asked in their order, the others hand the question on.
func divide(gateways []*Gateway) {
	for _, g := range gateways {
		g.block = gateways
		for _, other := range gateways {
			for _, z := range other.zones.all {
				if g.zones.isApex(z.name) || g.zones.match(z.name) == nil {
					continue
				}
				g.zones.byName[z.name] = nil
				g.names.Fix(z.name)
			}
		}
	}
	for _, g := range gateways {
		for _, z := range g.zones.all {
			z.parents = parentsOf(z, gateways)
		}
	}
}

// parentsOf returns the zones of other stanzas that a zone is cut out of: those with the longest name, each of which may
// stand in several stanzas. There are none where this name is a zone of the stanza itself.
func parentsOf(z *zone, gateways []*Gateway) (parents []*zone) {
	above, ok := dnsname.Parent(z.name)
	if !ok || z.of.match(above) != nil {
		return nil
	}
	for _, g := range gateways {
		parent := g.zones.match(above)
		switch {
		case parent == nil:
		case len(parents) == 0 || len(parent.name) > len(parents[0].name):
			parents = []*zone{parent}
		case parent.name == parents[0].name && !slices.Contains(parents, parent):
			parents = append(parents, parent)
		}
	}
	return parents
}
