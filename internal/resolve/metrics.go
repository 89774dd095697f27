package resolve

import "github.com/k8s-gateway/k8s_gateway/v2/internal/telemetry"

var (
	UpstreamLookups = telemetry.Counter("upstream_lookups_total",
		"Counter of lookups of names that are not ours, by result: success, negative or failure.", "result")
	UpstreamCache = telemetry.Counter("upstream_cache_total",
		"Counter of uses of the cache of names that are not ours, by result: hit, miss, or stale for an old answer in place of none.", "result")
)
