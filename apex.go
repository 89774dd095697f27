package gateway

import (
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
)

// What the SOA says. Timers are in seconds, of the kind RFC 1912 section 2.2 suggests. MINIMUM is Gateway.negativeTTL.
const (
	mailbox    = "hostmaster" // of the zone, in RNAME
	soaRefresh = 7200
	soaRetry   = 1800
	soaExpire  = 86400
)

// fixNames makes the apexes and the nameservers' names exist, whatever the objects say.
func (g *Gateway) fixNames() {
	g.nsNames = map[string]*nameserver{}
	for _, z := range g.zones.all {
		g.names.Fix(z.name)
		for _, ns := range g.nameservers {
			name := names.Join(ns.label, z.name)
			z.ns = append(z.ns, name)
			g.nsNames[name] = ns
			g.names.Add(name, names.Closest, true)
		}
	}
}

// apex answers a question for the apex of a zone (RFC 1034 section 4.2.1): SOA and NS, whatever the
// objects say.
func (g *Gateway) apex(z *zone, m *dns.Msg, owner string, qtype uint16) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	switch qtype {
	case dns.TypeSOA, dns.TypeANY:
		m.Answer = []dns.RR{g.soa(z, owner, g.ttl)}
	case dns.TypeNS:
		for i, name := range z.ns {
			m.Answer = append(m.Answer, &dns.NS{Hdr: header(owner, dns.TypeNS, g.ttl), Ns: dns.Fqdn(name)})
			m.Extra = append(m.Extra, g.glue(g.nameservers[i], dns.Fqdn(name))...)
		}
	default:
		return false
	}
	return true
}

// soa returns the zone's SOA. In a negative answer its TTL says how long the answer may be kept (RFC 2308
// section 3).
func (g *Gateway) soa(z *zone, owner string, ttl uint32) dns.RR {
	return &dns.SOA{
		Hdr:     header(owner, dns.TypeSOA, ttl),
		Ns:      dns.Fqdn(z.ns[0]),
		Mbox:    dns.Fqdn(names.Join(mailbox, z.name)),
		Serial:  z.serial.at(time.Now()),
		Refresh: soaRefresh,
		Retry:   soaRetry,
		Expire:  soaExpire,
		Minttl:  g.negativeTTL,
	}
}
