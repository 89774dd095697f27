package gateway

import (
	"slices"
	"strconv"

	"github.com/coredns/coredns/plugin"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

var skippedValues = promauto.NewCounterVec(prometheus.CounterOpts{
	Namespace: plugin.Namespace,
	Subsystem: pluginName,
	Name:      "skipped_values_total",
	Help:      "Counter of values in objects that cannot be served, by kind and reason.",
}, []string{"kind", "reason"})

var unlistedKinds = promauto.NewCounterVec(prometheus.CounterOpts{
	Namespace: plugin.Namespace,
	Subsystem: pluginName,
	Name:      "unlisted_kinds_total",
	Help:      "Counter of the times a kind began to be absent from the API server, forbidden, or failing to be listed, by kind and reason.",
}, []string{"kind", "reason"})

// report counts and logs what an object says that cannot be served, once for every version that says
// something else than the one before.
func report(kind, key string, old, new skips) {
	if slices.Equal(old, new) {
		return
	}
	for _, s := range new {
		skippedValues.WithLabelValues(kind, s.reason).Inc()
		log.Warningf("%s %s: skipped %s", kind, key, s.text)
	}
}

// quote makes a string from the cluster safe to log.
func quote(s string) string { return strconv.QuoteToASCII(s) }
