package source

import (
	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/health"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Sources watches the kinds of a stanza in its clusters, and stores their records.
type Sources struct {
	*object.Settings
	*zone.Database
	run   func(func())                       // runs a function in the background
	ended func() bool                        // reports whether the instance has ended
	joins map[*kube.Cluster]*gatewayapi.Join // joins of routes with their Gateways; empty unless a route kind is configured

	health map[*kube.Cluster]*health.Join // the readiness of backend Services; empty unless the stanza has `steer healthy` (T2)
}

// NewSources returns the Sources of a stanza, which store records in db. run and ended are as in gatewayapi.NewJoin.
func NewSources(settings *object.Settings, db *zone.Database, run func(func()), ended func() bool) *Sources {
	return &Sources{Settings: settings, Database: db, run: run, ended: ended, joins: map[*kube.Cluster]*gatewayapi.Join{}, health: map[*kube.Cluster]*health.Join{}}
}

// Serve makes a kind served from some clusters, and demands its informers.
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

// HealthOf returns the join of a cluster's backends, or nil unless the stanza has `steer healthy`.
func (src *Sources) HealthOf(c *kube.Cluster) *health.Join { return src.health[c] }

// ensureHealth returns the join of a cluster's backends, and makes it if there is none yet. All kinds of the cluster share it.
func (src *Sources) ensureHealth(c *kube.Cluster) *health.Join {
	if src.health[c] == nil {
		src.health[c] = health.New(src.Filters.Namespaces)
	}
	return src.health[c]
}

// JoinOf returns the join of a cluster's routes, or nil if no route kind is configured.
func (src *Sources) JoinOf(c *kube.Cluster) *gatewayapi.Join { return src.joins[c] }

// ensureJoin returns the join of a cluster's routes, and makes it if there is none yet. All route kinds of the cluster share it.
func (src *Sources) ensureJoin(c *kube.Cluster) *gatewayapi.Join {
	if j := src.joins[c]; j != nil {
		return j
	}
	j := gatewayapi.NewJoin(src.Settings, src.Database, c, src.run, src.ended)
	src.joins[c] = j
	return j
}

// watchRoutes returns the function that watches a route kind. Its routes are joined with the Gateways; the resulting bindings are
// served.
func watchRoutes(r kube.Resource, inherits bool) func(*Sources, *Part) []*kube.Informer {
	return func(src *Sources, p *Part) []*kube.Informer {
		j := src.ensureJoin(p.Cluster)
		p.Join, p.alsoAwaits, j.Backends = j, j.Awaited, p.health
		return j.Add(p.Name, p.Index).Watch(r, inherits)
	}
}

// watchGateways watches Gateways as a kind of their own. It needs no informers besides those of the join with routes.
func watchGateways(src *Sources, p *Part) []*kube.Informer {
	j := src.ensureJoin(p.Cluster)
	j.GatewayIndex, p.alsoAwaits = p.Index, j.Awaited
	return nil
}
