package soak

import (
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// allResources are all the kinds.
var allResources = []string{"Ingress", "Service", "HTTPRoute", "TLSRoute", "GRPCRoute", "TCPRoute", "UDPRoute", "Gateway", "DNSEndpoint", "Node"}

// everything is a configuration without any filter.
func everything() model.Config {
	return model.Config{
		Zones:     []string{zone, deepZone, reverseZone, reverseSix},
		Resources: allResources, TTL: 60, NegativeTTL: 5,
		Nameservers: []model.Nameserver{
			{Name: "ns." + infra}, {Name: "ns2", Addresses: []string{"192.0.2.53", "2001:db8::53"}},
			{Name: "ns3." + zone, Addresses: []string{"192.0.2.54"}}, {Name: "ns." + elsewhere + "."},
		},
		Outside: outside,
	}
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
	if c.in(4) {
		config.Exclude = []string{"a.b." + zone, "*.d." + zone, "b.cut." + zone, "c." + zone}
	}
	return config
}
