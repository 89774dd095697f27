package resolve

import "time"

const (
	MaxNames         = maxNames
	MaxTargets       = maxTargets
	UpstreamDeadline = upstreamDeadline
)

// EndPause lets the pause after the failed lookup of a name's addresses end.
func (r *Resolver) EndPause(name string, qtype uint16) {
	key, _ := r.lookupCache(name, qtype)
	f, _ := r.lastFailure(key)
	f.at = time.Now().Add(-upstreamPause)
	r.failed.Add(hash(key), f)
}

// AddressesKept returns how many answers with addresses the cache holds.
func (r *Resolver) AddressesKept() int { return r.cache.Len() }
