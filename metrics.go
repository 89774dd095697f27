package gateway

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/metric"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// What is counted. What there is at the moment is in collector.go.
var (
	lookups = metric.Counter("lookups_total",
		"Counter of questions, by the kind that answered, empty where none did, and the result.", "kind", "result")
)

// tally counts questions by their result. Its counters are looked up once, for a question has no time for that.
type tally [fellThrough + 1]prometheus.Counter

// fellThrough is the result of a question that was handed to the next plugin, in a tally.
const fellThrough = zone.Unavailable + 1

// resultNames are those of results in the metric. An alias is counted by what it leads to.
var resultNames = [...]string{
	zone.Success: "success", zone.Alias: "success", zone.Flatten: "success", zone.Delegation: "delegation", zone.NoData: "nodata", zone.NameError: "nxdomain",
	zone.Unavailable: "servfail", fellThrough: "fallthrough",
}

func newTally(kind string) *tally {
	t := &tally{}
	for result, name := range resultNames {
		t[result] = lookups.WithLabelValues(kind, name)
	}
	return t
}
