package gateway

import (
	"context"
	"sync"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	clog "github.com/coredns/coredns/plugin/pkg/log"
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
	for _, g := range gateways {
		if err := g.cluster.connect(); err != nil {
			return plugin.Error(pluginName, err)
		}
		stop := func() {}
		c.OnStartup(func() error {
			var err error
			stop, err = g.start()
			return err
		})
		c.OnShutdown(func() error {
			stop()
			return nil
		})
		dnsserver.GetConfig(c).AddPlugin(func(next plugin.Handler) plugin.Handler {
			g.Next = next
			return g
		})
	}
	return nil
}

// start runs what keeps the records up to date, and waits a while for them to be complete. stop ends
// it and returns when it has ended.
func (g *Gateway) start() (stop func(), err error) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	stop = func() {
		cancel()
		wg.Wait()
	}
	if err := g.cluster.start(ctx, &wg); err != nil {
		stop()
		return func() {}, err
	}
	g.cluster.wait(startupGrace)
	return stop, nil
}
