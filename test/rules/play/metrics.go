package play

import (
	"github.com/prometheus/client_golang/prometheus"
)

// handledEvents returns how many objects the plugin has handled that an API server sent, in this process.
func handledEvents() (n int) {
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		return 0
	}
	for _, family := range families {
		if family.GetName() != "coredns_k8s_gateway_events_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			n += int(m.GetCounter().GetValue())
		}
	}
	return n
}
