package soak

import (
	"net/netip"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// allResources are all the kinds.
var allResources = []string{"Ingress", "Service", "HTTPRoute", "TLSRoute", "GRPCRoute", "TCPRoute", "UDPRoute", "Gateway", "DNSEndpoint", "Node"}

// everything is a configuration in which every object counts.
func everything() model.Config {
	return model.Config{
		Zones:     []string{zone, deepZone, reverseZone, reverseSix},
		Resources: allResources, TTL: 60, NegativeTTL: 5,
		Nameservers: []model.Nameserver{
			{Name: "ns." + infra}, {Name: "ns2", Addresses: []string{"192.0.2.53", "2001:db8::53"}},
			{Name: "ns3." + zone, Addresses: []string{"192.0.2.54"}}, {Name: "ns." + elsewhere + "."},
		},
		Steer: []string{"healthy", "subnet", "first"}, Networks: networks,
		Outside: outside,
	}
}

// networks are some that lie in others, and some that have several prefixes.
var networks = []model.Network{
	{Name: "wide", Prefixes: cidrs("192.0.2.0/24", "198.51.100.0/24")},
	{Name: "low", Prefixes: cidrs("192.0.2.0/28", "2001:db8::/125")},
	{Name: "six", Prefixes: cidrs("2001:db8::/64")},
	{Name: "home", Prefixes: cidrs("127.0.0.0/8", "192.0.2.16/29")},
}

func cidrs(list ...string) (parsed []netip.Prefix) {
	for _, p := range list {
		parsed = append(parsed, netip.MustParsePrefix(p))
	}
	return parsed
}

// config returns another configuration. Whatever it is, the beacons are seen.
func (c chance) config() model.Config {
	config := everything()
	config.Resources = some(c, allResources, 7, len(allResources))
	if c.in(2) {
		config.Resources = some(c, allResources, len(allResources), len(allResources))
	}
	config.TTL = pick(c, []uint32{0, 30, 60, 3600})
	config.NegativeTTL = pick(c, []uint32{1, 5, 60})
	if c.in(4) {
		config.Zones = slices.DeleteFunc(config.Zones, func(z string) bool { return z == deepZone })
	}
	if c.in(3) {
		config.IngressClasses = []string{"public"}
	}
	if c.in(3) {
		config.GatewayClasses = []string{"public"}
	}
	if c.in(4) {
		config.OnlyGateways = []string{infra + "/beacon", "soak-a/gw-0", "soak-b/gw-0", "soak-b/gw-1"}
	}
	if c.in(4) {
		config.LabelSelector = "team!=lab"
	}
	if c.in(4) {
		config.ServiceSelectors = []string{"tier=front", "team in (web)"}
	}
	if c.in(2) {
		config.ExternalDNS = some(c, []string{"hostname", "target", "ttl", "controller"}, 1, 4)
	}
	if c.in(5) {
		config.OnlyNamespaces = []string{infra, "soak-a", "soak-c"}
	}
	config.NodeAddressExternal = c.in(3)
	config.Fallthrough = c.in(3)
	config.PreferHostnames = c.in(4)
	config.Steer, config.Networks = nil, nil
	if !c.in(3) {
		config.Steer = some(c, []string{"healthy", "subnet", "first"}, 1, 3)
		if i := c.IntN(len(config.Steer)); !config.Fallthrough && c.in(3) {
			config.Steer[i] += "!"
		}
		config.Networks = some(c, networks, 0, len(networks))
	}
	if c.in(4) {
		config.Exclude = []string{"a.b." + zone, "*.d." + zone, "b.cut." + zone, "c." + zone}
	}
	return config
}
