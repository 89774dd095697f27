package gateway

import (
	"sync/atomic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// kindServed is a configured kind: what its objects in every cluster say, taken together.
type kindServed struct {
	*kind
	parts []*served
}

// zoneKind returns the kind as lookups know it.
func (k *kindServed) zoneKind(number int) *zone.Kind {
	zk := &zone.Kind{Number: number, Others: k.others, Wildcards: k.sort, Certain: k.known}
	for _, s := range k.parts {
		zk.Parts = append(zk.Parts, s.Index)
	}
	return zk
}

// complete reports whether the indexes of all clusters hold all there is, or did once.
func (k *kindServed) complete() bool {
	for _, s := range k.parts {
		if !s.wasComplete() || !s.complete() {
			return false
		}
	}
	return true
}

// known reports whether what the kind has for a name is certain, though not that it has nothing: every cluster
// has been listed, or has had the startup grace for it. A cluster that is away must not take the others along.
func (k *kindServed) known() bool {
	known := false
	for i := 0; i < len(k.parts); {
		c, complete := k.parts[i].cluster, true
		for ; i < len(k.parts) && k.parts[i].cluster == c; i++ {
			complete = complete && k.parts[i].wasComplete()
		}
		switch {
		case complete:
			known = true
		case !c.Late.Load():
			return false
		}
	}
	return known
}

// served is a kind in one cluster: the indexer that holds its records.
type served struct {
	*kind
	*zone.Index
	cluster   *kube.Cluster
	informers []*kube.Informer      // what must have been listed before the index is complete
	join      *gatewayapi.Join      // of a route kind
	also      func() *kube.Informer // that the index waits for besides; nil for none
	beside    *served               // a second indexer of the kind; nil for none
	once      atomic.Bool           // it was complete once
}

func newServed(k *kind, c *kube.Cluster) *served {
	return &served{kind: k, Index: zone.NewIndex(k.sort), cluster: c}
}

// wasComplete reports whether there was a time when the index held all there is. What is demanded later on does not
// put what was known in doubt.
func (s *served) wasComplete() bool {
	if !s.once.Load() && s.complete() {
		s.once.Store(true)
	}
	return s.once.Load()
}

// complete reports whether the index holds all there is.
func (s *served) complete() bool { return s.missing() == nil }

// missing returns an informer that has to list something before the index holds all there is, or nil.
func (s *served) missing() *kube.Informer {
	if i := kube.Unsettled(s.informers); i != nil || s.also == nil {
		return i
	}
	return s.also()
}
