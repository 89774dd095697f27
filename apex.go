package gateway

import (
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
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

// fixNames makes the apexes and the nameservers' names that lie in the zones exist, whatever the objects say.
func (g *Gateway) fixNames() {
	g.nsNames = map[string]*nameserver{}
	for _, z := range g.Zones.All {
		g.Names.Fix(z.Name)
		for _, ns := range g.nameservers {
			name := ns.in(z.Name)
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
