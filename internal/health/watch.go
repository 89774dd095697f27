package health

import (
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// The indexes of scope.listed.
const (
	servicesListed = iota
	slicesListed
)

// informers returns the informers of the Services and the EndpointSlices in a namespace, or in all namespaces if it is empty.
func (s *scope) informers(namespace string) []*kube.Informer {
	services, slices := kube.Services, kube.EndpointSlices
	services.Namespace, slices.Namespace = namespace, namespace
	slices.Labels = discoveryv1.LabelServiceName
	list := []*kube.Informer{
		kube.NewCompactInformer("backend", "backend Services", services, serviceStore{s}, readService),
		kube.NewCompactInformer("backend", "backend EndpointSlices", slices, sliceStore{s}, readSlice),
	}
	for _, i := range list {
		i.UnlistedEffect = "leaves all targets ready"
	}
	return list
}

// serviceFacts is the part of a Service that is read.
type serviceFacts struct {
	record.Meta
	facts record.Fact
}

func readService(svc *corev1.Service) (*serviceFacts, *record.Unserved) {
	r := &serviceFacts{Meta: kube.MetaOf(svc), facts: record.Exists}
	if len(svc.Spec.Selector) > 0 {
		r.facts |= record.Selects
	}
	if svc.Spec.Type == corev1.ServiceTypeExternalName {
		r.facts |= record.External
	}
	return r, nil
}

// InitUndecodable makes r the stand-in for a Service that could not be decoded. It exists, and counts as ready.
func (r *serviceFacts) InitUndecodable(id record.Meta) {
	*r = serviceFacts{Meta: id, facts: record.Exists | record.External}
}

// serviceStore is the kube.CompactStore of the Services of a scope.
type serviceStore struct{ *scope }

// ID implements kube.CompactStore.
func (s serviceStore) ID(key store.Key) uint64 { return s.join.id(key) }

// Put implements kube.CompactStore.
func (s serviceStore) Put(id uint64, data *serviceFacts) (more int) {
	s.join.mu.Lock()
	defer s.join.mu.Unlock()
	svc, facts := s.services[id], record.Fact(0)
	if data != nil {
		svc, facts = s.ensureTracked(id), data.facts
	}
	if svc == nil {
		return 0
	}
	before := svc.readiness.Facts()
	svc.readiness.Set(facts | before&record.Unready)
	s.changed(svc)
	return count(facts) - count(before)
}

// count returns 1 for a Service that exists, and 0 for one that does not.
func count(facts record.Fact) int {
	if facts&record.Exists != 0 {
		return 1
	}
	return 0
}

// WouldRemove implements kube.CompactStore. No other item of a list adds to what a Service has, so the order does not matter.
func (s serviceStore) WouldRemove(uint64, *serviceFacts) bool { return false }

// IDs implements kube.CompactStore.
func (s serviceStore) IDs() (list []uint64) {
	s.join.mu.Lock()
	defer s.join.mu.Unlock()
	for id, svc := range s.services {
		if svc.readiness.Facts()&record.Exists != 0 {
			list = append(list, id)
		}
	}
	return list
}

// SetListed implements kube.CompactStore.
func (s serviceStore) SetListed(listed bool) { s.setListed(servicesListed, listed) }

// sliceFacts is the part of an EndpointSlice that is read.
type sliceFacts struct {
	record.Meta
	service string // its name
	ready   uint32 // its ready endpoints
}

// readSlice counts the ready endpoints of an EndpointSlice. An endpoint without the condition ready is ready.
func readSlice(slice *discoveryv1.EndpointSlice) (*sliceFacts, *record.Unserved) {
	r := &sliceFacts{Meta: kube.MetaOf(slice), service: slice.Labels[discoveryv1.LabelServiceName]}
	if r.service == "" {
		return nil, nil
	}
	for i := range slice.Endpoints {
		if ready := slice.Endpoints[i].Conditions.Ready; ready == nil || *ready {
			r.ready++
		}
	}
	return r, nil
}

// sliceStore is the kube.CompactStore of the EndpointSlices of a scope.
type sliceStore struct{ *scope }

// ID implements kube.CompactStore.
func (s sliceStore) ID(key store.Key) uint64 { return s.join.id(key) }

// Put implements kube.CompactStore.
func (s sliceStore) Put(id uint64, data *sliceFacts) (more int) {
	s.join.mu.Lock()
	defer s.join.mu.Unlock()
	old, was := s.slices[id]
	new, is := s.read(old, data)
	if is {
		new.service.slices++
		new.service.ready += new.ready
		s.slices[id] = new
		more++
	}
	if was {
		old.service.slices--
		old.service.ready -= old.ready
		more--
	}
	if !is {
		delete(s.slices, id)
	}
	if is && new != old {
		s.changed(new.service)
	}
	if was && (!is || new.service != old.service) {
		s.changed(old.service)
	}
	return more
}

// read returns the stored part of an EndpointSlice, and whether there is one. An EndpointSlice that could not be decoded keeps its
// Service, and counts as having at least one ready endpoint.
func (s *scope) read(old slice, data *sliceFacts) (slice, bool) {
	switch {
	case data == nil:
		return slice{}, false
	case data.service != "":
		return slice{s.ensureTracked(s.join.id(store.Key{Namespace: data.Namespace, Name: data.service})), data.ready}, true
	}
	old.ready = max(old.ready, 1)
	return old, old.service != nil
}

// WouldRemove implements kube.CompactStore.
func (s sliceStore) WouldRemove(id uint64, data *sliceFacts) bool {
	if data == nil || data.service == "" || data.ready == 0 {
		return true
	}
	s.join.mu.Lock()
	defer s.join.mu.Unlock()
	old, was := s.slices[id]
	return was && (data.ready < old.ready || old.service != s.services[s.join.id(store.Key{Namespace: data.Namespace, Name: data.service})])
}

// IDs implements kube.CompactStore.
func (s sliceStore) IDs() (list []uint64) {
	s.join.mu.Lock()
	defer s.join.mu.Unlock()
	for id := range s.slices {
		list = append(list, id)
	}
	return list
}

// SetListed implements kube.CompactStore.
func (s sliceStore) SetListed(listed bool) { s.setListed(slicesListed, listed) }
