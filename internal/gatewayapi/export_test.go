package gatewayapi

import "github.com/k8s-gateway/k8s_gateway/v2/internal/kube"

const MaxBindings = maxBindings

// GatewayInformers returns the informers of Gateways.
func (j *Join) GatewayInformers() []*kube.Informer { return j.Gateways.informers }

// BeginChange stores a Gateway in place of another, and returns a function that rebinds its routes.
func (j *Join) BeginChange(old, new *ParentGateway) (finish func()) {
	c := j.begin(new.mayAddBindings(old), func(last version) affected {
		j.Gateways.put(new.Key(), old, new, last)
		return j.routesOf(parent{key: new.Key()})
	})
	return func() { j.proceed(c, 0) }
}

// Rebinding reports whether a route has not been rebound after a change yet.
func (j *Join) Rebinding() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.unbound) > 0
}

// Kept returns the number of retained bindings.
func (j *Join) Kept() int { return len(j.retained) }

// LeftOfChanges returns the size of the state of changes. It is 0 once all changes have rebound all of their routes.
func (j *Join) LeftOfChanges() int {
	return len(j.unbound) + len(j.open) + len(j.retained) + len(j.queue) + len(j.Gateways.past)
}
