// Package subnet reads the client subnets of questions (RFC 7871), and adds them to replies with their scope. It knows neither filters nor
// zones.
package subnet

import (
	"net"
	"net/netip"

	"github.com/coredns/coredns/plugin/pkg/edns"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"
)

// Of returns the client subnet of a question, or nil. ok is false if the subnet is malformed (RFC 7871 section 6). Unknown families and
// impossible lengths do not get here: miekg/dns refuses such a message.
func Of(r *dns.Msg) (subnet *dns.EDNS0_SUBNET, ok bool) {
	opt := r.IsEdns0()
	if opt == nil {
		return nil, true
	}
	for _, o := range opt.Option {
		if subnet, ok := o.(*dns.EDNS0_SUBNET); ok {
			p, valid := Prefix(subnet)
			return subnet, subnet.SourceScope == 0 && (subnet.Family == 0 && subnet.SourceNetmask == 0 || valid && p == p.Masked())
		}
	}
	return nil, true
}

// Prefix returns a client subnet as a prefix, and whether it is valid.
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

// Add adds the client subnet of a question to its reply, with the scope for which the answer is valid (RFC 7871 section 7.2.1). If a reply
// has an OPT record, the server does not add its own, so Add copies the options that the server would send back.
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
		ede.ExtraText = "" // the answer has precedence
	}
}
