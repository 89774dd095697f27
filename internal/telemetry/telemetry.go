// Package telemetry provides the plugin's logger and registers its counters, under the name of the plugin.
package telemetry

import (
	"github.com/coredns/coredns/plugin"
	clog "github.com/coredns/coredns/plugin/pkg/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Plugin is the name of the plugin, in the Corefile, in the log and in the names of metrics.
const Plugin = "k8s_gateway"

// Log is the logger of the plugin.
var Log = clog.NewWithPlugin(Plugin)

// Counter registers a counter with labels.
func Counter(name, help string, labels ...string) *prometheus.CounterVec {
	return promauto.NewCounterVec(prometheus.CounterOpts{Namespace: plugin.Namespace, Subsystem: Plugin, Name: name, Help: help}, labels)
}
