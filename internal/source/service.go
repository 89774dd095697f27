package source

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// serviceRecord files the targets of a Service under its names (S1, S2), and its ports and reverse names beside
// them (S4, S5). It counts if its type is LoadBalancer, or if it asks for its endpoints (S3), which are filed
// apart.
func serviceRecord(b *object.Builder, svc *corev1.Service) {
	resolves := ResolvesEndpoints(svc)
	if svc.Spec.Type != corev1.ServiceTypeLoadBalancer && !resolves {
		// Most Services are not meant to be seen from outside, and nobody misses them.
		b.HideRow = len(b.Hostnames) == 0
		if b.MarkUnserved("it is of type "+string(svc.Spec.Type)) || b.HideRow {
			return
		}
	}
	if !b.Filters.AdmitService(svc.Labels) && b.MarkUnserved("none of serviceLabelSelectors matches its labels") {
		return
	}
	list := serviceNames(b, svc)
	if resolves && b.Annotations.Targets == nil {
		for _, name := range list {
			b.SkipExcluded(name)
		}
		b.Rec.Joined = &record.Joined{Service: &record.EndpointService{
			Names: list, TTL: b.Annotations.TTL, Ports: servicePorts(svc), PublishNotReady: svc.Spec.PublishNotReadyAddresses, Stated: b.Annotations.Stated,
		}}
		return
	}
	d := b.DataWith(func() record.Targets {
		t := ServiceTargets(&b.Skips, svc)
		b.PreferHostnames(&t)
		return t
	})
	if svc.Spec.Type == corev1.ServiceTypeLoadBalancer {
		d = b.WithBackends(d, []store.Key{b.Rec.Key()})
	}
	fileService(b, list, d, servicePorts(svc))
}

// serviceNames returns the names of a hostname annotation or, where no good one is in it, those that a Service
// has by itself.
func serviceNames(b *object.Builder, svc *corev1.Service) []string {
	var list []string
	b.Skips.WithAnnotation(b.HostnameKey, func() {
		for _, host := range b.Hostnames {
			list = append(list, b.Expand(host)...)
		}
	})
	if len(list) == 0 {
		list = b.InEveryZone(svc.Name + "." + svc.Namespace)
	}
	return list
}

// fileService files data under the names of a Service, with its ports and in reverse zones.
func fileService(b *object.Builder, list []string, d *record.Data, ports []record.ServicePort) {
	var addressed []string // names with b.addresses
	for _, name := range list {
		if b.Full() {
			return
		}
		if b.SkipExcluded(name) { // its ports as well
			continue
		}
		e := record.Entry{Name: name, Data: b.DataFor(name, d)}
		b.File(name, d)
		if !dnsname.IsWildcard(name) && e.Usable() {
			filePorts(b, name, ports)
		}
		if e.Data == b.OutrankedAddresses {
			addressed = append(addressed, name)
		}
	}
	if fileReverse(b, list, d.Addrs); len(addressed) > 0 {
		fileReverse(b, addressed, b.OutrankedAddresses.Addrs)
	}
}

// ServiceTargets returns the external IPs of a Service, or, if there are none, what its load balancer has.
func ServiceTargets(s *record.Skips, svc *corev1.Service) record.Targets {
	var t record.Targets
	for _, ip := range svc.Spec.ExternalIPs {
		s.AddAddress(&t, ip)
	}
	if len(t.Addrs) == 0 {
		for _, in := range svc.Status.LoadBalancer.Ingress {
			s.AddAddress(&t, in.IP)
			s.AddHost(&t, in.Hostname)
		}
	}
	s.SettleTargets(&t)
	return t
}
