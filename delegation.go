package gateway

import (
	"net"

	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// refer fills in a referral (RFC 1034 section 4.3.2, step 3b): the NS records of the cut in authority, and glue for
// those nameservers whose addresses the zone has. Glue for those at or below the cut is required, so that TC is set where it does not
// fit; the rest is added as far as it fits (RFC 9471 section 3).
func (g *Gateway) refer(m *dns.Msg, state *request.Request, ns []dns.RR) {
	m.Ns = ns
	if len(ns) == 0 {
		return
	}
	cut := ns[0].Header().Name
	g.addGlue(m, ns, func(host string) bool { return dnsname.Within(host, cut) }, nil)
	left := g.roomIn(m, state)
	g.addGlue(m, ns, func(host string) bool { return !dnsname.Within(host, cut) }, &left)
}

// addGlue adds the addresses of some of the nameservers in a referral.
func (g *Gateway) addGlue(m *dns.Msg, ns []dns.RR, of func(host string) bool, left *room) {
	for _, rr := range ns {
		if full(m) {
			return
		}
		if host := rr.(*dns.NS).Ns; of(host) {
			m.Extra = append(m.Extra, g.inZone(host, left)...)
		}
	}
}

// full reports whether a reply has no room for more, whatever the transport.
func full(m *dns.Msg) bool { return len(m.Answer)+len(m.Ns)+len(m.Extra) >= record.MaxRecords }

// addTargets adds the addresses of what the answer's records point at, where they are in our zones (A2, D7) and fit.
func (g *Gateway) addTargets(m *dns.Msg, state *request.Request) {
	var seen map[string]bool
	var left room
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
			seen, left = map[string]bool{}, g.roomIn(m, state)
		case seen[host]:
			continue
		}
		seen[host] = true
		m.Extra = append(m.Extra, g.inZone(host, &left)...)
	}
}

// inZone returns the addresses that a name in one of our zones has, delegated or not, as far as there is room: A before AAAA.
func (g *Gateway) inZone(fqdn string, left *room) []dns.RR {
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
		octets := net.IPv4len
		if qtype == dns.TypeAAAA {
			octets = net.IPv6len
		}
		if a.result == success && left.take(fqdn, len(a.addrs), octets) {
			rrs = append(rrs, a.records(fqdn)...)
		}
	}
	return rrs
}
