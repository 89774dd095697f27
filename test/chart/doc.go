// Package chart tests the Helm chart in charts/k8s-gateway. It is a module of its own so that Helm is none of the
// plugin's dependencies.
package chart
