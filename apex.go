package gateway

import (
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/nameserver"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// The SOA's fixed fields. Timers are in seconds and follow RFC 1912 section 2.2: a secondary goes on answering while its primary is
// away for two weeks. MINIMUM is Gateway.negativeTTL.
const (
	mailbox    = "hostmaster" // the label before the zone in RNAME
	soaRefresh = 14400
	soaRetry   = 3600
	soaExpire  = 1209600
)

// initApexes makes the apexes and the nameservers' names that lie in the zones exist, whatever the objects say.
func (g *Gateway) initApexes() {
	g.nsNames = map[string]*nameserver.Server{}
	for _, z := range g.Zones.All {
		g.Names.Fix(z.Name)
		for _, ns := range g.nameservers {
			name := ns.NameIn(z.Name)
			z.NS = append(z.NS, name)
			if g.nsNames[name] != nil || g.Zones.Match(name) == nil {
				continue
			}
			g.nsNames[name] = ns
			if g.Zones.ByName[name] == nil {
				g.Names.Add(name, dnsname.Closest, true)
			}
		}
		z.MName, z.RName = dns.Fqdn(z.NS[0]), dns.Fqdn(dnsname.Join(mailbox, z.Name))
	}
}

// apex answers for what only the apex of a zone has (RFC 1034 section 4.2.1): SOA and NS, whatever the objects
// say.
func (g *Gateway) apex(z *zone.Zone, qtype uint16, a *zone.Answer) {
	rs := zone.RRset{Qtype: qtype, TTL: g.ttl}
	switch qtype {
	case dns.TypeSOA, dns.TypeANY:
		rs.Qtype, rs.RRs = dns.TypeSOA, []dns.RR{g.soa(z, z.FQDN, g.ttl)}
	case dns.TypeNS:
		for _, name := range z.NS {
			rs.RRs = append(rs.RRs, &dns.NS{Hdr: record.Header(z.FQDN, dns.TypeNS, g.ttl), Ns: dns.Fqdn(name)})
		}
	}
	rs.FillAnswer(a)
}

// soa returns the zone's SOA. In a negative answer its TTL says how long the answer may be kept (RFC 2308
// section 3).
func (g *Gateway) soa(z *zone.Zone, owner string, ttl uint32) dns.RR {
	return &dns.SOA{
		Hdr:     record.Header(owner, dns.TypeSOA, ttl),
		Ns:      z.MName,
		Mbox:    z.RName,
		Serial:  z.Serial.At(time.Now()),
		Refresh: soaRefresh,
		Retry:   soaRetry,
		Expire:  soaExpire,
		Minttl:  g.negativeTTL,
	}
}

// nameserverAddresses answers for the addresses of a nameserver that has its own, and reports whether it does. The caller holds RLock.
func (g *Gateway) nameserverAddresses(ns *nameserver.Server, qtype uint16, a *zone.Answer) bool {
	if !zone.IsAddress(qtype) || !ns.HasOwnAddrs() {
		return false
	}
	rs := zone.RRset{Qtype: qtype, TTL: g.ttl}
	v4, v6 := target.Split(ns.Addrs)
	if rs.Addrs = v4; qtype == dns.TypeAAAA {
		rs.Addrs = v6
	}
	if !ns.MayAnswer() || rs.Empty() && ns.Awaited() != nil {
		a.Result = zone.Unavailable
		return true
	}
	rs.FillAnswer(a)
	return true
}

// atNameserver answers for a nameserver's name (Z4). Its addresses are the nameserver's own; what else there is comes from the
// objects that bear the name as well, and so do the addresses of a nameserver without any. The caller holds RLock.
func (g *Gateway) atNameserver(c zone.Chooser, ns *nameserver.Server, z *zone.Zone, name string, qtype uint16, a *zone.Answer) {
	if qtype == dns.TypeANY {
		g.anyAtNameserver(c, ns, z, name, a)
		return
	}
	if g.nameserverAddresses(ns, qtype, a) {
		return
	}
	g.LookupFor(c, z, name, qtype, a)
	unclaimed := a.Unclaimed && name == z.Name && !ns.HasOwnAddrs() // Z9: an apex that nobody answers for
	if a.Result == zone.NameError || a.Result == zone.Alias {       // no NS points at an alias (RFC 2181 section 10.3)
		*a = zone.Answer{Result: zone.NoData}
	}
	a.Unclaimed = unclaimed
}

// anyAtNameserver answers with the first RRset that the name has (RFC 8482).
func (g *Gateway) anyAtNameserver(c zone.Chooser, ns *nameserver.Server, z *zone.Zone, name string, a *zone.Answer) {
	none := zone.NoData
	for _, qtype := range zone.AnyTypes {
		*a = zone.Answer{}
		switch g.atNameserver(c, ns, z, name, qtype, a); a.Result {
		case zone.NoData:
		case zone.Unavailable:
			none = zone.Unavailable
		default:
			return
		}
	}
	*a = zone.Answer{Result: none}
}

// LookupAddresses reports whether a name in one of our zones, delegated or not, has addresses of a family, with a chooser of targets; nil is
// none. Aliases are not followed.
func (g *Gateway) LookupAddresses(c zone.Chooser, fqdn string, qtype uint16, a *zone.Answer) bool {
	name := fqdn[:len(fqdn)-1]
	z := g.Zones.Match(name)
	if z == nil {
		return false
	}
	g.RLock()
	defer g.RUnlock()
	if ns := g.nsNames[name]; ns != nil && g.nameserverAddresses(ns, qtype, a) {
		return a.Result == zone.Success
	}
	match := g.Names.Find(name)
	if match.Result != dnsname.Exact && (match.Result != dnsname.Wildcard || !g.complete()) {
		return false
	}
	a.Qtype = qtype
	certain := g.Database.Addresses(c, match, name, z, a)
	return len(a.Addrs) > 0 && (certain || g.complete())
}

// nameserverProblem is why clients cannot find a nameserver by the name that it has in a zone.
type nameserverProblem struct {
	name string // canonical
	text string
}

// nameserverProblems returns the nameservers' names without an address, and addresses in the Corefile that no zone here can answer
// with. What is not listed yet is no problem.
func (g *Gateway) nameserverProblems() (list []nameserverProblem) {
	for _, ns := range g.nameservers {
		var seen []string
		for _, z := range g.Zones.All {
			name := ns.NameIn(z.Name)
			if slices.Contains(seen, name) {
				continue
			}
			seen = append(seen, name)
			if text := g.nameserverProblem(ns, name); text != "" {
				list = append(list, nameserverProblem{name, text})
			}
		}
	}
	return list
}

func (g *Gateway) nameserverProblem(ns *nameserver.Server, name string) string {
	switch in := g.Zones.Match(name); {
	case in == nil && ns.AddrsInCorefile:
		return "its addresses are not answered here, because it lies in none of the zones"
	case in == nil, ns.Awaited() != nil, !ns.HasOwnAddrs() && !g.complete(), len(resolve.AddressRecords(g, dns.Fqdn(name))) > 0:
		return ""
	default:
		if text := g.noAddress(ns, in, name); text != "" {
			return "no address is known: " + text
		}
		return ""
	}
}

// noAddress is why a nameserver has no address, as far as that is known before a question comes.
func (g *Gateway) noAddress(ns *nameserver.Server, in *zone.Zone, name string) string {
	if len(ns.Watches) > 0 {
		return ns.WhyNoAddress()
	}
	var a zone.Answer
	g.RLock()
	g.Lookup(in, name, dns.TypeA, &a)
	g.RUnlock()
	switch a.Result {
	case zone.Flatten: // hostnames are resolved for a question
		return ""
	case zone.Alias:
		return "it is an alias, which a nameserver's name must not be (RFC 2181 section 10.3)"
	}
	if ns.Absolute || strings.Contains(ns.Name, ".") {
		return "the Corefile gives none, and no object here has one for this name"
	}
	return "the Corefile gives none, one label stands for no Service, and no object here has one for this name"
}

// reportNameservers logs each problem once, when everything is known that bears on it.
func (g *Gateway) reportNameservers() {
	reported := map[nameserverProblem]bool{}
	report := func() {
		for _, p := range g.nameserverProblems() {
			if !reported[p] {
				log.Warningf("nameserver %s: %s", dns.Fqdn(p.name), p.text)
			}
			reported[p] = true
		}
	}
	report()
	if g.zonesComplete() {
		return
	}
	g.Background.Go(func() {
		for _, c := range g.Clusters {
			c.Await(g.ctx.Done())
		}
		if g.ctx.Err() == nil {
			report()
		}
	})
}

// ownNameservers lets explanations see the nameservers of a stanza.
type ownNameservers struct{ *Gateway }

// Awaited implements Nameservers.
func (o ownNameservers) Awaited(name string) string {
	if ns := o.nsNames[name]; ns != nil {
		if i := ns.Awaited(); i != nil {
			return i.Title
		}
	}
	return ""
}

// Problem implements Nameservers.
func (o ownNameservers) Problem(name string) string {
	return o.nameserverProblem(o.nsNames[name], name)
}

// Outranks implements Nameservers.
func (o ownNameservers) Outranks(name, rrtype string) string { return o.nsNames[name].Outranks(rrtype) }
