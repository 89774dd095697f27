// Package subnet reads the client subnets of questions (RFC 7871), and adds them to replies with their scope. It knows DNS messages, and
// neither filters nor zones.
package subnet

import (
	"net"
	"net/netip"

	"github.com/coredns/coredns/plugin/pkg/edns"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"
)

// Of returns the client subnet of a question (RFC 7871), or nil. It is not ok if it is malformed (section 6 there). miekg/dns has
// refused what it cannot read: a family that it does not know, or a length that the family does not have.
func Of(r *dns.Msg) (subnet *dns.EDNS0_SUBNET, ok bool) {
	opt := r.IsEdns0()
	if opt == nil {
		return nil, true
	}
	for _, o := range opt.Option {
		if subnet, ok := o.(*dns.EDNS0_SUBNET); ok {
			p, known := Prefix(subnet)
			return subnet, subnet.SourceScope == 0 && (subnet.Family == 0 && subnet.SourceNetmask == 0 || known && p == p.Masked())
		}
	}
	return nil, true
}

// Prefix returns the prefix of a client subnet.
func Prefix(subnet *dns.EDNS0_SUBNET) (p netip.Prefix, ok bool) {
	var octets net.IP
	switch subnet.Family {
	case 1:
		octets = subnet.Address.To4()
	case 2:
		octets = subnet.Address.To16()
	}
	a, ok := netip.AddrFromSlice(octets)
	p = netip.PrefixFrom(a, int(subnet.SourceNetmask))
	return p, ok && p.IsValid()
}

// Add adds the client subnet of a question to its reply (RFC 7871 section 7.2.1), with the scope that the answer is good for. An OPT record
// of a plugin replaces the one that the server would make of the question's, so it takes over the options that the server would send back.
func Add(m *dns.Msg, state *request.Request, subnet *dns.EDNS0_SUBNET, scope uint8) {
	back := *subnet
	back.SourceScope = scope
	opt := m.IsEdns0()
	if opt == nil {
		opt = &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}}
		for _, o := range state.Req.IsEdns0().Option {
			if o.Option() != dns.EDNS0SUBNET && edns.SupportedOption(o.Option()) {
				opt.Option = append(opt.Option, o)
			}
		}
		m.Extra = append(m.Extra, opt)
	}
	opt.Option = append(opt.Option, &back)
	if ede, explained := opt.Option[0].(*dns.EDNS0_EDE); explained && m.Len() > state.Size() {
		ede.ExtraText = "" // the answer matters more
	}
}
