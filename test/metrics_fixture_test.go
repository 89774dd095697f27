package test

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/miekg/dns"
)

// measured returns the kinds that there are gauges of for the zone, in order.
func (c *corner) measured() []string {
	c.t.Helper()
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		c.t.Fatal(err)
	}
	var kinds []string
	for _, family := range families {
		if family.GetName() != "coredns_k8s_gateway_kind_state" {
			continue
		}
		for _, metric := range family.GetMetric() {
			labels := map[string]string{}
			for _, label := range metric.GetLabel() {
				labels[label.GetName()] = label.GetValue()
			}
			if labels["zone"] == dns.Fqdn(c.zone) {
				kinds = append(kinds, labels["kind"])
			}
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
