package health

import "github.com/k8s-gateway/k8s_gateway/v2/internal/record"

// service is a backend Service. There may be tens of thousands, so TestHeap limits its size. The counts are guarded by Join.mu.
type service struct {
	steering  record.Steering // of an object that has this backend only
	readiness record.Readiness
	slices    uint32 // its EndpointSlices
	ready     uint32 // the ready endpoints in them
}

// scope holds the Services and the EndpointSlices of one watched namespace, or of all namespaces. Its fields are guarded by Join.mu.
type scope struct {
	join       *Join
	services   map[uint64]*service // those that exist, or have EndpointSlices
	referenced referencedServices  // the others, to which records refer
	slices     map[uint64]slice    // by ID of the EndpointSlice
	listed     [2]bool             // whether the Services, and the EndpointSlices, are listed
}

// slice is the stored part of an EndpointSlice.
type slice struct {
	service *service
	ready   uint32 // its ready endpoints
}

// isListed reports whether both the Services and the EndpointSlices are listed.
func (s *scope) isListed() bool { return s.listed[0] && s.listed[1] }

// find returns a Service, or nil if it neither exists nor has EndpointSlices, and no record refers to it.
func (s *scope) find(id uint64) *service {
	if svc := s.services[id]; svc != nil {
		return svc
	}
	return s.referenced.get(id)
}

// ensureReferenced returns a Service for a record that refers to it. It adds the Service if there is none yet.
func (s *scope) ensureReferenced(id uint64) *service {
	svc := s.find(id)
	if svc == nil {
		svc = newService(id)
		s.updateReadiness(svc)
		s.referenced.put(id, svc)
	}
	return svc
}

// ensureTracked returns a Service that exists or has EndpointSlices. It adds the Service, or moves it from the referenced ones.
func (s *scope) ensureTracked(id uint64) *service {
	svc := s.find(id)
	if svc == nil {
		svc = newService(id)
	}
	s.services[id] = svc
	s.referenced.delete(id)
	return svc
}

func newService(id uint64) *service {
	svc := &service{}
	svc.readiness.ID = id
	svc.steering = record.Steering{Readiness: &svc.readiness, Stated: record.NothingStated}
	return svc
}

// changed updates the readiness of a Service after a change. A Service that neither exists nor has EndpointSlices any more is only kept
// as long as a record refers to it.
func (s *scope) changed(svc *service) {
	s.updateReadiness(svc)
	id := svc.readiness.ID
	if svc.slices == 0 && svc.readiness.Facts()&record.Exists == 0 && s.services[id] != nil {
		delete(s.services, id)
		s.referenced.put(id, svc)
	}
}

// updateReadiness decides whether a Service is unready: it does not exist, or it has a selector or EndpointSlices, but no ready
// endpoint. Before everything is listed, and with type ExternalName, a Service is not unready.
func (s *scope) updateReadiness(svc *service) {
	before := svc.readiness.Facts()
	facts := before &^ record.Unready
	switch {
	case !s.isListed(), facts&record.External != 0:
	case facts&record.Exists == 0, svc.ready == 0 && (svc.slices > 0 || facts&record.Selects != 0):
		facts |= record.Unready
	}
	if facts == before {
		return
	}
	svc.readiness.Set(facts)
	if (facts^before)&record.Unready != 0 {
		s.join.groups.memberChanged(svc)
	}
}

// lockedUpdates is how many Services setListed updates before it releases the lock for other changes (N7).
const lockedUpdates = 1024

// setListed notes whether a list of all Services, or of all EndpointSlices, has been stored. A Service that changes meanwhile is
// updated with the change.
func (s *scope) setListed(which int, listed bool) {
	s.join.mu.Lock()
	defer s.join.mu.Unlock()
	before := s.isListed()
	if s.listed[which] = listed; s.isListed() == before {
		return
	}
	n := 0
	update := func(svc *service) {
		s.updateReadiness(svc)
		if n++; n%lockedUpdates == 0 {
			s.join.mu.Unlock()
			s.join.mu.Lock()
		}
	}
	for _, svc := range s.services {
		update(svc)
	}
	for svc := range s.referenced.all() {
		update(svc)
	}
}
