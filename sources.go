package gateway

import (
	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// sources are where the records of a stanza come from: what its kinds watch in each cluster.
type sources struct {
	*object.Settings
	*zone.Database
	run   func(func())                       // in the background
	over  func() bool                        // reports whether nobody is there any more
	joins map[*kube.Cluster]*gatewayapi.Join // of routes and what decides about them; none unless a route kind is configured
}

func newSources(c *object.Settings, db *zone.Database, run func(func()), over func() bool) *sources {
	return &sources{Settings: c, Database: db, run: run, over: over, joins: map[*kube.Cluster]*gatewayapi.Join{}}
}

// serve has a kind served from some clusters.
func (src *sources) serve(name string, clusters []*kube.Cluster) kindServed {
	k := kindServed{kind: kindNamed(name)}
	for _, c := range clusters {
		part := newServed(k.kind, c)
		part.informers = k.watch(src, part)
		k.parts = append(k.parts, part)
		if part.beside != nil {
			k.parts = append(k.parts, part.beside)
		}
		c.Demand(part.informers...)
	}
	return k
}

// joinOf returns a cluster's join, or nil where no route kind is configured.
func (src *sources) joinOf(c *kube.Cluster) *gatewayapi.Join { return src.joins[c] }

// join returns a cluster's join, which its route kinds share.
func (src *sources) join(c *kube.Cluster) *gatewayapi.Join {
	if j := src.joins[c]; j != nil {
		return j
	}
	j := gatewayapi.NewJoin(src.Settings, src.Database, c, src.run, src.over)
	src.joins[c] = j
	return j
}

// watchRoutes is the watch of a route kind: its objects are joined with the Gateways, and what comes of that is served.
func watchRoutes(r kube.Resource, inherits bool) func(*sources, *served) []*kube.Informer {
	return func(src *sources, s *served) []*kube.Informer {
		j := src.join(s.cluster)
		s.join, s.also = j, j.Missing
		return j.Add(s.name, s.Index).Watch(r, inherits)
	}
}

// watchGateways is the watch of Gateways as a kind of their own: they are the ones that routes are joined with.
func watchGateways(src *sources, s *served) []*kube.Informer {
	j := src.join(s.cluster)
	j.Self, s.also = s.Index, j.Missing
	return nil
}
