package gateway

import (
	"slices"
	"sync"
)

// running is the instances that run. CoreDNS does not tell an instance which one it is a reload of, nor that the
// reload it was made for has failed.
var running registry

type registry struct {
	mu        sync.Mutex
	instances []*instance // oldest first
	old       *instance   // that a reload is under way of; nil for none
}

func (r *registry) add(i *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.instances = append(r.instances, i)
}

func (r *registry) remove(i *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.instances = slices.DeleteFunc(r.instances, func(other *instance) bool { return other == i })
	if r.old == i { // the reload is complete
		r.old = nil
	}
	for _, next := range r.instances {
		if next.before == i {
			next.before = nil
		}
	}
}

// reload notes that an instance is about to be replaced.
func (r *registry) reload(i *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.old = i
}

// reloading returns the instance that is about to be replaced, or nil.
func (r *registry) reloading() *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.old
}

// predecessor returns the instance that another one is a reload of, as long as it runs, or nil.
func (r *registry) predecessor(i *instance) *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	return i.before
}

// reloadFailed ends what was started to replace an instance, which goes on. It may also be that a plugin failed to end
// with that instance: then its servers are gone, and the next one's answer.
func (r *registry) reloadFailed(i *instance) {
	r.mu.Lock()
	r.old = nil
	var next []*instance
	for _, other := range r.instances {
		if other.before == i {
			next = append(next, other)
		}
	}
	if !i.serves() {
		next = []*instance{i}
	}
	r.mu.Unlock()
	for _, n := range next {
		n.stop()
	}
}

// last returns the instance that was started last, or nil.
func (r *registry) last() *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.instances) == 0 {
		return nil
	}
	return r.instances[len(r.instances)-1]
}
