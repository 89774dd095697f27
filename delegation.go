package gateway

import (
	"github.com/miekg/dns"
)

// refer fills in a referral (RFC 1034 section 4.3.2, step 3b): the NS records of the cut in authority, and glue for
// those nameservers whose addresses the zone has.
func (g *Gateway) refer(m *dns.Msg, ns []dns.RR) {
	m.Ns = ns
	for _, rr := range ns {
		if full(m) {
			return
		}
		m.Extra = append(m.Extra, g.inZone(rr.(*dns.NS).Ns)...)
	}
}

// full reports whether a reply has no room for more, whatever the transport.
func full(m *dns.Msg) bool { return len(m.Answer)+len(m.Ns)+len(m.Extra) >= maxRecords }

// addTargets adds the addresses of what the answer's records point at, where they are in our zones (A2, D7).
func (g *Gateway) addTargets(m *dns.Msg) {
	var seen map[string]bool
	for _, rr := range m.Answer {
		var host string
		switch rr := rr.(type) {
		case *dns.MX:
			host = rr.Mx
		case *dns.SRV:
			host = rr.Target
		case *dns.NS:
			host = rr.Ns
		default:
			continue
		}
		switch {
		case full(m):
			return
		case seen == nil:
			seen = map[string]bool{}
		case seen[host]:
			continue
		}
		seen[host] = true
		m.Extra = append(m.Extra, g.inZone(host)...)
	}
}

// inZone returns the addresses that a name in one of our zones has, delegated or not: A before AAAA.
func (g *Gateway) inZone(fqdn string) []dns.RR {
	name := fqdn[:len(fqdn)-1]
	z := g.zones.match(name)
	if z == nil {
		return nil
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	var rrs []dns.RR
	for _, qtype := range addressTypes {
		var a answer
		if ns := g.nsNames[name]; ns == nil || !g.nameserver(ns, qtype, &a) {
			g.found(z, name, qtype, &a)
		}
		if a.result == success {
			rrs = append(rrs, a.records(fqdn)...)
		}
	}
	return rrs
}
