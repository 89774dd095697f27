package resolve

import (
	"net"

	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Sections adds to the authority and additional sections of a reply.
type Sections struct {
	Authority
	Chooser zone.Chooser // of the client's targets; nil for all targets
	Reserve int          // octets of the reply that stay free
}

// Refer fills in a referral (RFC 1034 section 4.3.2, step 3b): the NS records of the cut in the authority section, and the addresses of
// the nameservers that are in the zones as glue. Glue for nameservers at or below the cut is required: if it does not fit, TC is set.
// Other glue is added if it fits (RFC 9471 section 3).
func (s Sections) Refer(m *dns.Msg, state *request.Request, ns []dns.RR) {
	m.Ns = ns
	if len(ns) == 0 {
		return
	}
	cut := ns[0].Header().Name
	left := roomIn(m, state, s.Reserve)
	s.Chooser, left.looked = counting(s.Chooser)
	siblings := 0
	for _, rr := range ns {
		host := rr.(*dns.NS).Ns
		switch {
		case !dnsname.Within(host, cut):
			siblings++
		case full(m) || left.exceeded() || left.looked.spent():
			m.Truncated = true
			return
		default:
			s.addGlue(m, host, &left)
		}
	}
	for _, rr := range ns {
		if host := rr.(*dns.NS).Ns; siblings > 0 && !dnsname.Within(host, cut) {
			if full(m) || !left.open() {
				return
			}
			s.addFitting(m, host, &left)
		}
	}
}

// addGlue adds the addresses of a nameserver whose glue is required.
func (s Sections) addGlue(m *dns.Msg, host string, left *room) {
	for _, qtype := range zone.AddressTypes {
		var a zone.Answer
		if s.LookupAddresses(s.Chooser, host, qtype, &a) {
			left.take(host, len(a.Addrs), addressLen(qtype))
			m.Extra = append(m.Extra, a.Records(host)...)
		}
	}
}

// full reports whether a reply has as many records as any reply may have.
func full(m *dns.Msg) bool { return len(m.Answer)+len(m.Ns)+len(m.Extra) >= record.MaxRecords }

// AddTargets adds the addresses of the targets in the answer section, if they are in the zones and fit (A2, D7).
func (s Sections) AddTargets(m *dns.Msg, state *request.Request) {
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
			seen, left = map[string]bool{}, roomIn(m, state, s.Reserve)
			s.Chooser, left.looked = counting(s.Chooser)
		case seen[host]:
			continue
		}
		if !left.open() {
			return
		}
		seen[host] = true
		s.addFitting(m, host, &left)
	}
}

// addFitting adds the address RRsets of a name that fit: A before AAAA. An RRset that does not fit costs little, because its addresses
// are not united and its records are not made.
func (s Sections) addFitting(m *dns.Msg, host string, left *room) {
	for _, qtype := range zone.AddressTypes {
		octets := addressLen(qtype)
		limit := left.fits(host, octets)
		if limit == 0 {
			continue
		}
		var a zone.Answer
		found := s.addressesWithin(limit, host, qtype, &a)
		if a.OverLimit && left.compress() {
			found = s.addressesWithin(left.fits(host, octets), host, qtype, &a)
		}
		switch {
		case a.OverLimit:
			left.misses++
		case found:
			left.take(host, len(a.Addrs), octets)
			m.Extra = append(m.Extra, a.Records(host)...)
		}
	}
}

// AddressRecords returns the address records of a name in the zones, even below a zone cut: A before AAAA.
func AddressRecords(local Authority, fqdn string) []dns.RR {
	var rrs []dns.RR
	for _, qtype := range zone.AddressTypes {
		var a zone.Answer
		if local.LookupAddresses(nil, fqdn, qtype, &a) {
			rrs = append(rrs, a.Records(fqdn)...)
		}
	}
	return rrs
}

// addressesWithin is Authority.LookupAddresses for a reply with room for limit addresses. If the name has more, it sets a.OverLimit and
// returns false.
func (s Sections) addressesWithin(limit int, fqdn string, qtype uint16, a *zone.Answer) bool {
	*a = zone.Answer{RRset: zone.RRset{Limit: int32(limit)}}
	found := s.LookupAddresses(s.Chooser, fqdn, qtype, a)
	if a.OverLimit = a.OverLimit || found && len(a.Addrs) > limit; a.OverLimit {
		return false
	}
	return found
}

// addressLen returns the length of the RDATA of an address record.
func addressLen(qtype uint16) int {
	if qtype == dns.TypeA {
		return net.IPv4len
	}
	return net.IPv6len
}
