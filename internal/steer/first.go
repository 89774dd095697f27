package steer

import (
	"fmt"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// first keeps the targets with the lowest priority and, of these, the targets of the first cluster (T5).
type first struct{}

// Keep implements Filter.
func (first) Keep(q *Question, targets []zone.Target) []zone.Target {
	if len(targets) == 1 {
		return targets
	}
	priority, cluster := targets[0].Data.StatedOf().Priority, targets[0].Cluster
	for i := range targets[1:] {
		t := &targets[i+1]
		if p := t.Data.StatedOf().Priority; p < priority || p == priority && t.Cluster < cluster {
			priority, cluster = p, t.Cluster
		}
	}
	if q.traced {
		q.because(fmt.Sprintf("the first cluster with priority %d", priority))
	}
	kept := targets[:0]
	for i := range targets {
		if targets[i].Cluster == cluster && targets[i].Data.StatedOf().Priority == priority {
			kept = moveKept(kept, targets, i)
		}
	}
	return kept
}
