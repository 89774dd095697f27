package nameserver

import (
	corev1 "k8s.io/api/core/v1"

	"slices"
	"sync/atomic"
	"time"

	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Watch watches the Service that has a nameserver's addresses, in one cluster. The Service counts whatever `resources`, the filters
// and its own hostname annotation say (A1). Its EndpointSlices are watched once it answers with them (S3).
type Watch struct {
	settings   *object.Settings
	db         *zone.Database
	nameserver *Server
	cluster    *kube.Cluster
	key        store.Key

	services    *store.Store[Service]              // holds one at most
	slices      *store.Store[source.EndpointSlice] // of that Service
	informers   []*kube.Informer                   // of services, then of slices
	wasComplete atomic.Bool                        // it was complete once
}

// Service is what is needed of a nameserver's Service. It is immutable once stored.
type Service struct {
	record.Meta
	record.Sent
	addrs       []target.Addr
	endpoints   bool // it answers with the addresses of its EndpointSlices instead
	allNotReady bool // publishNotReadyAddresses
}

// WatchIn has the Service that a nameserver's name stands for watched in a cluster, if it stands for one.
func (ns *Server) WatchIn(settings *object.Settings, db *zone.Database, c *kube.Cluster) {
	key, ok := ns.service()
	if !ok {
		return
	}
	s := &Watch{
		settings: settings, db: db, nameserver: ns, cluster: c, key: key,
		services: store.New((*Service).Key), slices: store.New((*source.EndpointSlice).Key),
	}
	service, slices := kube.Services, kube.EndpointSlices
	service.Namespace, service.Name = key.Namespace, key.Name
	slices.Namespace, slices.Labels = key.Namespace, discoveryv1.LabelServiceName+"="+key.Name
	s.informers = []*kube.Informer{
		kube.NewInformer("nameserver", "nameserver Service "+key.String(), service, s.services, s.newService, s.putService),
		kube.NewInformer("nameserver", "nameserver EndpointSlices of "+key.String(), slices, s.slices, s.newSlice, s.putSlice),
	}
	ns.Watches = append(ns.Watches, s)
	c.Demand(s.informers[0])
}

func (s *Watch) newService(svc *corev1.Service) (*Service, *record.Unserved) {
	stored := &Service{Meta: kube.MetaOf(svc), allNotReady: svc.Spec.PublishNotReadyAddresses}
	var skipped record.Skips
	if own := s.settings.Annotate(&skipped, svc.Annotations, "Service").Targets; own != nil { // L2
		stored.addrs = own.Addrs
	} else if stored.endpoints = source.ResolvesEndpoints(svc); !stored.endpoints {
		stored.addrs = source.ServiceTargets(&skipped, svc).Addrs
	}
	stored.Skipped = skipped.OrNil()
	return stored, nil
}

func (s *Watch) newSlice(slice *discoveryv1.EndpointSlice) (*source.EndpointSlice, *record.Unserved) {
	stored, left := source.NewEndpointSlice(slice)
	if stored != nil && stored.Service != s.key {
		return nil, nil
	}
	return stored, left
}

// putService replaces the Service, nil being none.
func (s *Watch) putService(old, new *Service) {
	if new != nil && new.endpoints {
		s.cluster.Demand(s.informers[1])
	}
	s.change(func() { s.services.Replace(old, new) })
}

// putSlice replaces an EndpointSlice, nil being none.
func (s *Watch) putSlice(old, new *source.EndpointSlice) {
	s.change(func() { s.slices.Replace(old, new) })
}

// change makes a change, and gives the nameserver the addresses that come of it.
func (s *Watch) change(make func()) {
	ns := s.nameserver
	ns.changes.Lock()
	defer ns.changes.Unlock()
	make()
	addrs := ns.united()
	if slices.Equal(ns.Addrs, addrs) {
		return
	}
	s.db.Exclusively(func() { ns.Addrs = addrs })
	s.db.Zones.TouchAll(time.Now())
}

// united returns the addresses that the Service has in all clusters, as many of each family as fit into a reply.
func (ns *Server) united() []target.Addr {
	var addrs []target.Addr
	for _, s := range ns.Watches {
		addrs = append(addrs, s.addrs()...)
	}
	v4, v6 := target.Split(target.Sort(addrs))
	return slices.Concat(v4[:record.FittingAddrs(v4)], v6[:record.FittingAddrs(v6)])
}

// addrs returns the addresses that the Service has in this cluster.
func (s *Watch) addrs() (addrs []target.Addr) {
	for _, svc := range s.services.List() {
		if !svc.endpoints {
			addrs = append(addrs, svc.addrs...)
			continue
		}
		for _, slice := range s.slices.List() {
			for _, ep := range slice.Endpoints {
				if ep.Ready || svc.allNotReady {
					addrs = append(addrs, ep.Addr)
				}
			}
		}
	}
	return addrs
}

// Awaited returns an informer that has to list something before the addresses in this cluster are known, or nil.
func (s *Watch) Awaited() *kube.Informer { return kube.FirstUnsettled(s.informers) }

// WasComplete reports whether there was a time when the addresses in this cluster were known.
func (s *Watch) WasComplete() bool {
	if !s.wasComplete.Load() && s.Awaited() == nil {
		s.wasComplete.Store(true)
	}
	return s.wasComplete.Load()
}
