package model

import (
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
)

// ingresses claims the hosts of the rules of Ingresses, and what an annotation adds (I1, L2).
func (w *World) ingresses() {
	for _, ing := range w.Ingresses {
		if !w.counts(&ing.ObjectMeta) || len(w.IngressClasses) > 0 && !slices.Contains(w.IngressClasses, class(ing)) {
			continue
		}
		a := w.annotations("Ingress", &ing.ObjectMeta)
		c := Claim{Kind: "Ingress", From: []Ref{ref("Ingress", &ing.ObjectMeta)}, TTL: a.ttl, stated: w.stated(&ing.ObjectMeta)}
		addrs, hosts := loadBalancer(ing)
		for _, name := range append(hostsOf(ing), a.names...) {
			c.Name = name
			c.Addresses, c.Hosts = a.or(w.preferred(addrs, hosts, name)) // I3
			b := c
			w.backed(&b, ingressBackends(ing, name))
			w.claim(b)
		}
	}
}

func hostsOf(ing *networkingv1.Ingress) []string {
	var list []string
	for _, rule := range ing.Spec.Rules {
		if name, ok := canonical(rule.Host, false); ok {
			list = append(list, name)
		}
	}
	return list
}

func loadBalancer(ing *networkingv1.Ingress) (addrs []netip.Addr, hosts []string) {
	for _, in := range ing.Status.LoadBalancer.Ingress {
		addrs, hosts = target(addrs, hosts, in.IP, in.Hostname)
	}
	return addrs, hosts
}

// target adds an address and a hostname, if they are good, to those there are.
func target(addrs []netip.Addr, hosts []string, ip, hostname string) ([]netip.Addr, []string) {
	if a, ok := address(ip); ok {
		addrs = append(addrs, a)
	}
	if name, ok := targetName(hostname); ok {
		hosts = append(hosts, name)
	}
	return addrs, hosts
}

// class returns the class of an Ingress (I2).
func class(ing *networkingv1.Ingress) string {
	if c := ing.Spec.IngressClassName; c != nil && *c != "" {
		return *c
	}
	return ing.Annotations["kubernetes.io/ingress.class"]
}
