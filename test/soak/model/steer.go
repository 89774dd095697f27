package model

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// Network is a `network` of the Corefile.
type Network struct {
	Name     string
	Prefixes []netip.Prefix
}

// Client is who asks: the address, and how many bits of it a client subnet has. A client without bits sent none.
type Client struct {
	Addr netip.Addr
	Bits int
}

// stated is what an object says of its targets to filters.
type stated struct {
	clients  []string // networks and prefixes that are good
	priority int
	id       string // of an endpoint of a DNSEndpoint
	backends []Ref  // Services; one of them has to have a ready endpoint
}

// stated reads the annotations of an object that filters read (T3, T5).
func (w *World) stated(m *metav1.ObjectMeta) stated {
	var s stated
	for item := range strings.SplitSeq(m.Annotations["coredns.io/clients"], ",") {
		item = strings.TrimSpace(item)
		p, err := netip.ParsePrefix(item)
		if err == nil && p == p.Masked() || slices.ContainsFunc(w.Networks, func(n Network) bool { return n.Name == item }) {
			s.clients = append(s.clients, item)
		}
	}
	s.priority, _ = strconv.Atoi(strings.TrimSpace(m.Annotations["coredns.io/priority"]))
	return s
}

// backed adds the Services behind a claim, and what decides whether they are ready.
func (w *World) backed(c *Claim, backends []Ref) {
	c.stated.backends = backends
	for _, b := range backends {
		c.From = append(slices.Clip(c.From), b)
		for _, slice := range w.slicesOf(b) {
			c.From = append(c.From, ref("EndpointSlice", &slice.ObjectMeta))
		}
	}
}

func service(namespace, name string) Ref { return Ref{"Service", namespace, name} }

// ingressBackends returns the Services behind a name of an Ingress (T2): those of the rules for it or, for a name that has none, of the
// rules for the wildcard that covers it, or else of the rules for every name; those of paths or, where there are none, the default backend.
func ingressBackends(ing *networkingv1.Ingress, name string) (list []Ref) {
	var rules []networkingv1.IngressRule
	for _, host := range []string{name, join("*", parent(name)), ""} {
		if len(rules) == 0 {
			rules = slices.DeleteFunc(slices.Clone(ing.Spec.Rules), func(r networkingv1.IngressRule) bool { return r.Host != host })
		}
	}
	add := func(b *networkingv1.IngressBackend) {
		if b != nil && b.Service != nil {
			list = append(list, service(ing.Namespace, b.Service.Name))
		}
	}
	for _, rule := range rules {
		if rule.HTTP == nil || len(rule.HTTP.Paths) == 0 {
			add(ing.Spec.DefaultBackend)
			continue
		}
		for i := range rule.HTTP.Paths {
			add(&rule.HTTP.Paths[i].Backend)
		}
	}
	if len(rules) == 0 {
		add(ing.Spec.DefaultBackend)
	}
	return list
}

// routeBackends returns the Services behind a route (T2), or none where one of its backends is something else.
func routeBackends(namespace string, refs []gatewayv1.BackendRef) (list []Ref) {
	for _, b := range refs {
		switch {
		case b.Weight != nil && *b.Weight == 0:
		case b.Kind != nil && *b.Kind != "Service":
			return nil
		default:
			in := namespace
			if b.Namespace != nil {
				in = string(*b.Namespace)
			}
			list = append(list, service(in, string(b.Name)))
		}
	}
	return list
}

func (w *World) slicesOf(service Ref) (list []*discoveryv1.EndpointSlice) {
	for _, slice := range w.EndpointSlices {
		if slice.Namespace == service.Namespace && slice.Labels[discoveryv1.LabelServiceName] == service.Name {
			list = append(list, slice)
		}
	}
	return list
}

// ready reports whether a Service has a ready endpoint, as far as can be known (T2).
func (w *World) ready(r Ref) bool {
	if !w.watched(&metav1.ObjectMeta{Namespace: r.Namespace}) {
		return true
	}
	i := slices.IndexFunc(w.Services, func(svc *corev1.Service) bool { return svc.Namespace == r.Namespace && svc.Name == r.Name })
	if i < 0 {
		return false
	}
	slicesOf := w.slicesOf(r)
	if svc := w.Services[i]; svc.Spec.Type == corev1.ServiceTypeExternalName || len(svc.Spec.Selector) == 0 && len(slicesOf) == 0 {
		return true
	}
	for _, slice := range slicesOf {
		for _, ep := range slice.Endpoints {
			if ep.Conditions.Ready == nil || *ep.Conditions.Ready {
				return true
			}
		}
	}
	return false
}

