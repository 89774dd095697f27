package source

import (
	"sync/atomic"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/gatewayapi"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/health"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// ServedKind is a kind of the property resources, with its records in all clusters.
type ServedKind struct {
	*Kind
	Parts []*Part
}

// ForLookup returns the kind in the form that lookups use.
func (k *ServedKind) ForLookup(number int) *zone.Kind {
	zk := &zone.Kind{Number: number, Others: k.Others, Wildcards: k.Wildcards, Certain: k.certain}
	for _, p := range k.Parts {
		zk.Parts = append(zk.Parts, p.Index)
	}
	return zk
}

// Complete reports whether the kind is complete in all clusters: every informer that it demands is settled now. It latches
// WasComplete of each part.
func (k *ServedKind) Complete() bool {
	for _, p := range k.Parts {
		if !p.latchComplete() {
			return false
		}
	}
	return true
}

// certain reports whether a positive answer of the kind may be given: each cluster was complete once, or its startup timeout is over,
// and at least one was complete. A cluster that is away does not keep the others from answering. certain does not prove that a
// missing name does not exist.
func (k *ServedKind) certain() bool {
	someComplete := false
	for i := 0; i < len(k.Parts); {
		c, complete := k.Parts[i].Cluster, true
		for ; i < len(k.Parts) && k.Parts[i].Cluster == c; i++ {
			complete = complete && k.Parts[i].WasComplete()
		}
		switch {
		case complete:
			someComplete = true
		case !c.GraceOver.Load():
			return false
		}
	}
	return someComplete
}

// Part is a kind in one cluster, with the index of its records.
type Part struct {
	*Kind
	*zone.Index
	Cluster     *kube.Cluster
	Informers   []*kube.Informer      // those that must settle before the part is complete
	alsoAwaits  func() *kube.Informer // returns another informer that must settle before, or nil; a nil function if there are no others
	Join        *gatewayapi.Join      // of a route kind
	health      *health.Join          // the readiness of backend Services; nil unless the stanza has `steer healthy`
	Endpoints   *Part                 // of Services: the index of those that answer with their endpoints; nil for other kinds
	wasComplete atomic.Bool
}

func newPart(k *Kind, c *kube.Cluster) *Part {
	return &Part{Kind: k, Index: zone.NewIndex(k.Wildcards), Cluster: c}
}

// WasComplete reports whether the part was complete once. An informer that is demanded later does not change that: it casts no doubt
// on the records that were there.
func (p *Part) WasComplete() bool { return p.wasComplete.Load() || p.latchComplete() }

// latchComplete reports whether the part is complete: all informers that it demands are settled now. If so, WasComplete is true from
// now on.
func (p *Part) latchComplete() bool {
	if p.Awaited() != nil {
		return false
	}
	if !p.wasComplete.Load() { // a store by each question would contend for the cache line
		p.wasComplete.Store(true)
	}
	return true
}

// Awaited returns an informer that must settle before the part is complete, or nil.
func (p *Part) Awaited() *kube.Informer {
	if i := kube.FirstUnsettled(p.Informers); i != nil || p.alsoAwaits == nil {
		return i
	}
	return p.alsoAwaits()
}
