package explain

import (
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// SourceStates returns the state of each kind that is watched in a cluster, in the order of the informers.
func (e *Explainer) SourceStates(c *kube.Cluster, zones []string) (list []statuspage.Status) {
	states := map[string]kube.State{}
	var order []string
	for _, i := range c.Demanded() {
		if _, ok := states[i.Kind]; !ok {
			order = append(order, i.Kind)
		}
		states[i.Kind] = states[i.Kind].With(i.State())
	}
	claims := map[string]int64{}
	for _, k := range e.Kinds {
		for _, s := range k.Parts {
			if s.Cluster == c {
				claims[k.Name] += s.NameCount.Load()
			}
		}
	}
	for _, kind := range order {
		k := states[kind]
		status := statuspage.Status{
			Zones: zones, Kind: kind, Cluster: c.Name(), State: StateNames[k.State], Problem: k.Problem,
			Watching: k.Watches > 0, Objects: int(k.Objects), Names: int(claims[kind]),
		}
		if heard := c.LastHeard.Load(); heard > 0 {
			status.Heard = time.Unix(0, heard)
		}
		list = append(list, status)
	}
	return list
}

// StateNames are the names of states on the status page and in the metric.
var StateNames = [...]string{
	kube.Synced: statuspage.Synced, kube.AbsentState: statuspage.Absent, kube.ForbiddenState: statuspage.Forbidden, kube.Stale: statuspage.Stale, kube.Unsynced: statuspage.Unsynced,
}
