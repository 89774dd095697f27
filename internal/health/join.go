package health

import (
	"cmp"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// Join joins the Services of a cluster with their EndpointSlices. A record points at the Readiness of its backends; all records with the
// same backends share it. A change of an EndpointSlice is a write to that value: no record changes, and no question waits or looks
// anything up.
//
// The join has only a weak pointer to a Service that does not exist but that a record refers to. So its Readiness is kept up to date
// as long as anything holds such a record: the index, a copy from before a relist, or a question.
type Join struct {
	Informers []*kube.Informer // of Services and EndpointSlices

	seed   maphash.Seed      // of IDs
	scopes map[string]*scope // by the namespace that is watched; "" for all

	mu     sync.Mutex // serialises changes; no question waits for it
	groups groups
}

// New returns the join of some namespaces of a cluster, or of all namespaces if the list is empty.
func New(namespaces []string) *Join {
	j := &Join{seed: maphash.MakeSeed(), scopes: map[string]*scope{}}
	if len(namespaces) == 0 {
		namespaces = []string{""}
	}
	for _, namespace := range namespaces {
		s := &scope{join: j, services: map[uint64]*service{}, slices: map[uint64]slice{}}
		j.scopes[namespace] = s
		j.Informers = append(j.Informers, s.informers(namespace)...)
	}
	return j
}

// Awaited returns an informer that must settle before the join is complete, or nil. A nil join is complete.
func (j *Join) Awaited() *kube.Informer {
	if j == nil {
		return nil
	}
	return kube.FirstUnsettled(j.Informers)
}

// id returns a hash of a key. Collisions are ignored: the seed is secret, and the probability that two of a million Services collide is
// below 1 in 10 million.
func (j *Join) id(key store.Key) uint64 { return maphash.Comparable(j.seed, key) }

// Of returns the Steering of an object with these backend Services that states nothing else. It is nil if their readiness cannot be
// known: there are no backends, more than maxMembers, or one in a namespace that is not watched, or the join is nil. All callers with
// the same backends get the same value, which must not be written to.
func (j *Join) Of(backends ...store.Key) *record.Steering {
	if j == nil || len(backends) == 0 {
		return nil
	}
	refs := make([]backend, 0, 8)
	for _, key := range backends {
		s := j.scope(key.Namespace)
		if s == nil {
			return nil
		}
		refs = append(refs, backend{s, j.id(key)})
	}
	slices.SortFunc(refs, func(a, b backend) int { return cmp.Compare(a.id, b.id) })
	if refs = slices.Compact(refs); len(refs) > maxMembers {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(refs) == 1 {
		return &refs[0].scope.ensureReferenced(refs[0].id).steering
	}
	members := make([]*service, len(refs))
	for i, ref := range refs {
		members[i] = ref.scope.ensureReferenced(ref.id)
	}
	return j.group(j.groupID(members), members)
}

// backend is the ID of a backend Service, and the scope that it is in.
type backend struct {
	scope *scope
	id    uint64
}

// groupID returns a hash of the IDs of some Services.
func (j *Join) groupID(members []*service) uint64 {
	var h maphash.Hash
	h.SetSeed(j.seed)
	for _, m := range members {
		maphash.WriteComparable(&h, m.readiness.ID)
	}
	return h.Sum64()
}

// scope returns the scope of a namespace, or nil if the namespace is not watched.
func (j *Join) scope(namespace string) *scope {
	if all := j.scopes[""]; all != nil {
		return all
	}
	return j.scopes[namespace]
}
