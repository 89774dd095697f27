package source

import (
	"sync/atomic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/health"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// ServedKind is a configured kind: what its objects in every cluster say, taken together.
type ServedKind struct {
	*Kind
	Parts []*Part
}

// ForLookup returns the kind as lookups know it.
func (k *ServedKind) ForLookup(number int) *zone.Kind {
	zk := &zone.Kind{Number: number, Others: k.Others, Wildcards: k.Wildcards, Certain: k.certain}
	for _, s := range k.Parts {
		zk.Parts = append(zk.Parts, s.Index)
	}
	return zk
}

// Complete reports whether the indexes of all clusters hold all there is, or did once.
func (k *ServedKind) Complete() bool {
	for _, s := range k.Parts {
		if !s.WasComplete() || !s.complete() {
			return false
		}
	}
	return true
}

// certain reports whether what the kind has for a name is certain, though not that it has nothing: every cluster
// has been listed, or has had the startup grace for it. A cluster that is away must not take the others along.
func (k *ServedKind) certain() bool {
	known := false
	for i := 0; i < len(k.Parts); {
		c, complete := k.Parts[i].Cluster, true
		for ; i < len(k.Parts) && k.Parts[i].Cluster == c; i++ {
			complete = complete && k.Parts[i].WasComplete()
		}
		switch {
		case complete:
			known = true
		case !c.GraceOver.Load():
			return false
		}
	}
	return known
}

// Part is a kind in one cluster, with the index that holds its records.
type Part struct {
	*Kind
	*zone.Index
	Cluster     *kube.Cluster
	Informers   []*kube.Informer      // what must have been listed before the index is complete
	Join        *gatewayapi.Join      // of a route kind
	health      *health.Join          // of the Services behind the targets, where the stanza wants to know which are ready; else nil
	alsoAwaits  func() *kube.Informer // that the index waits for besides; nil for none
	Endpoints   *Part                 // of Services: the index of those that answer with their endpoints; nil for other kinds
	wasComplete atomic.Bool           // it was complete once
}

func newPart(k *Kind, c *kube.Cluster) *Part {
	return &Part{Kind: k, Index: zone.NewIndex(k.Wildcards), Cluster: c}
}

// WasComplete reports whether there was a time when the index held all there is. What is demanded later on does not
// put what was known in doubt.
func (s *Part) WasComplete() bool {
	if !s.wasComplete.Load() && s.complete() {
		s.wasComplete.Store(true)
	}
	return s.wasComplete.Load()
}

// complete reports whether the index holds all there is.
func (s *Part) complete() bool { return s.Awaited() == nil }

// Awaited returns an informer that has to list something before the index holds all there is, or nil.
func (s *Part) Awaited() *kube.Informer {
	if i := kube.FirstUnsettled(s.Informers); i != nil || s.alsoAwaits == nil {
		return i
	}
	return s.alsoAwaits()
}
