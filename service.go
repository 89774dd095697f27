package gateway

import (
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8s-gateway/k8s_gateway/internal/target"
)

// hostnameAnnotations name a Service in place of <service>.<namespace>. The first that is there counts (L3).
var hostnameAnnotations = []string{
	"coredns.io/hostname",
	"external-dns.kubernetes.io/hostname",
	"external-dns.alpha.kubernetes.io/hostname",
}

// serviceRecord files the addresses of a Service of type LoadBalancer under its names (S1, S2).
func serviceRecord(b *builder, svc *corev1.Service) {
	if svc.Spec.Type != corev1.ServiceTypeLoadBalancer || !b.filters.admitService(svc.Labels) {
		return
	}
	d := &data{ttl: b.ttl, addrs: serviceAddresses(&b.skips, svc)}
	if !b.claimAnnotated(svc.Annotations, d) {
		b.claimEverywhere(svc.Name+"."+svc.Namespace, d)
	}
}

// serviceAddresses returns the external IPs of a Service, or without any those of its load balancer.
func serviceAddresses(s *skips, svc *corev1.Service) []netip.Addr {
	var addrs []netip.Addr
	for _, ip := range svc.Spec.ExternalIPs {
		s.address(&addrs, ip)
	}
	if len(addrs) == 0 {
		for _, in := range svc.Status.LoadBalancer.Ingress {
			s.address(&addrs, in.IP)
		}
	}
	return target.Sort(addrs)
}

// claimAnnotated claims the names in a hostname annotation, a comma-separated list. It reports whether
// there was a good one.
func (b *builder) claimAnnotated(annotations map[string]string, d *data) (ok bool) {
	for _, key := range hostnameAnnotations {
		list, found := annotations[key]
		if !found {
			continue
		}
		for host := range strings.SplitSeq(list, ",") {
			if host = strings.TrimSpace(host); host != "" {
				ok = b.claimRelative(host, d) || ok
			}
		}
		return ok
	}
	return false
}

// admitService reports whether a Service's labels match one of the selectors, where there are any.
func (f *filters) admitService(set labels.Set) bool {
	return len(f.serviceSelectors) == 0 ||
		slices.ContainsFunc(f.serviceSelectors, func(s labels.Selector) bool { return s.Matches(set) })
}
