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

// The fixed fields of an SOA record. The timers are in seconds and follow RFC 1912 section 2.2: a secondary answers for two weeks after it
// has lost its primary. MINIMUM is Gateway.negativeTTL.
const (
	mailbox    = "hostmaster" // the label before the zone in RNAME
	soaRefresh = 14400
	soaRetry   = 3600
	soaExpire  = 1209600
)

// initApexes fills in the NS, MNAME and RNAME of each zone, indexes the nameservers by name, and enters the apexes and the nameservers'
// names in the table of names.
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

// apex answers a question for the SOA or the NS records of a zone, or for ANY at its apex. Objects have no influence on these.
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

// soa returns the SOA record of a zone. In a negative answer its TTL limits how long the answer may be cached (RFC 2308 section 3).
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

// nameserverAddresses answers a question for an address of a nameserver that has addresses of its own. It reports whether it has answered.
// The caller holds RLock.
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

// atNameserver answers for a nameserver's name (Z4). Its addresses are the nameserver's own if it has any. All other records come from
// objects with that name. The caller holds RLock.
func (g *Gateway) atNameserver(c zone.Chooser, ns *nameserver.Server, z *zone.Zone, name string, qtype uint16, a *zone.Answer) {
	if qtype == dns.TypeANY {
		g.anyAtNameserver(c, ns, z, name, a)
		return
	}
	if g.nameserverAddresses(ns, qtype, a) {
		return
	}
	g.LookupFor(c, z, name, qtype, a)
	unclaimed := a.Unclaimed && name == z.Name && !ns.HasOwnAddrs() // Z9: an apex without an object falls through
	if a.Result == zone.NameError || a.Result == zone.Alias {       // the name of an NS record must not be an alias (RFC 2181 section 10.3)
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

// LookupAddresses implements resolve.Authority. The name may be delegated. Aliases are not followed. The chooser may be nil.
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

// nameserverProblem is the reason why clients cannot find the address of a nameserver.
type nameserverProblem struct {
	name string // canonical
	text string
}

// nameserverProblems returns the nameservers without an address, and those whose addresses in the Corefile are of no use, because the name
// lies in none of the zones. A name whose objects are not listed yet is no problem.
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

// nameserverProblem returns the problem of a nameserver with the name that it has in a zone, or "".
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

// noAddress returns why a nameserver has no address, or "" if only a lookup of hostnames can tell.
func (g *Gateway) noAddress(ns *nameserver.Server, in *zone.Zone, name string) string {
	if len(ns.Watches) > 0 {
		return ns.WhyNoAddress()
	}
	var a zone.Answer
	g.RLock()
	g.Lookup(in, name, dns.TypeA, &a)
	g.RUnlock()
	switch a.Result {
	case zone.Flatten: // its hostnames are looked up when a question comes
		return ""
	case zone.Alias:
		return "it is an alias, which a nameserver's name must not be (RFC 2181 section 10.3)"
	}
	if ns.Absolute || strings.Contains(ns.Name, ".") {
		return "the Corefile gives none, and no object here has one for this name"
	}
	return "the Corefile gives none, one label stands for no Service, and no object here has one for this name"
}

// reportNameservers logs each problem once: those that are certain now, and the rest when everything is listed.
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

// ownNameservers implements explain.Nameservers with the nameservers of a stanza.
type ownNameservers struct{ *Gateway }

// Awaited implements explain.Nameservers.
func (o ownNameservers) Awaited(name string) string {
	if ns := o.nsNames[name]; ns != nil {
		if i := ns.Awaited(); i != nil {
			return i.Title
		}
	}
	return ""
}

// Problem implements explain.Nameservers.
func (o ownNameservers) Problem(name string) string {
	return o.nameserverProblem(o.nsNames[name], name)
}

// Outranks implements explain.Nameservers.
func (o ownNameservers) Outranks(name, rrtype string) string { return o.nsNames[name].Outranks(rrtype) }
