package gateway

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// lifetime is how long a Gateway's informers run: as long as somebody holds it. That is the instance it belongs to,
// and after a reload the Gateway that it still answers for.
type lifetime struct {
	ctx        context.Context
	cancel     context.CancelFunc
	Background sync.WaitGroup
	holders    atomic.Int32
}

// hold keeps the informers running, unless they have ended.
func (g *Gateway) hold() bool {
	for n := g.holders.Load(); n > 0; n = g.holders.Load() {
		if g.holders.CompareAndSwap(n, n+1) {
			return true
		}
	}
	return false
}

// release takes a hold back. After the last one nothing runs any more.
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

// begin makes the first hold, for whoever calls it.
func (l *lifetime) begin() {
	l.holders.Store(1)
	l.ctx, l.cancel = context.WithCancel(context.Background())
}

// start runs what keeps the records up to date. Whoever calls it holds the Gateway.
func (g *Gateway) start() {
	for _, c := range g.Clusters {
		c.Start(g.ctx, &g.Background)
	}
	if len(g.filters.Namespaces) > 0 {
		g.Background.Go(g.warnOfNamespaces)
	}
}

// current returns the Gateway whose data answer: this one or, until everything is known, the one before a reload.
func (g *Gateway) current() *Gateway {
	if before := g.predecessor.Load(); before != nil {
		return before
	}
	return g
}

// deferTo has another Gateway of the same stanza answer for as long as that one knows something that is not
// known here (R5).
func (g *Gateway) deferTo(before *Gateway) {
	for root := before.current(); ; root = before.current() {
		if g.firstMissing(root) == nil {
			return
		}
		if root.hold() {
			before = root
			break
		}
		if root == before {
			return // it has ended
		}
	}
	g.predecessor.Store(before)
	log.Infof("reload: answers stay as they were before it until everything is listed that was then")
	g.Background.Go(func() {
		for missing := g.firstMissing(before); missing != nil && g.ctx.Err() == nil; missing = g.firstMissing(before) {
			select {
			case <-missing.Done:
			case <-g.ctx.Done():
			}
		}
		g.Zones.ContinueSerials(&before.Zones)
		g.predecessor.Store(nil)
		before.release()
	})
}

// firstMissing returns an informer that has to list something before everything is known here that another Gateway of the
// same stanza knows, or nil.
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
