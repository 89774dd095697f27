package gateway

import (
	"github.com/coredns/coredns/plugin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return promauto.NewCounterVec(prometheus.CounterOpts{Namespace: plugin.Namespace, Subsystem: pluginName, Name: name, Help: help}, labels)
}

// What is counted. What there is at the moment is in collector.go.
var (
	skippedValues = counter("skipped_values_total",
		"Counter of values in objects that cannot be served, by kind and reason.", "kind", "reason")
	unlistedKinds = counter("unlisted_kinds_total",
		"Counter of the times a kind began to be absent from the API server, forbidden, or failing to be listed or watched, by kind and reason.", "kind", "reason")
	events = counter("events_total",
		"Counter of changes that were handled, by kind and event: add, update, delete, or list for what a list brought.", "kind", "event")
	lookups = counter("lookups_total",
		"Counter of questions, by the kind that answered, empty where none did, and the result.", "kind", "result")
	upstreamLookups = counter("upstream_lookups_total",
		"Counter of lookups of names that are not ours, by result: success, negative or failure.", "result")
	upstreamCache = counter("upstream_cache_total",
		"Counter of uses of the cache of names that are not ours, by result: hit, miss, or stale for an old answer in place of none.", "result")

	propagation = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: plugin.Namespace,
		Subsystem: pluginName,
		Name:      "propagation_seconds",
		Help:      "Histogram of the time from when a change was received to when it is answered with, by kind.",
		Buckets:   prometheus.ExponentialBuckets(0.0001, 4, 8), // 0.1 ms to 1.6 s

		NativeHistogramBucketFactor: plugin.NativeHistogramBucketFactor,
	}, []string{"kind"})
)

// tally counts questions by their result. Its counters are looked up once, for a question has no time for that.
type tally [fellThrough + 1]prometheus.Counter

// fellThrough is the result of a question that was handed to the next plugin, in a tally.
const fellThrough = unavailable + 1

// resultNames are those of results in the metric. An alias is counted by what it leads to.
var resultNames = [...]string{
	success: "success", alias: "success", flatten: "success", delegation: "delegation", noData: "nodata", nameError: "nxdomain",
	unavailable: "servfail", fellThrough: "fallthrough",
}

func newTally(kind string) *tally {
	t := &tally{}
	for result, name := range resultNames {
		t[result] = lookups.WithLabelValues(kind, name)
	}
	return t
}

// report counts the values of an object that cannot be served, and logs the first record.MaxSkipped of them, once for every
// version of the object with other such values than the version before. The change of another object must not wait for the log
// (N7).
func report(kind, key string, old, new record.Skips) {
	if old.Equal(new) || record.IsEarlierKey(key) {
		return
	}
	more := 0
	for i, s := range new.Values() {
		skippedValues.WithLabelValues(kind, s.Reason).Inc()
		if i < record.MaxSkipped {
			log.Warningf("%s %s: skipped %s", kind, key, s)
		} else {
			more++
		}
	}
	for _, c := range new.More() {
		skippedValues.WithLabelValues(kind, c.Reason).Add(float64(c.Count))
		more += c.Count
	}
	if more > 0 {
		log.Warningf("%s %s: skipped %d more values", kind, key, more)
	}
}
