// Package metric makes the counters of the plugin. It knows how they are named, and not what they count.
package metric

import (
	"github.com/coredns/coredns/plugin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Subsystem is the part of every name between CoreDNS's and the metric's own.
const Subsystem = "k8s_gateway"

// Counter registers a counter with labels.
func Counter(name, help string, labels ...string) *prometheus.CounterVec {
	return promauto.NewCounterVec(prometheus.CounterOpts{Namespace: plugin.Namespace, Subsystem: Subsystem, Name: name, Help: help}, labels)
}
