package gateway

import (
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	corev1 "k8s.io/api/core/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// nameserver is an `apex` or `secondary`: a name relative to every zone, and its addresses.
type nameserver struct {
	label string        // canonical, any number of labels
	given bool          // the addresses are in the Corefile
	open  bool          // the Service answers with its endpoints, which are found with its names; guarded by Gateway.mu
	addrs []target.Addr // guarded by Gateway.mu

	// The Service, in each cluster; nothing where the addresses are given.
	services []*informer
	indexes  []*store[serviceAddrs] // one at most in each
}

// serviceAddrs is what the watch of a nameserver's Service stores.
type serviceAddrs struct {
	meta
	sent
	addrs     []target.Addr
	endpoints bool // it answers with these
}

// watch returns the watch of the Service that a two-label name without addresses stands for, read as
// service.namespace. It counts whatever the filters say, and whatever its other names are (A1).
func (ns *nameserver) watch(g *Gateway) []*informer {
	service, namespace, ok := strings.Cut(ns.label, ".")
	if !ok || strings.Contains(namespace, ".") || ns.given {
		return nil
	}
	r := services
	r.namespace, r.name = namespace, service
	index := newStore((*serviceAddrs).id)
	ns.indexes = append(ns.indexes, index)
	i := newInformer("nameserver Service "+namespace+"/"+service, r, &corev1.Service{}, index,
		func(svc *corev1.Service) (*serviceAddrs, *leftOut) {
			s := &serviceAddrs{meta: metaOf(svc)}
			var skipped skips
			if own := g.filters.annotate(&skipped, svc.Annotations, "Service", g.ttl).targets; own != nil { // L2
				s.addrs = own.addrs
			} else {
				s.addrs, s.endpoints = serviceTargets(&skipped, svc).addrs, resolvesEndpoints(svc)
			}
			s.skipped = skipped.kept()
			return s, nil
		},
		func(old, new *serviceAddrs) {
			g.mu.Lock()
			defer g.mu.Unlock()
			index.replace(old, new)
			ns.open = new != nil && new.endpoints
			if addrs := ns.united(); !slices.Equal(ns.addrs, addrs) {
				ns.addrs = addrs
				g.zones.touchAll(time.Now())
			}
		})
	ns.services = append(ns.services, i)
	return []*informer{i}
}

// united returns the addresses that the Service has in all clusters.
func (ns *nameserver) united() []target.Addr {
	var addrs []target.Addr
	for _, index := range ns.indexes {
		for _, s := range index.list() {
			addrs = append(addrs, s.addrs...)
		}
	}
	return target.Sort(addrs)
}

// settled reports whether the addresses are known.
func (ns *nameserver) settled() bool { return unsettled(ns.services) == nil }

// glue returns a nameserver's addresses, A before AAAA.
func (g *Gateway) glue(ns *nameserver, owner string) []dns.RR {
	v4, v6 := target.Split(ns.addrs)
	return append(addressRecords(owner, g.ttl, v4), addressRecords(owner, g.ttl, v6)...)
}

// nameserver answers for the addresses of a nameserver, if they are known, and leaves the rest to the
// objects that may bear the name as well. It reports whether it has.
func (g *Gateway) nameserver(ns *nameserver, qtype uint16, a *answer) bool {
	v4, v6 := target.Split(ns.addrs)
	rs := rrset{qtype: qtype, ttl: g.ttl}
	switch {
	case qtype == dns.TypeA, qtype == dns.TypeANY && len(v4) > 0:
		rs.qtype, rs.addrs = dns.TypeA, v4
	case qtype == dns.TypeAAAA, qtype == dns.TypeANY && len(v6) > 0:
		rs.qtype, rs.addrs = dns.TypeAAAA, v6
	default:
		return false
	}
	if len(ns.addrs) > 0 {
		rs.answers(a)
		return true
	}
	switch {
	case !ns.settled():
		a.result = unavailable
	case ns.fixed():
		a.result = noData
	default:
		return false
	}
	return true
}

// fixed reports whether nobody else can have the nameserver's name: its addresses are given, or those of a Service.
func (ns *nameserver) fixed() bool { return len(ns.addrs) > 0 || len(ns.services) > 0 && !ns.open }
