package nameserver

import (
	"slices"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Watch watches the Service that has a nameserver's addresses, in one cluster. The property resources, the filters and the Service's
// hostname annotation do not matter (A1). Its EndpointSlices are watched once it answers with its endpoints (S3).
type Watch struct {
	settings   *object.Settings
	db         *zone.Database
	nameserver *Server
	cluster    *kube.Cluster
	key        store.Key

	services    *store.Store[Service]              // the Service, if it exists
	slices      *store.Store[source.EndpointSlice] // its EndpointSlices
	informers   []*kube.Informer                   // of services, then of slices
	wasComplete atomic.Bool
}

// Service is the stored part of a nameserver's Service. It is immutable once stored.
type Service struct {
	record.Meta
	record.Sent
	addrs       []target.Addr
	endpoints   bool // it answers with the addresses of its endpoints, and not with addrs
	allNotReady bool // publishNotReadyAddresses
}

// WatchIn watches the Service that a nameserver's name stands for in a cluster, if it stands for one.
func (ns *Server) WatchIn(settings *object.Settings, db *zone.Database, c *kube.Cluster) {
	key, ok := ns.service()
	if !ok {
		return
	}
	w := &Watch{
		settings: settings, db: db, nameserver: ns, cluster: c, key: key,
		services: store.New((*Service).Key), slices: store.New((*source.EndpointSlice).Key),
	}
	service, slices := kube.Services, kube.EndpointSlices
	service.Namespace, service.Name = key.Namespace, key.Name
	slices.Namespace, slices.Labels = key.Namespace, discoveryv1.LabelServiceName+"="+key.Name
	w.informers = []*kube.Informer{
		kube.NewInformer("nameserver", "nameserver Service "+key.String(), service, w.services, w.newService, w.putService),
		kube.NewInformer("nameserver", "nameserver EndpointSlices of "+key.String(), slices, w.slices, w.newSlice, w.putSlice),
	}
	ns.Watches = append(ns.Watches, w)
	c.Demand(w.informers[0])
}

func (w *Watch) newService(svc *corev1.Service) (*Service, *record.Unserved) {
	stored := &Service{Meta: kube.MetaOf(svc), allNotReady: svc.Spec.PublishNotReadyAddresses}
	var skipped record.Skips
	if own := w.settings.Annotate(&skipped, svc.Annotations, "Service").Targets; own != nil { // L2
		stored.addrs = own.Addrs
	} else if stored.endpoints = source.ResolvesEndpoints(svc); !stored.endpoints {
		stored.addrs = source.ServiceTargets(&skipped, svc).Addrs
	}
	stored.Skipped = skipped.OrNil()
	return stored, nil
}

func (w *Watch) newSlice(slice *discoveryv1.EndpointSlice) (*source.EndpointSlice, *record.Unserved) {
	stored, unserved := source.NewEndpointSlice(slice)
	if stored != nil && stored.Service != w.key {
		return nil, nil
	}
	return stored, unserved
}

// putService replaces the Service. Either argument may be nil, for none.
func (w *Watch) putService(old, new *Service) {
	if new != nil && new.endpoints {
		w.cluster.Demand(w.informers[1])
	}
	w.change(func() { w.services.Replace(old, new) })
}

// putSlice replaces an EndpointSlice. Either argument may be nil, for none.
func (w *Watch) putSlice(old, new *source.EndpointSlice) {
	w.change(func() { w.slices.Replace(old, new) })
}

// change calls apply, which changes the objects, and then updates the addresses of the nameserver.
func (w *Watch) change(apply func()) {
	ns := w.nameserver
	ns.changes.Lock()
	defer ns.changes.Unlock()
	apply()
	addrs := ns.united()
	if slices.Equal(ns.Addrs, addrs) {
		return
	}
	w.db.Exclusively(func() { ns.Addrs = addrs })
	w.db.Zones.TouchAll(time.Now())
}

// united returns the addresses of the Service in all clusters, as many of each family as fit into a reply.
func (ns *Server) united() []target.Addr {
	var addrs []target.Addr
	for _, w := range ns.Watches {
		addrs = append(addrs, w.addrs()...)
	}
	v4, v6 := target.Split(target.Sort(addrs))
	return slices.Concat(v4[:record.FittingAddrs(v4)], v6[:record.FittingAddrs(v6)])
}

// addrs returns the addresses of the Service in this cluster.
func (w *Watch) addrs() (addrs []target.Addr) {
	for _, svc := range w.services.List() {
		if !svc.endpoints {
			addrs = append(addrs, svc.addrs...)
			continue
		}
		for _, slice := range w.slices.List() {
			for _, ep := range slice.Endpoints {
				if ep.Ready || svc.allNotReady {
					addrs = append(addrs, ep.Addr)
				}
			}
		}
	}
	return addrs
}

// Awaited returns an informer that must settle before the watch is complete, or nil.
func (w *Watch) Awaited() *kube.Informer { return kube.FirstUnsettled(w.informers) }

// WasComplete reports whether the watch was complete once: all informers that it demanded were settled.
func (w *Watch) WasComplete() bool {
	if !w.wasComplete.Load() && w.Awaited() == nil {
		w.wasComplete.Store(true)
	}
	return w.wasComplete.Load()
}
