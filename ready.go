package gateway

import (
	"slices"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/nameserver"
)

// Ready implements ready.Readiness of CoreDNS's ready plugin, for every stanza of the server block: CoreDNS
// knows one plugin of a name.
func (g *Gateway) Ready() bool {
	for _, member := range g.block {
		if !member.current().isReady() {
			return false
		}
	}
	return true
}

// isReady reports whether there was a time when everything that is watched had been listed, or found absent. What
// cannot be listed, be it a kind or a cluster, holds the rest up for the startup timeout only (R4).
func (g *Gateway) isReady() bool {
	if !g.ready.Load() && (g.zonesComplete() && g.backendsComplete() || g.someListed()) {
		g.ready.Store(true)
	}
	return g.ready.Load()
}

// zonesComplete reports whether everything that the zones hold is known: what the configured kinds say (Z2), and the addresses of the
// nameservers. Only then is a zone transferred (R8).
func (g *Gateway) zonesComplete() bool { return g.nameserversComplete() && g.complete() }

// backendsComplete reports whether it is known which backends are ready, where the stanza wants to know. Zones are complete without.
func (g *Gateway) backendsComplete() bool {
	return !slices.ContainsFunc(g.Clusters, func(c *kube.Cluster) bool { return g.Sources.HealthOf(c).Awaited() != nil })
}

func (g *Gateway) nameserversComplete() bool {
	return !slices.ContainsFunc(g.nameservers, func(ns *nameserver.Server) bool { return ns.Awaited() != nil })
}

// someListed reports whether the startup timeout is over, something has been listed, and the rest fails or does not
// get on: a long list that comes in is worth waiting for.
func (g *Gateway) someListed() bool {
	some := false
	for _, c := range g.Clusters {
		for _, i := range c.Demanded() {
			some = some || i.Listed.Load()
			arriving := time.Since(time.Unix(0, i.LastArrival.Load())) < g.startupTimeout
			if !i.GraceOver.Load() || !i.Settled() && i.Problem.Load() != kube.Failing && arriving {
				return false
			}
		}
	}
	return some
}
