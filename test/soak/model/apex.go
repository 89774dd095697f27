package model

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// nameserver is one of the zones' nameservers, with its addresses.
type nameserver struct {
	Nameserver
	addrs []netip.Addr
	fixed bool  // they are in the Corefile, or those of a Service
	from  []Ref // that Service
}

// In returns the nameserver's name in a zone: one that ends in a dot, or lies in one of the zones, is the same in all of them (A1).
func (ns Nameserver) In(zone string, zones []string) string {
	if name, ok := ns.whole(zones); ok {
		return name
	}
	return ns.Name + "." + zone
}

func (ns Nameserver) whole(zones []string) (string, bool) {
	name := strings.TrimSuffix(ns.Name, ".")
	return name, name != ns.Name || slices.ContainsFunc(zones, func(zone string) bool { return atOrBelow(name, zone) })
}

// nameservers finds out the nameservers' addresses (A1): those in the Corefile, or without any those of a Service,
// whatever else is configured about Services.
func (w *World) nameservers() {
	for _, config := range w.Config.Nameservers {
		ns := nameserver{Nameserver: config, fixed: len(config.Addresses) > 0}
		for _, s := range config.Addresses {
			a, _ := address(s)
			ns.addrs = append(ns.addrs, a)
		}
		service, namespace, _ := strings.Cut(config.Name, ".")
		if _, whole := config.whole(w.Zones); whole || ns.fixed || namespace == "" || strings.Contains(namespace, ".") {
			w.ns = append(w.ns, ns)
			continue
		}
		ns.fixed = true
		for _, svc := range w.Services {
			if svc.Name == service && svc.Namespace == namespace {
				addrs, _ := serviceTargets(svc)
				ns.addrs = append(ns.addrs, addrs...)
				ns.from = append(ns.from, ref("Service", &svc.ObjectMeta))
			}
		}
		w.ns = append(w.ns, ns)
	}
}

// apex answers for what only the apex of a zone has: SOA and NS (A2, A3, A4).
func (w *World) apex(zone, name string, qtype uint16) (found, bool) {
	switch {
	case name == zone && qtype == dns.TypeSOA:
		return found{zone: zone, ttl: w.TTL, rrs: []dns.RR{w.soa(zone)}}, true
	case name == zone && qtype == dns.TypeNS:
		f := found{zone: zone, ttl: w.TTL}
		for _, ns := range w.ns {
			f.rrs = append(f.rrs, &dns.NS{Hdr: dns.RR_Header{Rrtype: dns.TypeNS, Class: dns.ClassINET}, Ns: dns.Fqdn(ns.In(zone, w.Zones))})
		}
		return f, true
	}
	return found{}, false
}

// soa returns a zone's SOA. The serial is not for the model to know.
func (w *World) soa(zone string) dns.RR {
	return &dns.SOA{
		Hdr:     dns.RR_Header{Rrtype: dns.TypeSOA, Class: dns.ClassINET},
		Ns:      dns.Fqdn(w.ns[0].In(zone, w.Zones)),
		Mbox:    dns.Fqdn("hostmaster." + zone),
		Refresh: 14400, Retry: 3600, Expire: 1209600, Minttl: w.NegativeTTL,
	}
}

// nameserver answers for the addresses of a nameserver whose name it is, if no object has a say in them (A2).
func (w *World) nameserver(zone, name string, qtype uint16) (found, bool) {
	for _, ns := range w.ns {
		if name != ns.In(zone, w.Zones) || !ns.fixed || qtype != dns.TypeA && qtype != dns.TypeAAAA {
			continue
		}
		f := addresses([]*Claim{{TTL: w.TTL, Addresses: ns.addrs}}, qtype)
		f.zone = zone
		return f, true
	}
	return found{}, false
}

func (w *World) isNameserver(name string) bool {
	zone := w.zone(name)
	return slices.ContainsFunc(w.ns, func(ns nameserver) bool { return name == ns.In(zone, w.Zones) })
}

// fixed reports whether a name exists whatever the objects say: apexes and nameservers' names.
func (w *World) fixed(name string) bool {
	return slices.Contains(w.Zones, name) || w.isNameserver(name)
}

// fixedBelow reports whether such a name lies below another one.
func (w *World) fixedBelow(name string) bool {
	for _, zone := range w.Zones {
		if below(zone, name) || slices.ContainsFunc(w.ns, func(ns nameserver) bool { return below(ns.In(zone, w.Zones), name) }) {
			return true
		}
	}
	return false
}
