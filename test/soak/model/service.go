package model

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
)

const resolveEndpoints = "k8s-gateway.dns/resolve-endpoints"

// services claims the names of Services, those of their ports and those of their addresses.
func (w *World) services() {
	for _, svc := range w.Services {
		resolves := svc.Annotations[resolveEndpoints] == "true" || svc.Labels[resolveEndpoints] == "true" // S3
		selected := len(w.ServiceSelectors) == 0 ||
			slices.ContainsFunc(w.ServiceSelectors, func(s string) bool { return selects(s, svc.Labels) })
		if !w.counts(&svc.ObjectMeta) || svc.Spec.Type != corev1.ServiceTypeLoadBalancer && !resolves || !selected {
			continue
		}
		a := w.annotations("Service", &svc.ObjectMeta)
		c := Claim{Kind: "Service", From: []Ref{ref("Service", &svc.ObjectMeta)}, TTL: a.ttl, stated: w.stated(&svc.ObjectMeta)}
		if svc.Spec.Type == corev1.ServiceTypeLoadBalancer {
			w.backed(&c, []Ref{ref("Service", &svc.ObjectMeta)})
		}
		names := w.serviceNames(svc, a)
		if resolves && !a.replaced() {
			w.endpoints(c, svc, names)
			continue
		}
		addrs, hosts := serviceTargets(svc)
		for _, name := range names {
			c.Addresses, c.Hosts = a.or(w.preferred(addrs, hosts, name))
			w.service(c, ports(svc), []string{name})
		}
	}
}

// port is a named port of a Service, and where clients connect to for it.
type port struct {
	name, protocol string
	numbers        []int32
}

func ports(svc *corev1.Service) []port {
	var list []port
	for _, p := range svc.Spec.Ports {
		if p.Name != "" {
			list = append(list, port{p.Name, string(p.Protocol), []int32{p.Port}})
		}
	}
	return list
}

// serviceNames returns the names of the hostname annotation, without a good one the Service's own (S1).
func (w *World) serviceNames(svc *corev1.Service, a annotations) []string {
	var names []string
	for _, name := range a.written {
		names = append(names, w.relative(name)...)
	}
	if len(names) > 0 {
		return names
	}
	for _, zone := range w.forward() {
		names = append(names, svc.Name+"."+svc.Namespace+"."+zone)
	}
	return names
}

// serviceTargets returns what a Service is reached at (S2).
func serviceTargets(svc *corev1.Service) (addrs []netip.Addr, hosts []string) {
	for _, ip := range svc.Spec.ExternalIPs {
		addrs, _ = target(addrs, nil, ip, "")
	}
	if len(addrs) > 0 {
		return addrs, nil
	}
	for _, in := range svc.Status.LoadBalancer.Ingress {
		addrs, hosts = target(addrs, hosts, in.IP, in.Hostname)
	}
	return addrs, hosts
}

// service claims the names of a Service, with its ports (S4) and its addresses (S5).
func (w *World) service(c Claim, ports []port, names []string) {
	for _, name := range names {
		if w.excluded(name) { // L5: its ports and the names of its addresses go with it
			continue
		}
		c.Name = name
		w.claim(c)
		if isWildcard(name) {
			continue
		}
		for _, p := range ports {
			for _, number := range p.numbers {
				if c.usable(name) {
					w.port(c, p, number)
				}
			}
		}
		if zone := w.zone(name); zone == "" || isReverse(zone) {
			continue
		}
		for _, a := range c.Addresses {
			reverse, _ := dns.ReverseAddr(a.String())
			w.record(c, strings.TrimSuffix(reverse, "."), &dns.PTR{Hdr: dns.RR_Header{Rrtype: dns.TypePTR, Class: dns.ClassINET}, Ptr: dns.Fqdn(name)})
		}
	}
}

// record claims one record at a name, with the TTL and the origin of another claim.
func (w *World) record(c Claim, name string, rr dns.RR) {
	w.claim(Claim{Name: name, Kind: c.Kind, From: c.From, TTL: c.TTL, Records: []dns.RR{rr}})
}

// port claims the SRV record of a port of a Service. Which name it has for its target is decided when the record is asked for.
func (w *World) port(c Claim, p port, number int32) {
	w.claim(Claim{
		Name: "_" + p.name + "._" + strings.ToLower(p.protocol) + "." + c.Name, Kind: c.Kind, From: c.From, TTL: c.TTL, Service: c.Name,
		Records: []dns.RR{&dns.SRV{Hdr: dns.RR_Header{Rrtype: dns.TypeSRV, Class: dns.ClassINET}, Weight: 100, Port: uint16(number), Target: dns.Fqdn(c.Name)}},
	})
}

// endpoints is service for one that answers with its endpoints (S3).
func (w *World) endpoints(c Claim, svc *corev1.Service, names []string) {
	named, ports := map[string][]netip.Addr{}, ports(svc)
	for i := range ports {
		ports[i].numbers = nil
	}
	for _, slice := range w.EndpointSlices {
		if !w.watched(&slice.ObjectMeta) || ignored(&slice.ObjectMeta) || slice.Namespace != svc.Namespace ||
			slice.Labels[discoveryv1.LabelServiceName] != svc.Name || slice.AddressType == discoveryv1.AddressTypeFQDN {
			continue
		}
		c.From = append(c.From, ref("EndpointSlice", &slice.ObjectMeta))
		answers := false
		for _, ep := range slice.Endpoints {
			ready := ep.Conditions.Ready == nil || *ep.Conditions.Ready || svc.Spec.PublishNotReadyAddresses
			a, ok := address(ep.Addresses[0])
			if !ready || !ok {
				continue
			}
			answers = true
			c.Addresses = append(c.Addresses, a)
			if ep.Hostname != nil && *ep.Hostname != "" {
				named[*ep.Hostname] = append(named[*ep.Hostname], a)
			}
		}
		for _, p := range slice.Ports { // S4
			for i := range ports {
				if answers && *p.Name == ports[i].name && string(*p.Protocol) == ports[i].protocol {
					ports[i].numbers = append(ports[i].numbers, *p.Port)
				}
			}
		}
	}
	w.service(c, ports, names)
	for hostname, addrs := range named {
		for _, name := range names {
			if isWildcard(name) {
				continue
			}
			c.Name, c.Addresses = hostname+"."+name, addrs
			w.claim(c)
		}
	}
}
