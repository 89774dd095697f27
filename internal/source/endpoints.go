package source

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// resolveEndpoints is the label or annotation whose value "true" makes a Service answer with the addresses of its endpoints (S3).
const resolveEndpoints = "k8s-gateway.dns/resolve-endpoints"

// MaxEndpoints is the largest number of endpoints of one Service that are served. All of them are read whenever one changes.
const MaxEndpoints = 1 << 15

// ResolvesEndpoints reports whether a Service answers with the addresses of its endpoints (S3).
func ResolvesEndpoints(svc *corev1.Service) bool {
	return svc.Labels[resolveEndpoints] == "true" || svc.Annotations[resolveEndpoints] == "true"
}

// EndpointSlice is the stored part of an EndpointSlice. It is immutable once stored.
type EndpointSlice struct {
	record.Meta
	record.Sent
	Service   store.Key
	Endpoints []sliceEndpoint
	ports     []slicePort
}

type sliceEndpoint struct {
	Addr     target.Addr
	hostname string
	Ready    bool
}

// endpointJoin joins the Services of one cluster with their EndpointSlices. It demands the informers of EndpointSlices when the
// first Service answers with its endpoints.
type endpointJoin struct {
	sources   *Sources
	cluster   *kube.Cluster
	joined    *Part // the records of Services that answer with their endpoints
	services  *Part // the records of all Services
	slices    *store.Store[EndpointSlice]
	informers []*kube.Informer // of EndpointSlices

	mu sync.Mutex // serialises changes; no query waits for it
}

// watchServices watches Services, and EndpointSlices for those that answer with their endpoints.
func watchServices(src *Sources, p *Part) []*kube.Informer {
	e := &endpointJoin{sources: src, cluster: p.Cluster, services: p, joined: newPart(p.Kind, p.Cluster)}
	e.slices = store.New((*EndpointSlice).Key, sliceService)
	e.informers = object.Informers(src.Settings, "EndpointSlice", kube.EndpointSlices, e.slices, NewEndpointSlice, e.putSlice)
	e.joined.alsoAwaits = e.awaited
	p.Endpoints = e.joined
	return watchRecords(src, p, kube.Services, serviceRecord, e.putService)
}

// awaited returns an informer of EndpointSlices that must settle before the joined part is complete, or nil.
func (e *endpointJoin) awaited() *kube.Informer { return kube.FirstUnsettled(e.informers) }

// NewEndpointSlice reads the first address of each endpoint of an EndpointSlice. An endpoint without the condition ready is ready.
func NewEndpointSlice(slice *discoveryv1.EndpointSlice) (*EndpointSlice, *record.Unserved) {
	service := slice.Labels[discoveryv1.LabelServiceName]
	if service == "" || object.Ignored(slice) || slice.AddressType == discoveryv1.AddressTypeFQDN {
		return nil, nil
	}
	var skipped record.Skips
	s := &EndpointSlice{Meta: kube.MetaOf(slice), Service: store.Key{Namespace: slice.Namespace, Name: service}, ports: slicePorts(slice)}
	for _, ep := range slice.Endpoints {
		if len(ep.Addresses) == 0 {
			continue
		}
		var t record.Targets
		if skipped.AddAddress(&t, ep.Addresses[0]); len(t.Addrs) == 0 {
			continue
		}
		p := sliceEndpoint{Addr: t.Addrs[0], Ready: ep.Conditions.Ready == nil || *ep.Conditions.Ready}
		if ep.Hostname != nil && *ep.Hostname != "" {
			if name, ok := skipped.ParseName(*ep.Hostname, dnsname.Hostname); ok {
				p.hostname = name
			}
		}
		s.Endpoints = append(s.Endpoints, p)
	}
	s.Skipped = skipped.OrNil()
	return s, nil
}

// putService replaces a Service. Either argument may be nil, for none.
func (e *endpointJoin) putService(old, new *record.Record) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if new != nil && new.EndpointService() != nil {
		if e.cluster.Demand(e.informers...) && old != nil { // as in gatewayapi.Join.demand
			e.sources.Completed.Store(false)
		}
	}
	e.put(zone.Replacement{Index: e.services.Index, Old: old, New: new}, e.change(cmp.Or(new, old).Key(), new))
}