// steered returns what the filters keep of the claims of one kind on a name, or nil where they may keep nothing (T1).
func (w *World) steered(claims []*Claim, name string) []*Claim {
	var targets []*Claim
	for _, c := range claims {
		if len(c.Addresses) > 0 || len(c.hosts(name)) > 0 || c.CNAME != "" && c.CNAME != name {
			targets = append(targets, ofTarget(claims, c))
		}
	}
	alias := func(c *Claim) bool { return len(c.Addresses)+len(c.hosts(name)) == 0 }
	if !slices.ContainsFunc(targets, func(c *Claim) bool { return !alias(c) }) {
		alias = func(*Claim) bool { return false }
	}
	targets = slices.DeleteFunc(targets, alias) // the CNAME of a DNSEndpoint gives way (D3)
	for _, filter := range w.Steer {
		if len(targets) == 0 {
			return nil
		}
		filter, strict := strings.CutSuffix(filter, "!")
		var kept []*Claim
		for _, c := range targets {
			switch filter {
			case "healthy":
				if len(c.stated.backends) == 0 || slices.ContainsFunc(c.stated.backends, w.ready) {
					kept = append(kept, c)
				}
			case "subnet":
				if c := w.near(c); c != nil {
					kept = append(kept, c)
				}
			case "first":
				if !slices.ContainsFunc(targets, func(d *Claim) bool { return d.stated.priority < c.stated.priority }) {
					kept = append(kept, c)
				}
			default:
				panic(fmt.Sprintf("the model knows no filter %q", filter))
			}
		}
		if len(kept) > 0 || strict {
			targets = kept
		}
	}
	return targets
}

// ofTarget returns a claim with the TTL of its target (Z15): endpoints of one DNSEndpoint that have the same name, type and setIdentifier
// are one.
func ofTarget(claims []*Claim, c *Claim) *Claim {
	if c.Kind != "DNSEndpoint" || len(c.Addresses) == 0 {
		return c
	}
	one := *c
	for _, d := range claims {
		if d.From[0] == c.From[0] && d.stated.id == c.stated.id && len(d.Addresses) > 0 && d.Addresses[0].Is4() == c.Addresses[0].Is4() {
			one.TTL = min(one.TTL, d.TTL)
		}
	}
	return &one
}

// near returns a claim with what it has for the client alone (T3), or nil.
func (w *World) near(c *Claim) *Claim {
	sent := netip.PrefixFrom(w.client.Addr, w.client.Bits)
	bits := w.client.Bits
	if bits == 0 {
		bits = w.client.Addr.BitLen()
	}
	network := w.network(w.client.Addr, bits)
	if len(c.stated.clients) > 0 {
		if slices.ContainsFunc(c.stated.clients, func(item string) bool {
			p, err := netip.ParsePrefix(item)
			return item == network || err == nil && p.Bits() <= bits && p.Contains(w.client.Addr)
		}) {
			return c
		}
		return nil
	}
	if network == "" && w.client.Bits == 0 {
		return c
	}
	own := *c
	own.Addresses, own.Hosts, own.CNAME = nil, nil, ""
	for _, a := range c.Addresses {
		if network != "" && w.network(a, a.BitLen()) == network || network == "" && sent.Contains(a) {
			own.Addresses = append(own.Addresses, a)
		}
	}
	if len(own.Addresses) == 0 {
		return nil
	}
	return &own
}

// network returns the network that has the longest prefix around the first bits of an address, or "".
func (w *World) network(a netip.Addr, bits int) string {
	name, longest := "", -1
	for _, n := range w.Networks {
		for _, p := range n.Prefixes {
			if p.Contains(a) && p.Bits() <= bits && p.Bits() > longest {
				name, longest = n.Name, p.Bits()
			}
		}
	}
	return name
}

// steers reports whether filters decide.
func (w *World) steers() bool { return len(w.Steer) > 0 }

// refused reports whether a kind, of whose claims the filters kept none, had addresses or hostnames for a name.
func refused(claims []*Claim, kind, name string) bool {
	return slices.ContainsFunc(claims, func(c *Claim) bool {
		return c.Kind == kind && (len(c.Addresses) > 0 || len(c.hosts(name)) > 0)
	})
}
