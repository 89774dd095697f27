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

// instance is what runs for one Corefile: from a start or a reload until the next, or the end. On a reload the
// next one starts while the one before still answers, which it does until the next is ready to (R5).
type instance struct {
	blocks      []*block
	predecessor *instance                     // the one that this is a reload of, as long as it runs; nil for none. Guarded by running.mu
	pages       map[string]*statuspage.Server // by the address in the Corefile
	began       time.Time

	ctx        context.Context // of what ends with the instance
	cancel     context.CancelFunc
	background sync.WaitGroup
	stopOnce   sync.Once
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
	i := &instance{predecessor: running.reloading()}
	i.ctx, i.cancel = context.WithCancel(context.Background())
	c.Set(instanceKey{}, i)
	c.OnStartup(i.start)
	c.OnShutdown(func() error { i.stop(); return nil })
	c.OnRestart(func() error { running.reload(i); return nil })
	c.OnRestartFailed(func() error { running.reloadFailed(i); return nil })
	return i
}

// serves reports whether CoreDNS counts the instance among those whose servers run.
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

// start starts all informers, and lets queries in once they know what there is. What takes longer than
// `startupTimeout` is not waited for: until it is known it is answered SERVFAIL or, if this is a reload and the
// stanza is what it was, as before.
func (i *instance) start() error {
	i.began = time.Now()
	if running.predecessor(i) == nil { // after a reload it is the process itself that listens
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
	before := running.predecessor(i)
	for _, b := range i.blocks {
		for _, g := range b.gateways {
			g.await(i.began)
			g.reportNameservers()
			if before != nil {
				before.handOver(b, g)
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
	// Last, because during a reload two instances share the address of a page.
	if err := i.listen(); err != nil {
		i.stop()
		return err
	}
	return nil
}

// await waits until everything is known, or `startupTimeout` is over. It logs what each cluster has listed.
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
	g.latchComplete() // what is absent counts as empty by now
}

// awaitAll returns when everything is known, or when over is closed. What one cluster sends while another one is waited for
// may have more watched.
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

// latchComplete reports whether everything is known, and notes what is. A question would note it as well, but an object that
// came before the first question could have more watched, and then nothing would count as known until that is listed.
func (g *Gateway) latchComplete() bool {
	known := true
	for _, ns := range g.nameservers {
		for _, s := range ns.Watches {
			known = s.WasComplete() && known
		}
	}
	return g.complete() && known
}

// handOver hands to a Gateway of the next instance what there is of its stanza: the serials, and what is known here and
// not there yet.
func (i *instance) handOver(b *block, g *Gateway) {
	for _, own := range i.blocks {
		for _, before := range own.gateways {
			g.Zones.ContinueSerials(&before.current().Zones)
			if before.stanza == g.stanza && own.config.ViewName == b.config.ViewName && g.predecessor.Load() == nil {
				g.deferTo(before)
			}
		}
	}
}

// stop ends the instance. What another one still answers from goes on until that one does without.
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

// running is the instances that run. CoreDNS does not tell an instance which one it is a reload of, nor that the
// reload it was made for has failed.
var running registry

type registry struct {
	mu        sync.Mutex
	instances []*instance // oldest first
	replacing *instance   // that a reload is under way of; nil for none
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

// reload notes that an instance is about to be replaced.
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

// predecessor returns the instance that another one is a reload of, as long as it runs, or nil.
func (r *registry) predecessor(i *instance) *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	return i.predecessor
}

// reloadFailed ends what was started to replace an instance, which goes on. It may also be that a plugin failed to end
// with that instance: then its servers are gone, and the next one's answer.
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

// last returns the instance that was started last, or nil.
func (r *registry) last() *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.instances) == 0 {
		return nil
	}
	return r.instances[len(r.instances)-1]
}
