package gateway

import (
	"context"
	"sync"
	"sync/atomic"
)

// lifetime is how long a Gateway's informers run: as long as somebody holds it. That is the instance it belongs to,
// and after a reload the Gateway that it still answers for.
type lifetime struct {
	ctx     context.Context
	end     context.CancelFunc
	running sync.WaitGroup
	holders atomic.Int32
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
	g.end()
	g.running.Wait()
	for _, c := range g.clusters {
		c.conn.Load().close()
	}
}

// start runs what keeps the records up to date. Whoever calls it holds the Gateway.
func (g *Gateway) start() {
	g.holders.Store(1)
	g.ctx, g.end = context.WithCancel(context.Background())
	for _, c := range g.clusters {
		c.start(g.ctx, &g.running)
	}
}

// current returns the Gateway whose data answer: this one or, until everything is known, the one before a reload.
func (g *Gateway) current() *Gateway {
	if before := g.before.Load(); before != nil {
		return before
	}
	return g
}

// standBehind has another Gateway answer until everything is known here, if it knows everything itself (R5).
func (g *Gateway) standBehind(before *Gateway) {
	for root := before.current(); ; root = before.current() {
		if !root.complete() {
			return
		}
		if root.hold() {
			before = root
			break
		}
	}
	g.before.Store(before)
	log.Infof("reload: answers stay as they were before it until everything is listed")
	g.running.Go(func() {
		for g.ctx.Err() == nil && !g.complete() {
			for _, c := range g.clusters {
				c.await(g.ctx.Done())
			}
		}
		g.zones.follow(&before.zones)
		g.before.Store(nil)
		before.release()
	})
}
