package health

import (
	"iter"
	"weak"
)

// referencedServices holds, by ID, the Services of a scope that records refer to, but that neither exist nor have EndpointSlices. The
// pointers are weak. Entries of collected Services are swept now and then, so that there are at most twice as many entries as live
// Services. Each shard is swept by itself: no change waits for a sweep of all (N7).
type referencedServices [64]struct {
	entries map[uint64]weak.Pointer[service]
	limit   int // the number of entries at which the next sweep starts
}

// get returns the Service with an ID, or nil if there is none, or if it was collected.
func (m *referencedServices) get(id uint64) *service { return m[id%uint64(len(m))].entries[id].Value() }

func (m *referencedServices) put(id uint64, svc *service) {
	shard := &m[id%uint64(len(m))]
	if len(shard.entries) >= shard.limit {
		kept := make(map[uint64]weak.Pointer[service])
		for id, w := range shard.entries {
			if w.Value() != nil {
				kept[id] = w
			}
		}
		shard.entries, shard.limit = kept, 2*len(kept)+8
	}
	shard.entries[id] = weak.Make(svc)
}

func (m *referencedServices) delete(id uint64) { delete(m[id%uint64(len(m))].entries, id) }

// all returns the Services that were not collected.
func (m *referencedServices) all() iter.Seq[*service] {
	return func(yield func(*service) bool) {
		for i := range m {
			for _, w := range m[i].entries {
				if svc := w.Value(); svc != nil && !yield(svc) {
					return
				}
			}
		}
	}
}

// size returns the number of entries, including those of collected Services.
func (m *referencedServices) size() (n int) {
	for i := range m {
		n += len(m[i].entries)
	}
	return n
}
