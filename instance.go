package gateway

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/transfer"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// instance is all that runs for one Corefile, from a start or a reload until the next reload or the end. On a reload, the next instance
// starts while this one still answers (R5).
type instance struct {
	blocks      []*block
	predecessor *instance                     // the instance that this one replaces, as long as that one runs; nil for none. Guarded by running.mu
	pages       map[string]*statuspage.Server // the status pages, by the address in the Corefile
	began       time.Time

	ctx        context.Context // ends with the instance
	cancel     context.CancelFunc
	background sync.WaitGroup
	stopOnce   sync.Once
}

// block is a server block with its stanzas.
type block struct {
	config   *dnsserver.Config
	gateways []*Gateway
}

// instanceKey is the key of an instance in the storage of CoreDNS's own instance.
type instanceKey struct{}

// instanceOf returns the instance that a server block belongs to.
func instanceOf(c *caddy.Controller) *instance {
	if i, ok := c.Get(instanceKey{}).(*instance); ok {
		return i
	}
	i := &instance{predecessor: running.reloading()}
	i.ctx, i.cancel = context.WithCancel(context.Background())
	c.Set(instanceKey{}, i)
	c.OnStartup(i.start)
	c.OnShutdown(func() error { i.stop(); return nil })
	c.OnRestart(func() error { running.reload(i); return nil })
	c.OnRestartFailed(func() error { running.reloadFailed(i); return nil })
	return i
}

// serves reports whether the servers of the instance run, according to CoreDNS.
func (i *instance) serves() bool {
	return slices.ContainsFunc(caddy.Instances(), func(c *caddy.Instance) bool {
		c.StorageMu.RLock()
		defer c.StorageMu.RUnlock()
		return c.Storage[instanceKey{}] == i
	})
}

func (i *instance) gateways() (list []*Gateway) {
	for _, b := range i.blocks {
		list = append(list, b.gateways...)
	}
	return list
}

// start starts all informers, and returns when everything is listed, or after startupTimeout. Questions that need what is not listed yet
// are answered SERVFAIL or, after a reload with an unchanged stanza, by the instance before.
func (i *instance) start() error {
	i.began = time.Now()
	if running.predecessor(i) == nil { // during a reload this process itself listens
		warnOfSharedPorts(i.blocks)
	}
	for _, b := range i.blocks {
		for _, g := range b.gateways {
			g.readServerBlock(b.config)
			for _, warning := range g.warnings {
				log.Warning(warning)
			}
			g.start()
		}
	}
	running.add(i)
	predecessor := running.predecessor(i)
	for _, b := range i.blocks {
		for _, g := range b.gateways {
			g.await(i.began)
			g.reportNameservers()
			if predecessor != nil {
				predecessor.handOver(b, g)
			}
		}
	}
	for _, b := range i.blocks {
		if t, ok := b.config.Handler("transfer").(*transfer.Transfer); ok {
			for _, g := range b.gateways {
				i.background.Go(func() { g.Notify(i.ctx, t.Notify) })
			}
		}
	}
	// Last, because during a reload two instances have a status page at the same address.
	if err := i.listen(); err != nil {
		i.stop()
		return err
	}
	return nil
}

// await waits until everything is listed, or startupTimeout is over. It logs what each cluster has listed.
func (g *Gateway) await(began time.Time) {
	grace, over := context.WithDeadline(g.ctx, began.Add(g.startupTimeout))
	defer over()
	g.awaitAll(grace.Done())
	report := func(c *kube.Cluster) { log.Infof("%s: %s, after %s", c.Name(), c.Summary(), wording.Elapsed(began)) }
	for _, c := range g.Clusters {
		missing := c.AwaitStartup(grace.Done())
		if g.ctx.Err() != nil {
			continue
		}
		if len(missing) == 0 {
			report(c)
			continue
		}
		heard := "the API server answers"
		if c.LastHeard.Load() == 0 {
			heard = "nothing was heard from the API server"
		}
		log.Warningf("%s: starting without %s: not listed within %s, %s", c.Name(), strings.Join(missing, ", "), g.startupTimeout, heard)
		g.Background.Go(func() {
			if c.Await(g.ctx.Done()); g.ctx.Err() == nil {
				g.latchComplete()
				report(c)
			}
		})
	}
	g.latchComplete() // absent kinds count as empty now
}

