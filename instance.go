package gateway

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/transfer"

	"github.com/k8s-gateway/k8s_gateway/internal/statuspage"
)

// instance is what runs for one Corefile: from a start or a reload until the next, or the end. On a reload the
// next one starts while the one before still answers, which it does until the next is ready to (R5).
type instance struct {
	blocks  []*block
	reload  bool          // another answers until this one does
	live    chan struct{} // closed once this one does
	started atomic.Bool   // what is above does not change any more

	ctx     context.Context // of what ends with the instance
	end     context.CancelFunc
	running sync.WaitGroup
	ended   sync.Once

	began time.Time // kept by the collector
	pages []*statuspage.Server
}

// block is the stanzas of one server block.
type block struct {
	config   *dnsserver.Config
	gateways []*Gateway
}

// instanceKey is what CoreDNS files an instance under in its own.
type instanceKey struct{}

// instanceOf returns the instance that a server block belongs to.
func instanceOf(c *caddy.Controller) *instance {
	if i, ok := c.Get(instanceKey{}).(*instance); ok {
		return i
	}
	i := &instance{reload: true, live: make(chan struct{})}
	i.ctx, i.end = context.WithCancel(context.Background())
	c.Set(instanceKey{}, i)
	c.OnFirstStartup(func() error { i.reload = false; return nil })
	c.OnStartup(i.start)
	c.OnShutdown(func() error { i.stop(); return nil })
	return i
}

// instances returns those that have been started. During a reload there are two.
func instances() map[*instance]*caddy.Instance {
	list := map[*instance]*caddy.Instance{}
	for _, server := range caddy.Instances() {
		server.StorageMu.RLock()
		if i, ok := server.Storage[instanceKey{}].(*instance); ok && i.started.Load() {
			list[i] = server
		}
		server.StorageMu.RUnlock()
	}
	return list
}

// wentLive is told when a start or a reload is complete.
func wentLive(event caddy.EventName, info any) error {
	server, ok := info.(*caddy.Instance)
	if event != caddy.InstanceStartupEvent || !ok {
		return nil
	}
	for i, other := range instances() {
		if other == server {
			close(i.live)
		}
	}
	return nil
}

func (i *instance) gateways() (list []*Gateway) {
	for _, b := range i.blocks {
		list = append(list, b.gateways...)
	}
	return list
}

// start starts all informers, and lets queries in once they know what there is. What takes longer than
// `startupTimeout` is not waited for: until it is known it is answered SERVFAIL or, if this is a reload and the
// stanza is what it was, as before.
func (i *instance) start() error {
	began := time.Now()
	for _, g := range i.gateways() {
		g.start()
	}
	if err := i.listen(); err != nil {
		i.stop()
		return err
	}
	for _, b := range i.blocks {
		for _, g := range b.gateways {
			g.await(began)
			if i.reload {
				i.succeed(b, g)
			}
		}
	}
	for _, b := range i.blocks {
		if t, ok := b.config.Handler("transfer").(*transfer.Transfer); ok {
			for _, g := range b.gateways {
				i.running.Go(func() { g.notify(i.ctx, t.Notify) })
			}
		}
	}
	metrics.add(i)
	i.started.Store(true)
	if i.reload {
		go i.watchReload()
	}
	return nil
}

// await waits until everything is known, or `startupTimeout` is over.
func (g *Gateway) await(began time.Time) {
	grace, over := context.WithDeadline(g.ctx, began.Add(g.startupTimeout))
	defer over()
	for _, c := range g.clusters {
		missing := c.wait(grace.Done())
		if len(missing) == 0 {
			continue
		}
		heard := "the API server answers"
		if c.heard.Load() == 0 {
			heard = "nothing was heard of the API server"
		}
		log.Warningf("%s: starting without %s: not listed within %s, %s", c.name(), strings.Join(missing, ", "), g.startupTimeout, heard)
	}
}

// succeed takes over from the Gateway that the same stanza made before a reload: its serials, and where not everything
// is known yet, what that one knew.
func (i *instance) succeed(b *block, g *Gateway) {
	for other := range instances() {
		for _, ob := range other.blocks {
			for _, before := range ob.gateways {
				g.zones.follow(&before.zones)
				if before.stanza == g.stanza && ob.config.ViewName == b.config.ViewName && !g.complete() {
					g.standBehind(before)
				}
			}
		}
	}
}

// watchReload ends what has been started for a reload that then failed, of which CoreDNS tells the instance before
// only.
func (i *instance) watchReload() {
	const every = time.Second
	for {
		select {
		case <-i.live:
			return
		case <-i.ctx.Done():
			return
		case <-time.After(every):
			if instances()[i] == nil {
				log.Warning("reload failed, what was started for it ends")
				i.stop()
				return
			}
		}
	}
}

// stop ends the instance. What another one still answers from goes on until that one does without.
func (i *instance) stop() {
	i.ended.Do(func() {
		i.end()
		metrics.remove(i)
		for _, page := range i.pages {
			i.running.Go(func() {
				if err := page.Shutdown(); err != nil {
					log.Warningf("status page: %v", err)
				}
			})
		}
		for _, g := range i.gateways() {
			g.release()
		}
		i.running.Wait()
	})
}
