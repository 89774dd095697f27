package kube

import (
	"github.com/coredns/coredns/plugin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/telemetry"
)

// The counters and histograms about objects. The gauges are in the collector of the root package.
var (
	SkippedValues = telemetry.Counter("skipped_values_total",
		"Counter of values in objects that cannot be served, by kind and reason.", "kind", "reason")
	UnlistedKinds = telemetry.Counter("unlisted_kinds_total",
		"Counter of the times a kind began to be absent from the API server, forbidden, or failing to be listed or watched, by kind and reason.", "kind", "reason")
	Events = telemetry.Counter("events_total",
		"Counter of changes that were handled, by kind and event: add, update, delete, or list for what a list brought.", "kind", "event")

	Propagation = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: plugin.Namespace,
		Subsystem: telemetry.Plugin,
		Name:      "propagation_seconds",
		Help:      "Histogram of the time from when a change was received to when it is answered with, by kind.",
		Buckets:   prometheus.ExponentialBuckets(0.0001, 4, 8), // 0.1 ms to 1.6 s

		NativeHistogramBucketFactor: plugin.NativeHistogramBucketFactor,
	}, []string{"kind"})
)

// ReportSkipped counts the values of an object that cannot be served, and logs the first record.MaxSkipped of them. It does so
// once for each version of the object whose skipped values differ from those of the version before. kind is the label of the
// metric, title names the kind in the log. The log is limited so that changes of other objects do not wait for it (N7).
func ReportSkipped(kind, title, key string, old, new record.Skips) {
	if old.Equal(new) || record.IsEarlierKey(key) {
		return
	}
	more := 0
	for i, s := range new.Values() {
		SkippedValues.WithLabelValues(kind, s.Reason).Inc()
		if i < record.MaxSkipped {
			log.Warningf("%s %s: skipped %s", title, key, s)
		} else {
			more++
		}
	}
	for _, c := range new.More() {
		SkippedValues.WithLabelValues(kind, c.Reason).Add(float64(c.Count))
		more += c.Count
	}
	if more > 0 {
		log.Warningf("%s %s: skipped %d more values", title, key, more)
	}
}
