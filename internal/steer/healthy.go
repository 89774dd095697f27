package steer

import "github.com/k8s-gateway/k8s_gateway/v2/internal/zone"

// healthy keeps targets with a ready backend (T2).
type healthy struct{}

// Keep implements Filter.
func (healthy) Keep(_ *Question, targets []zone.Target) []zone.Target {
	kept := targets[:0]
	for i := range targets {
		if s := targets[i].Data.Steering; s == nil || s.Readiness.Ready() {
			kept = moveKept(kept, targets, i)
		}
	}
	return kept
}
