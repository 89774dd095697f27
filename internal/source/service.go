package source

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// serviceRecord files the targets of a Service under its names (S1, S2), with SRV records for its ports (S4) and PTR records for its
// addresses (S5). A Service is served if its type is LoadBalancer, or if it answers with its endpoints (S3), which endpointJoin files.
func serviceRecord(b *object.Builder, svc *corev1.Service) {
	resolves := ResolvesEndpoints(svc)
	if svc.Spec.Type != corev1.ServiceTypeLoadBalancer && !resolves {
		// Most Services are for use inside the cluster only, so they get no row on the status page.
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

// serviceNames returns the names in the hostname annotation of a Service. If it has no valid one, they are NAME.NAMESPACE in each zone.
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

// fileService files data under the names of a Service, with SRV records for its ports and PTR records for its addresses.
func fileService(b *object.Builder, list []string, d *record.Data, ports []record.ServicePort) {
	var addressed []string // names that answer with b.OutrankedAddresses instead of an alias
	for _, name := range list {
		if b.Full() {
			return
		}
		if b.SkipExcluded(name) { // without SRV records, too
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

// ServiceTargets returns the external IPs of a Service or, if there are none, the addresses and hostnames of its load balancer.
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
