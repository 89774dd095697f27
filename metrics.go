package gateway

import (
	"time"

	"github.com/coredns/coredns/plugin"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/explain"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/telemetry"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// The counters.
var (
	lookups = telemetry.Counter("lookups_total",
		"Counter of questions, by the kind that answered, empty where none did, and the result.", "kind", "result")
)

// tally counts questions by their result. It holds the counters of a vector, because a lookup in the vector is too slow for a question.
type tally [fellThrough + 1]prometheus.Counter

// fellThrough is the index in a tally of questions that went to the next plugin.
const fellThrough = zone.Unavailable + 1

// resultNames are the values of the label result. An alias is counted by the result of following it.
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

func init() { prometheus.MustRegister(collector{}) }

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(plugin.Namespace, pluginName, name), help, labels, nil)
}

// The gauges. The label zone is the first zone of the stanza.
var (
	objectsGauge = gauge("objects", "Gauge of objects that have something to say, by kind.", "zone", "kind", "cluster")
	namesGauge   = gauge("names", "Gauge of names that objects claim, one for each that does, by kind.", "zone", "kind", "cluster")
	stateGauge   = gauge("kind_state", "Gauge of what is known of a kind: 1 for its state, 0 for the others.", "zone", "kind", "cluster", "state")
	watchesGauge = gauge("watches", "Gauge of open watches, by kind.", "zone", "kind", "cluster")
	silenceGauge = gauge("api_server_silence_seconds", "Gauge of the time since an API server was last heard.", "zone", "cluster")
	cacheGauge   = gauge("upstream_cache_entries", "Gauge of names that are not ours in the cache.", "zone")
)

// collector is a prometheus.Collector of the gauges. It reads them on each scrape, so that no series of an ended instance remains (R5).
// During a reload they are those of the new instance or, for a stanza for which the instance before still answers, of that one.
type collector struct{}

// Describe implements prometheus.Collector.
func (collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{objectsGauge, namesGauge, stateGauge, watchesGauge, silenceGauge, cacheGauge} {
		ch <- d
	}
}

// seriesLabels identifies a series of a gauge. Labels that the gauge does not have are empty.
type seriesLabels struct{ zone, kind, cluster string }

// Collect implements prometheus.Collector. The values of stanzas with the same labels, such as views of one zone, are added.
func (collector) Collect(ch chan<- prometheus.Metric) {
	last := running.last()
	if last == nil {
		return
	}
	kinds := map[seriesLabels]kube.State{}
	names := map[seriesLabels]int64{}
	silence := map[seriesLabels]time.Duration{}
	cached := map[seriesLabels]int{}
	for _, g := range last.gateways() {
		g = g.current()
		zone := g.Zones.All[0].FQDN
		for _, cl := range g.Clusters {
			since := last.began
			if heard := cl.LastHeard.Load(); heard > 0 {
				since = time.Unix(0, heard)
			}
			silence[seriesLabels{zone, "", cl.Name()}] = time.Since(since)
			for _, i := range cl.Demanded() {
				id := seriesLabels{zone, i.Kind, cl.Name()}
				kinds[id] = kinds[id].With(i.State())
			}
		}
		for _, k := range g.Served {
			for _, s := range k.Parts {
				names[seriesLabels{zone, k.Name, s.Cluster.Name()}] += s.NameCount.Load()
			}
		}
		cached[seriesLabels{zone, "", ""}] += g.Upstream.CacheLen()
	}
	send := func(d *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for id, k := range kinds {
		send(objectsGauge, float64(k.Objects), id.zone, id.kind, id.cluster)
		send(watchesGauge, float64(k.Watches), id.zone, id.kind, id.cluster)
		for _, state := range explain.StateNames {
			value := 0.0
			if state == explain.StateNames[k.State] {
				value = 1
			}
			send(stateGauge, value, id.zone, id.kind, id.cluster, state)
		}
	}
	for id, n := range names {
		send(namesGauge, float64(n), id.zone, id.kind, id.cluster)
	}
	for id, d := range silence {
		send(silenceGauge, d.Seconds(), id.zone, id.cluster)
	}
	for id, n := range cached {
		send(cacheGauge, float64(n), id.zone)
	}
}
