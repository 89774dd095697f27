package gateway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/miekg/dns"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
)

// hostnameAnnotations name a Service in place of <service>.<namespace>. The first that is there counts (L3).
var hostnameAnnotations = []string{
	"coredns.io/hostname",
	"external-dns.kubernetes.io/hostname",
	"external-dns.alpha.kubernetes.io/hostname",
}

// serviceRecord files the targets of a Service of type LoadBalancer under its names (S1, S2), and its
// ports and reverse names beside them (S4, S5).
func serviceRecord(b *builder, svc *corev1.Service) {
	if svc.Spec.Type != corev1.ServiceTypeLoadBalancer || !b.filters.admitService(svc.Labels) {
		return
	}
	d := &data{ttl: b.ttl, targets: serviceTargets(&b.skips, svc)}
	if !b.claimAnnotated(svc.Annotations, d) {
		b.claimEverywhere(svc.Name+"."+svc.Namespace, d)
	}
	claimed := b.rec.entries
	for _, e := range claimed {
		if _, wild := names.IsWildcard(e.name); !wild && e.usable() {
			b.filePorts(e.name, svc.Spec.Ports)
		}
	}
	b.fileReverse(claimed, d.addrs)
}

// serviceTargets returns the external IPs of a Service, or without any what its load balancer has.
func serviceTargets(s *skips, svc *corev1.Service) targets {
	var t targets
	for _, ip := range svc.Spec.ExternalIPs {
		s.address(&t, ip)
	}
	if len(t.addrs) == 0 {
		for _, in := range svc.Status.LoadBalancer.Ingress {
			s.address(&t, in.IP)
			s.host(&t, in.Hostname)
		}
	}
	t.sort()
	return t
}

// filePorts files an SRV record for every named port of a Service (RFC 2782), as the kubernetes plugin
// does inside the cluster.
func (b *builder) filePorts(name string, ports []corev1.ServicePort) {
	for _, p := range ports {
		if p.Name == "" {
			continue
		}
		protocol := cmp.Or(strings.ToLower(string(p.Protocol)), "tcp")
		owner, err := names.Owner("_" + p.Name + "._" + protocol + "." + name)
		if err != nil { // too long
			b.skip("name", p.Name, err)
			continue
		}
		srv := &dns.SRV{
			Hdr: header(".", dns.TypeSRV, 0), Priority: 0, Weight: 100, Port: uint16(p.Port), Target: dns.Fqdn(name),
		}
		b.file(owner, &data{ttl: b.ttl, rrs: []dns.RR{srv}})
	}
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
