package gateway

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// lifetime counts the holders of a Gateway, whose informers run until the last one releases it. The holders are its instance and, after a
// reload, the Gateway of the next instance that it still answers for.
type lifetime struct {
	ctx        context.Context
	cancel     context.CancelFunc
	Background sync.WaitGroup
	holders    atomic.Int32
}

// hold adds a holder, unless the informers have ended. It reports whether it did.
func (g *Gateway) hold() bool {
	for n := g.holders.Load(); n > 0; n = g.holders.Load() {
		if g.holders.CompareAndSwap(n, n+1) {
			return true
		}
	}
	return false
}

// release removes a holder. After the last one it stops the informers, and waits for all goroutines of the Gateway.
func (g *Gateway) release() {
	if g.holders.Add(-1) > 0 {
		return
	}
	g.cancel()
	g.Background.Wait()
	for _, c := range g.Clusters {
		c.Conn.Load().CloseIdle()
	}
}

// begin adds the first holder, the caller.
func (l *lifetime) begin() {
	l.holders.Store(1)
	l.ctx, l.cancel = context.WithCancel(context.Background())
}

// start starts the informers. The caller holds the Gateway.
func (g *Gateway) start() {
	for _, c := range g.Clusters {
		c.Start(g.ctx, &g.Background)
	}
	if len(g.filters.Namespaces) > 0 {
		g.Background.Go(g.warnOfNamespaces)
	}
}

// current returns the Gateway whose data is served: g or, after a reload, its predecessor until g has listed everything.
func (g *Gateway) current() *Gateway {
	if p := g.predecessor.Load(); p != nil {
		return p
	}
	return g
}

// deferTo lets the Gateway of the instance before, which has the same stanza, answer until g has listed everything that the other one has
// listed (R5).
func (g *Gateway) deferTo(other *Gateway) {
	for root := other.current(); ; root = other.current() {
		if g.firstMissing(root) == nil {
			return
		}
		if root.hold() {
			other = root
			break
		}
		if root == other {
			return // the other one has ended
		}
	}
	g.predecessor.Store(other)
	log.Infof("reload: answers stay as they were before it until everything is listed that was then")
	g.Background.Go(func() {
		for missing := g.firstMissing(other); missing != nil && g.ctx.Err() == nil; missing = g.firstMissing(other) {
			select {
			case <-missing.Done:
			case <-g.ctx.Done():
			}
		}
		g.Zones.ContinueSerials(&other.Zones)
		g.predecessor.Store(nil)
		other.release()
	})
}

// firstMissing returns an informer that must finish a list before g has everything that another Gateway of the same stanza has, or nil.
func (g *Gateway) firstMissing(other *Gateway) *kube.Informer {
	for i := range g.Served {
		for j, part := range g.Served[i].Parts {
			if missing := part.Awaited(); missing != nil && other.Served[i].Parts[j].WasComplete() {
				return missing
			}
		}
	}
	for i, c := range g.Clusters {
		was := other.Sources.HealthOf(other.Clusters[i])
		if missing := g.Sources.HealthOf(c).Awaited(); missing != nil && was != nil && was.Awaited() == nil {
			return missing
		}
	}
	for i, ns := range g.nameservers {
		for j, s := range ns.Watches {
			if missing := s.Awaited(); missing != nil && other.nameservers[i].Watches[j].WasComplete() {
				return missing
			}
		}
	}
	return nil
}
