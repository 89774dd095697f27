package gateway

import (
	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/telemetry"
)

const pluginName = telemetry.Plugin

var log = telemetry.Log

func init() { plugin.Register(pluginName, setup) }

// setup adds one plugin for each stanza of a server block, in their order.
func setup(c *caddy.Controller) error {
	gateways, err := Parse(c)
	if err != nil {
		return plugin.Error(pluginName, err)
	}
	config := dnsserver.GetConfig(c)
	for _, g := range gateways {
		g.begin()
		for _, c := range g.Clusters {
			if err := c.Connect(); err != nil {
				return plugin.Error(pluginName, err)
			}
		}
		config.AddPlugin(func(next plugin.Handler) plugin.Handler {
			g.Next = next
			return g
		})
	}
	i := instanceOf(c)
	i.blocks = append(i.blocks, &block{config, gateways})
	return nil
}
