package source

import (
	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/health"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Sources are where the records of a stanza come from: what its kinds watch in each cluster.
type Sources struct {
	*object.Settings
	*zone.Database
	run   func(func())                       // in the background
	ended func() bool                        // reports whether nobody is there any more
	joins map[*kube.Cluster]*gatewayapi.Join // of routes and what decides about them; none unless a route kind is configured

	health map[*kube.Cluster]*health.Join // of backends; none unless the stanza wants to know which are ready (T2)
}

// NewSources returns what serves the kinds of a stanza, and stores their records in db. run and over are as in gatewayapi.NewJoin.
func NewSources(c *object.Settings, db *zone.Database, run func(func()), over func() bool) *Sources {
	return &Sources{Settings: c, Database: db, run: run, ended: over, joins: map[*kube.Cluster]*gatewayapi.Join{}, health: map[*kube.Cluster]*health.Join{}}
}

// Serve has a kind served from some clusters.
func (src *Sources) Serve(name string, clusters []*kube.Cluster) ServedKind {
	k := ServedKind{Kind: KindNamed(name)}
	for number, c := range clusters {
		part := newPart(k.Kind, c)
		if src.WatchBackends && k.backends {
			part.health = src.ensureHealth(c)
		}
		part.Index.Cluster, part.Steered = number, src.Steers
		part.Informers = k.watch(src, part)
		k.Parts = append(k.Parts, part)
		if part.Endpoints != nil {
			part.Endpoints.Index.Cluster, part.Endpoints.Steered = number, src.Steers
			k.Parts = append(k.Parts, part.Endpoints)
		}
		c.Demand(part.Informers...)
		if part.health != nil {
			c.Demand(part.health.Informers...)
		}
	}
	return k
}

// HealthOf returns the join of a cluster's backends, or nil if nobody wants to know which are ready.
func (src *Sources) HealthOf(c *kube.Cluster) *health.Join { return src.health[c] }

// ensureHealth returns the join of a cluster's backends, which its kinds share.
func (src *Sources) ensureHealth(c *kube.Cluster) *health.Join {
	if src.health[c] == nil {
		src.health[c] = health.New(src.Filters.Namespaces)
	}
	return src.health[c]
}

// JoinOf returns a cluster's join, or nil where no route kind is configured.
func (src *Sources) JoinOf(c *kube.Cluster) *gatewayapi.Join { return src.joins[c] }

// ensureJoin returns a cluster's join, which its route kinds share.
func (src *Sources) ensureJoin(c *kube.Cluster) *gatewayapi.Join {
	if j := src.joins[c]; j != nil {
		return j
	}
	j := gatewayapi.NewJoin(src.Settings, src.Database, c, src.run, src.ended)
	src.joins[c] = j
	return j
}

// watchRoutes is the watch of a route kind: its objects are joined with the Gateways, and what comes of that is served.
func watchRoutes(r kube.Resource, inherits bool) func(*Sources, *Part) []*kube.Informer {
	return func(src *Sources, s *Part) []*kube.Informer {
		j := src.ensureJoin(s.Cluster)
		s.Join, s.alsoAwaits, j.Backends = j, j.Awaited, s.health
		return j.Add(s.Name, s.Index).Watch(r, inherits)
	}
}

// watchGateways is the watch of Gateways as a kind of their own: they are the ones that routes are joined with.
func watchGateways(src *Sources, s *Part) []*kube.Informer {
	j := src.ensureJoin(s.Cluster)
	j.GatewayIndex, s.alsoAwaits = s.Index, j.Awaited
	return nil
}
