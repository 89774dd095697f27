// Package monitoring tests the alert rules and the dashboard in examples/monitoring with Prometheus's own parser, rules
// and query engine, and with Grafana's own schema. It is a module of its own, so that the plugin does not depend on these.
package monitoring
