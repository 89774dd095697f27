package gateway

import (
	"strings"
	"sync"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// nameserver is a server of the stanza's zones, from an `apex` or `secondary` property (A1).
type nameserver struct {
	name     string // canonical, any number of labels; relative to each zone unless absolute
	absolute bool   // the name is complete, and the same in every zone
	given    bool   // the addresses are in the Corefile

	addrs []target.Addr // guarded by the lock of zone.Database

	services []*nameserverWatch // the Service that has the addresses, in each cluster; none where no Service is meant
	changes  sync.Mutex         // serialises changes of addrs; no query waits for it
}

// in returns the nameserver's name in a zone.
func (ns *nameserver) in(zone string) string {
	if ns.absolute {
		return ns.name
	}
	return dnsname.Join(ns.name, zone)
}

// property is how the Corefile has the name.
func (ns *nameserver) property() string {
	if ns.absolute {
		return dns.Fqdn(ns.name)
	}
	return ns.name
}

// service returns the key of the Service that has the addresses: a relative name of two labels without addresses is read as
// service.namespace.
func (ns *nameserver) service() (key store.Key, ok bool) {
	service, namespace, ok := strings.Cut(ns.name, ".")
	if !ok || strings.Contains(namespace, ".") || ns.given || ns.absolute {
		return store.Key{}, false
	}
	return store.Key{Namespace: namespace, Name: service}, true
}

// fixed reports whether the Corefile says where the addresses come from. No object that bears the nameserver's name then has
// a say in them.
func (ns *nameserver) fixed() bool { return ns.given || len(ns.services) > 0 }

// missing returns an informer that has to list something before the addresses are known, or nil.
func (ns *nameserver) missing() *kube.Informer {
	for _, s := range ns.services {
		if i := s.missing(); i != nil {
			return i
		}
	}
	return nil
}

// known reports whether the addresses so far may be answered, as the kinds do: every cluster has listed the Service,
// or has had the startup grace for it.
func (ns *nameserver) known() bool {
	for _, s := range ns.services {
		if !s.wasComplete() && !s.cluster.GraceOver.Load() {
			return false
		}
	}
	return true
}

// nameserver answers for the addresses of a nameserver that has its own, and reports whether it does. The caller holds RLock.
func (g *Gateway) nameserver(ns *nameserver, qtype uint16, a *zone.Answer) bool {
	if !zone.IsAddress(qtype) || !ns.fixed() {
		return false
	}
	rs := zone.RRset{Qtype: qtype, TTL: g.ttl}
	v4, v6 := target.Split(ns.addrs)
	if rs.Addrs = v4; qtype == dns.TypeAAAA {
		rs.Addrs = v6
	}
	if !ns.known() || rs.Empty() && ns.missing() != nil {
		a.Result = zone.Unavailable
		return true
	}
	rs.FillAnswer(a)
	return true
}

// atNameserver answers for a nameserver's name (Z4). Its addresses are the nameserver's own; what else there is comes from the
// objects that bear the name as well, and so do the addresses of a nameserver without any. The caller holds RLock.
func (g *Gateway) atNameserver(ns *nameserver, z *zone.Zone, name string, qtype uint16, a *zone.Answer) {
	if qtype == dns.TypeANY {
		g.anyAtNameserver(ns, z, name, a)
		return
	}
	if g.nameserver(ns, qtype, a) {
		return
	}
	g.Lookup(z, name, qtype, a)
	unclaimed := a.Unclaimed && name == z.Name && !ns.fixed() // Z9: an apex that nobody answers for
	if a.Result == zone.NameError || a.Result == zone.Alias { // no NS points at an alias (RFC 2181 section 10.3)
		*a = zone.Answer{Result: zone.NoData}
	}
	a.Unclaimed = unclaimed
}

// anyAtNameserver answers with the first RRset that the name has (RFC 8482).
func (g *Gateway) anyAtNameserver(ns *nameserver, z *zone.Zone, name string, a *zone.Answer) {
	none := zone.NoData
	for _, qtype := range zone.AnyTypes {
		*a = zone.Answer{}
		switch g.atNameserver(ns, z, name, qtype, a); a.Result {
		case zone.NoData:
		case zone.Unavailable:
			none = zone.Unavailable
		default:
			return
		}
	}
	*a = zone.Answer{Result: none}
}

// AddressesOf reports whether a name in one of our zones, delegated or not, has addresses of a family. Aliases are not followed.
func (g *Gateway) AddressesOf(fqdn string, qtype uint16, a *zone.Answer) bool {
	name := fqdn[:len(fqdn)-1]
	z := g.Zones.Match(name)
	if z == nil {
		return false
	}
	g.RLock()
	defer g.RUnlock()
	if ns := g.nsNames[name]; ns != nil && g.nameserver(ns, qtype, a) {
		return a.Result == zone.Success
	}
	match := g.Names.Find(name)
	if match.Result != dnsname.Exact && (match.Result != dnsname.Wildcard || !g.complete()) {
		return false
	}
	a.Qtype = qtype
	certain := g.Database.Addresses(match, name, z, a)
	return len(a.Addrs) > 0 && (certain || g.complete())
}