// awaitAll returns when everything is listed, or when over is closed. It starts over after each round, because the objects of one cluster
// may demand more while it waits for another cluster.
func (g *Gateway) awaitAll(over <-chan struct{}) {
	for !g.latchComplete() {
		for _, c := range g.Clusters {
			c.Await(over)
		}
		select {
		case <-over:
			return
		default:
		}
	}
}

// latchComplete reports whether everything is listed, and latches what is complete. A question would latch it as well, but an object that
// arrives before the first question could demand more, and then nothing would count as complete until that is listed.
func (g *Gateway) latchComplete() bool {
	complete := true
	for _, ns := range g.nameservers {
		for _, w := range ns.Watches {
			complete = w.WasComplete() && complete
		}
	}
	return g.complete() && complete
}

// handOver hands the serials of its zones to a Gateway of the next instance. If a Gateway of this instance has the same stanza, it answers
// for the next one until everything is listed.
func (i *instance) handOver(b *block, g *Gateway) {
	for _, own := range i.blocks {
		for _, old := range own.gateways {
			g.Zones.ContinueSerials(&old.current().Zones)
			if old.stanza == g.stanza && own.config.ViewName == b.config.ViewName && g.predecessor.Load() == nil {
				g.deferTo(old)
			}
		}
	}
}

// stop ends the instance. A Gateway that answers for one of the next instance runs until that one releases it.
func (i *instance) stop() {
	i.stopOnce.Do(func() {
		i.cancel()
		running.remove(i)
		for _, page := range i.pages {
			i.background.Go(func() {
				if err := page.Shutdown(); err != nil {
					log.Warningf("status page: %v", err)
				}
			})
		}
		for _, g := range i.gateways() {
			g.release()
		}
		i.background.Wait()
	})
}

// running is the list of running instances. It is needed because CoreDNS does not tell an instance which one it replaces, nor that the
// reload has failed.
var running registry

type registry struct {
	mu        sync.Mutex
	instances []*instance // oldest first
	replacing *instance   // the instance that is being replaced; nil for none
}

func (r *registry) add(i *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.instances = append(r.instances, i)
}

func (r *registry) remove(i *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.instances = slices.DeleteFunc(r.instances, func(other *instance) bool { return other == i })
	if r.replacing == i { // the reload is complete
		r.replacing = nil
	}
	for _, next := range r.instances {
		if next.predecessor == i {
			next.predecessor = nil
		}
	}
}

// reload records that an instance is about to be replaced.
func (r *registry) reload(i *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.replacing = i
}

// reloading returns the instance that is about to be replaced, or nil.
func (r *registry) reloading() *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.replacing
}

// predecessor returns the instance that another one replaces, as long as the former runs, or nil.
func (r *registry) predecessor(i *instance) *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	return i.predecessor
}

// reloadFailed stops the instances that were started to replace i, because i goes on. If i has lost its servers already, because a plugin
// failed in OnShutdown, it stops i instead.
func (r *registry) reloadFailed(i *instance) {
	r.mu.Lock()
	r.replacing = nil
	var next []*instance
	for _, other := range r.instances {
		if other.predecessor == i {
			next = append(next, other)
		}
	}
	if !i.serves() {
		next = []*instance{i}
	}
	r.mu.Unlock()
	for _, n := range next {
		n.stop()
	}
}

// last returns the newest instance, or nil.
func (r *registry) last() *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.instances) == 0 {
		return nil
	}
	return r.instances[len(r.instances)-1]
}
