package gateway

import (
	"context"
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
	for _, g := range gateways {
		if err := g.cluster.connect(); err != nil {
			return plugin.Error(pluginName, err)
		}
		stop := func() {}
		c.OnStartup(func() error {
			var notify func(string) error
			if t, ok := dnsserver.GetConfig(c).Handler("transfer").(*transfer.Transfer); ok {
				notify = t.Notify
			}
			var err error
			stop, err = g.start(notify)
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

// start runs what keeps the records up to date and, where notify is not nil, the secondaries. It waits a
// while for the records to be complete. stop ends it and returns when it has ended.
func (g *Gateway) start(notify func(origin string) error) (stop func(), err error) {
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
	if notify != nil {
		wg.Go(func() { g.notify(ctx, notify) })
	}
	g.cluster.wait(startupGrace)
	return stop, nil
}
