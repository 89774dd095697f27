package gateway

import (
	"slices"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/nameserver"
)

// Ready implements ready.Readiness of CoreDNS's plugin ready for all stanzas of the server block: CoreDNS registers handlers by name
// (dnsserver.Config.Handlers), so of several stanzas it calls only one.
func (g *Gateway) Ready() bool {
	for _, member := range g.block {
		if !member.current().isReady() {
			return false
		}
	}
	return true
}

// isReady reports whether there was a time when everything that was watched had been listed, or found absent. A kind or a cluster that cannot
// be listed delays readiness for the startup timeout only (R4).
func (g *Gateway) isReady() bool {
	if !g.ready.Load() && (g.zonesComplete() && g.backendsComplete() || g.someListed()) {
		g.ready.Store(true)
	}
	return g.ready.Load()
}

// zonesComplete reports whether everything in the zones is listed: the objects of the configured kinds (Z2), and the addresses of the
// nameservers. Only then is a zone transferred (R8).
func (g *Gateway) zonesComplete() bool { return g.nameserversComplete() && g.complete() }

// backendsComplete reports whether the backends are listed, if the stanza has the filter healthy. Zones may be complete before that.
func (g *Gateway) backendsComplete() bool {
	return !slices.ContainsFunc(g.Clusters, func(c *kube.Cluster) bool { return g.Sources.HealthOf(c).Awaited() != nil })
}

// nameserversComplete reports whether the Services of all nameservers are listed.
func (g *Gateway) nameserversComplete() bool {
	return !slices.ContainsFunc(g.nameservers, func(ns *nameserver.Server) bool { return ns.Awaited() != nil })
}

// someListed reports whether the startup timeout is over, something has been listed, and the rest fails or makes no progress. A long list
// that is still arriving is worth waiting for.
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
