package gateway

import (
	"context"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
)

// The unexported parts that the tests of this folder use. The tests have a package of their own, because they use the fixture, which
// imports this package.

var (
	Setup             = setup
	DescribedByMetric = collector{}
	Lookups           = lookups
)

type Instance = instance

// NewInstance returns an instance with one server block.
func NewInstance(ctx context.Context, config *dnsserver.Config, gateways ...*Gateway) *Instance {
	return &instance{ctx: ctx, began: time.Now(), blocks: []*block{{config, gateways}}}
}

func InstanceOf(c *caddy.Controller) *Instance { return instanceOf(c) }

func (i *instance) Stop()             { i.stop() }
func (i *instance) IsRunning() bool   { return running.last() == i }
func (i *instance) Register()         { running.add(i) }
func (i *instance) Unregister()       { running.remove(i) }
func (i *instance) WarnOfShared()     { warnOfSharedPorts(i.blocks) }
func (i *instance) HandTo(g *Gateway) { i.handOver(&block{&dnsserver.Config{}, []*Gateway{g}}, g) }

// Listen opens the status pages, and closes them.
func (i *instance) Listen() error {
	err := i.listen()
	for _, page := range i.pages {
		if err := page.Shutdown(); err != nil {
			return err
		}
	}
	return err
}

func (g *Gateway) Begin()                    { g.begin() }
func (g *Gateway) End()                      { g.cancel() }
func (g *Gateway) Start()                    { g.start() }
func (g *Gateway) Release()                  { g.release() }
func (g *Gateway) Await(began time.Time)     { g.await(began) }
func (g *Gateway) AwaitAll()                 { g.awaitAll(g.ctx.Done()) }
func (g *Gateway) HasEnded()                 { g.holders.Store(0) }
func (g *Gateway) Predecessor() *Gateway     { return g.predecessor.Load() }
func (g *Gateway) SetPredecessor(p *Gateway) { g.predecessor.Store(p) }
func (g *Gateway) ReportNameservers()        { g.reportNameservers() }
func (g *Gateway) WarnOfNamespaces()         { g.warnOfNamespaces() }
func (g *Gateway) Warnings() []string        { return g.warnings }
