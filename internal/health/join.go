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

// Join brings the Services and the EndpointSlices of a cluster together. A record points at the readiness of its backends, which is
// the same value for all records with the same backends. A change of an EndpointSlice is a write to that value: no record changes,
// and no question waits or looks anything up.
//
// A Service that is only referred to lives as long as a record refers to it: the join has a weak pointer to it, so that whatever
// holds a record, be it the index, a copy from before a relist or a question, keeps its readiness up to date.
type Join struct {
	Informers []*kube.Informer // of Services and EndpointSlices

	seed   maphash.Seed      // of IDs
	scopes map[string]*scope // by the namespace that is watched; "" for all

	mu     sync.Mutex // one change at a time; no question waits for it
	groups groups
}

// New returns the join of what is watched in a cluster: some namespaces, none standing for all.
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

// Awaited returns an informer that has to list something before it is known which backends are ready, or nil. A nil join
// misses nothing.
func (j *Join) Awaited() *kube.Informer {
	if j == nil {
		return nil
	}
	return kube.FirstUnsettled(j.Informers)
}

// id returns a hash of a key. Two keys with the same hash are not expected: nobody knows the seed, and a million Services have two
// with a probability below 1 in 10 million.
func (j *Join) id(key store.Key) uint64 { return maphash.Comparable(j.seed, key) }

// Of returns the Steering of an object of which nothing is known but its backend Services. It is nil, as for any object whose
// readiness cannot be known, if there are no backends, more than maxMembers, or one in a namespace that is not watched. All callers
// with the same backends get the same value, which must not be written to. A nil join knows no Service.
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

// groupID returns a hash of some Services.
func (j *Join) groupID(members []*service) uint64 {
	var h maphash.Hash
	h.SetSeed(j.seed)
	for _, m := range members {
		maphash.WriteComparable(&h, m.readiness.ID)
	}
	return h.Sum64()
}

// scope returns what is watched of a namespace, or nil.
func (j *Join) scope(namespace string) *scope {
	if all := j.scopes[""]; all != nil {
		return all
	}
	return j.scopes[namespace]
}
