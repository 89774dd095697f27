package gateway

import (
	"context"
	"strings"
	"sync"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	clog "github.com/coredns/coredns/plugin/pkg/log"
	"github.com/coredns/coredns/plugin/transfer"
)

const pluginName = "k8s_gateway"

var log = clog.NewWithPlugin(pluginName)

func init() { plugin.Register(pluginName, setup) }

// setup makes a plugin of every stanza in a server block, chained in their order.
func setup(c *caddy.Controller) error {
	gateways, err := parse(c)
	if err != nil {
		return plugin.Error(pluginName, err)
	}
	config := dnsserver.GetConfig(c)
	for _, g := range gateways {
		for _, c := range g.clusters {
			if err := c.connect(); err != nil {
				return plugin.Error(pluginName, err)
			}
		}
		config.AddPlugin(func(next plugin.Handler) plugin.Handler {
			g.Next = next
			return g
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	c.OnStartup(func() error {
		var notify func(origin string) error
		if t, ok := config.Handler("transfer").(*transfer.Transfer); ok {
			notify = t.Notify
		}
		for _, g := range gateways {
			g.start(ctx, &running, notify)
		}
		grace, over := context.WithTimeout(ctx, startupGrace)
		defer over()
		for _, g := range gateways {
			for _, c := range g.clusters {
				if missing := c.wait(grace.Done()); len(missing) > 0 {
					log.Warningf("starting without %s: not listed within %s; API server: %s", strings.Join(missing, ", "), startupGrace, c.state())
				}
			}
		}
		return nil
	})
	c.OnShutdown(func() error {
		cancel()
		running.Wait()
		return nil
	})
	return nil
}

// start runs what keeps the records up to date and, where notify is not nil, the secondaries, until the
// context ends.
func (g *Gateway) start(ctx context.Context, running *sync.WaitGroup, notify func(origin string) error) {
	for _, c := range g.clusters {
		c.start(ctx, running)
	}
	if notify != nil {
		running.Go(func() { g.notify(ctx, notify) })
	}
}
