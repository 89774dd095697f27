package gateway

import (
	"sync"
	"time"

	"github.com/coredns/coredns/plugin"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics shows the state of what runs.
var metrics = &collector{}

func init() { prometheus.MustRegister(metrics) }

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(plugin.Namespace, pluginName, name), help, labels, nil)
}

// What there is at the moment. The zone is the first of its stanza.
var (
	objectsGauge = gauge("objects", "Gauge of objects that have something to say, by kind.", "zone", "kind", "cluster")
	namesGauge   = gauge("names", "Gauge of names that objects claim, one for each that does, by kind.", "zone", "kind", "cluster")
	stateGauge   = gauge("kind_state", "Gauge of what is known of a kind: 1 for its state, 0 for the others.", "zone", "kind", "cluster", "state")
	watchesGauge = gauge("watches", "Gauge of open watches, by kind.", "zone", "kind", "cluster")
	silenceGauge = gauge("api_server_silence_seconds", "Gauge of the time since an API server was last heard.", "zone", "cluster")
	cacheGauge   = gauge("upstream_cache_entries", "Gauge of names that are not ours in the cache.", "zone")
)

// collector is a prometheus.Collector of the gauges. They are read when they are asked for, so that nothing is left
// of an instance that has ended (R5). During a reload they are those of the new one.
type collector struct {
	mu        sync.Mutex
	instances []*instance // oldest first
}

func (c *collector) add(i *instance) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i.began = time.Now()
	c.instances = append(c.instances, i)
}

func (c *collector) remove(i *instance) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for n, other := range c.instances {
		if other == i {
			c.instances = append(c.instances[:n:n], c.instances[n+1:]...)
			return
		}
	}
}

// shown returns the Gateways of the instance that runs.
func (c *collector) shown() ([]*Gateway, time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.instances) == 0 {
		return nil, time.Time{}
	}
	last := c.instances[len(c.instances)-1]
	return last.gateways(), last.began
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{objectsGauge, namesGauge, stateGauge, watchesGauge, silenceGauge, cacheGauge} {
		ch <- d
	}
}

// of is the labels of a gauge, as far as they say whose it is.
type of struct{ zone, kind, cluster string }

// Collect implements prometheus.Collector. Stanzas that share their labels, as views of one zone do, are added up.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	gateways, began := c.shown()
	kinds := map[of]kindState{}
	names := map[of]int64{}
	silence := map[of]time.Duration{}
	cached := map[of]int{}
	for _, g := range gateways {
		zone := g.zones.all[0].fqdn
		for _, cl := range g.clusters {
			since := began
			if heard := cl.heard.Load(); heard > 0 {
				since = time.Unix(0, heard)
			}
			silence[of{zone, "", cl.name()}] = time.Since(since)
			for _, i := range cl.demanded() {
				id := of{zone, i.kind, cl.name()}
				kinds[id] = kinds[id].with(i.state())
			}
		}
		for _, k := range g.kinds {
			for _, s := range k.parts {
				names[of{zone, k.name, s.cluster.name()}] += s.names.Load()
			}
		}
		cached[of{zone, "", ""}] += g.upstream.cache.Len()
	}
	send := func(d *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for id, k := range kinds {
		send(objectsGauge, float64(k.objects), id.zone, id.kind, id.cluster)
		send(watchesGauge, float64(k.watches), id.zone, id.kind, id.cluster)
		for _, state := range stateNames {
			value := 0.0
			if state == stateNames[k.state] {
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
