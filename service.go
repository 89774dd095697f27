package gateway

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// serviceRecord files the targets of a Service under its names (S1, S2), and its ports and reverse names beside
// them (S4, S5). It counts if its type is LoadBalancer, or if it asks for its endpoints (S3), which are filed
// apart.
func serviceRecord(b *builder, svc *corev1.Service) {
	resolves := resolvesEndpoints(svc)
	if svc.Spec.Type != corev1.ServiceTypeLoadBalancer && !resolves {
		// Most Services are not meant to be seen from outside, and nobody misses them.
		b.quiet = len(b.hostnames) == 0
		if b.leave("it is of type "+string(svc.Spec.Type)) || b.quiet {
			return
		}
	}
	if !b.filters.admitService(svc.Labels) && b.leave("none of serviceLabelSelectors matches its labels") {
		return
	}
	list := serviceNames(b, svc)
	if resolves && b.annotations.targets == nil {
		for _, name := range list {
			b.excludes(name)
		}
		b.rec.EndpointService = &record.EndpointService{Names: list, TTL: b.annotations.ttl, Ports: servicePorts(svc), PublishNotReady: svc.Spec.PublishNotReadyAddresses}
		return
	}
	fileService(b, list, b.point(func() record.Targets {
		t := serviceTargets(&b.Skips, svc)
		b.prefer(&t)
		return t
	}), servicePorts(svc))
}

// serviceNames returns the names of a hostname annotation or, where no good one is in it, those that a Service
// has by itself.
func serviceNames(b *builder, svc *corev1.Service) []string {
	var list []string
	b.Skips.From(b.hostnameKey, func() {
		for _, host := range b.hostnames {
			list = append(list, b.relative(host)...)
		}
	})
	if len(list) == 0 {
		list = b.everywhere(svc.Name + "." + svc.Namespace)
	}
	return list
}

// fileService files data under the names of a Service, with its ports and in reverse zones.
func fileService(b *builder, list []string, d *record.Data, ports []record.ServicePort) {
	var addressed []string // names with b.addresses
	for _, name := range list {
		if b.full() {
			return
		}
		if b.excludes(name) { // its ports as well
			continue
		}
		e := record.Entry{Name: name, Data: b.target(name, d)}
		b.file(name, d)
		if _, wild := dnsname.IsWildcard(name); !wild && e.Usable() {
			filePorts(b, name, ports)
		}
		if e.Data == b.addresses {
			addressed = append(addressed, name)
		}
	}
	if fileReverse(b, list, d.Addrs); len(addressed) > 0 {
		fileReverse(b, addressed, b.addresses.Addrs)
	}
}

// serviceTargets returns the external IPs of a Service, or without any what its load balancer has.
func serviceTargets(s *record.Skips, svc *corev1.Service) record.Targets {
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