// putSlice replaces an EndpointSlice. Either argument may be nil, for none.
func (e *endpointJoin) putSlice(old, new *EndpointSlice) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.slices.Replace(old, new)
	for _, s := range []*EndpointSlice{old, new} {
		if s != nil && (s == new || new == nil || old.Service != new.Service) {
			e.put(e.change(s.Service, e.services.Records.Get(s.Service)))
		}
	}
}

// change returns the replacement of the joined record of a Service. svc is nil if the Service was deleted.
func (e *endpointJoin) change(key store.Key, svc *record.Record) zone.Replacement {
	return zone.Replacement{Index: e.joined.Index, Old: e.joined.Records.Get(key), New: e.record(svc)}
}

// put makes those of the changes that change something, and reports values of endpoints that cannot be served.
func (e *endpointJoin) put(changes ...zone.Replacement) {
	changes = slices.DeleteFunc(changes, func(c zone.Replacement) bool { return reflect.DeepEqual(c.Old, c.New) })
	e.sources.Put(changes...)
	for _, c := range changes {
		if c.Index == e.joined.Index {
			kube.ReportSkipped(e.joined.Name, e.joined.Name, cmp.Or(c.New, c.Old).Key().String(), kube.SkippedIn(c.Old), kube.SkippedIn(c.New))
		}
	}
}

// record makes the joined record of a Service. It files the addresses of all endpoints under the names of the Service, and those of
// endpoints with a hostname also under the hostname below each of these names. It returns nil unless the Service answers with its
// endpoints.
func (e *endpointJoin) record(svc *record.Record) *record.Record {
	if svc == nil || svc.EndpointService() == nil {
		return nil
	}
	r := svc.EndpointService()
	steering := record.NewSteering(r.Stated)
	all, named := &record.Data{TTL: r.TTL, Extra: record.NoExtra, Steering: steering}, map[string]*record.Data{}
	var answering []*EndpointSlice // slices with endpoints that are answered
	b := object.NewBuilder(e.sources.Settings, e.joined.Index.Wildcards, svc.Meta)
	b.Annotations.TTL = r.TTL
	for _, slice := range e.slicesOf(svc, &b.Skips) {
		for _, ep := range slice.Endpoints {
			if !ep.Ready && !r.PublishNotReady {
				continue
			}
			if n := len(answering); n == 0 || answering[n-1] != slice {
				answering = append(answering, slice)
			}
			all.Addrs = append(all.Addrs, ep.Addr)
			if ep.hostname != "" {
				if named[ep.hostname] == nil {
					named[ep.hostname] = &record.Data{TTL: r.TTL, Extra: record.NoExtra, Steering: steering}
				}
				named[ep.hostname].Addrs = append(named[ep.hostname].Addrs, ep.Addr)
			}
		}
	}
	b.SettleTargets(&all.Targets)
	fileService(b, r.Names, all, endpointPorts(r.Ports, answering))
	for _, hostname := range slices.Sorted(maps.Keys(named)) {
		d := named[hostname]
		b.SettleTargets(&d.Targets)
		for _, name := range r.Names {
			if b.Full() {
				break
			}
			if !dnsname.IsWildcard(name) {
				b.Claim(dnsname.Join(hostname, name), d)
			}
		}
	}
	return b.Record()
}

// slicesOf returns the EndpointSlices of a Service. If they have more than MaxEndpoints endpoints, it returns the first ones, by name.
func (e *endpointJoin) slicesOf(svc *record.Record, s *record.Skips) []*EndpointSlice {
	found := e.slices.ByValue(byService, svc.CurrentKey().String())
	list, n := found.All(), 0
	for _, slice := range list {
		n += len(slice.Endpoints)
	}
	if n <= MaxEndpoints {
		return list
	}
	list = slices.SortedFunc(slices.Values(list), func(a, b *EndpointSlice) int { return a.Key().Compare(b.Key()) })
	n = 0
	for i, slice := range list {
		if n += len(slice.Endpoints); n > MaxEndpoints {
			s.Skip("address", svc.Key().String(), fmt.Errorf("has more than %d endpoints: those of %d EndpointSlices are left out", MaxEndpoints, len(list)-i))
			return list[:i]
		}
	}
	return list
}

// byService is the index of EndpointSlices under their Service.
const byService = 0

func sliceService(s *EndpointSlice, file func(string)) { file(s.Service.String()) }
