package gateway

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/plugin/pkg/edns"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	location "github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/steer"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// replyTo makes the reply to a question of a client that a filter looks at, or that sent EDNS. It is beside reply because a stanza without
// filters needs none of its stack.
//
//go:noinline
func (g *Gateway) replyTo(ctx context.Context, state *request.Request, z *zone.Zone, name string) (m *dns.Msg, rcode int, scope uint8) {
	subnet, ok := clientSubnet(state.Req)
	if !ok {
		return nil, dns.RcodeFormatError, 0
	}
	if g.chain == nil {
		m, rcode, scope = g.answer(ctx, state, z, name, nil)
	} else {
		q := g.chain.Ask()
		sent := subnet
		if outer := resolve.ClientQuestion(ctx); outer != nil && sent == nil {
			sent, _ = clientSubnet(outer)
		}
		g.identify(&q.Client, ctx, state.W, sent)
		if g.explains {
			q.Trace()
		}
		m, rcode, scope = g.answer(ctx, state, z, name, q)
		if scope = max(scope, q.Scope()); q.Steered() {
			resolve.NoteSteered(ctx, scope)
		}
		q.Release()
	}
	if subnet != nil && m == nil && rcode == dns.RcodeServerFailure { // the reply of the server would not have the client subnet
		m, rcode = new(dns.Msg).SetRcode(state.Req, rcode), dns.RcodeSuccess
	}
	if subnet != nil && m != nil {
		addSubnet(m, state, subnet, scope)
	}
	return m, rcode, scope
}

// clientSubnet returns the client subnet of a question (RFC 7871), or nil. It is not ok if it is malformed (section 6 there). miekg/dns has
// refused what it cannot read: a family that it does not know, or a length that the family does not have.
func clientSubnet(r *dns.Msg) (subnet *dns.EDNS0_SUBNET, ok bool) {
	opt := r.IsEdns0()
	if opt == nil {
		return nil, true
	}
	for _, o := range opt.Option {
		if subnet, ok := o.(*dns.EDNS0_SUBNET); ok {
			p, known := prefixOf(subnet)
			return subnet, subnet.SourceScope == 0 && (subnet.Family == 0 && subnet.SourceNetmask == 0 || known && p == p.Masked())
		}
	}
	return nil, true
}

// prefixOf returns the prefix of a client subnet.
func prefixOf(subnet *dns.EDNS0_SUBNET) (p netip.Prefix, ok bool) {
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

// identify notes who the client of a question is. One that sent a subnet of no length does not want to be looked at, so that the source
// address of the message counts.
func (g *Gateway) identify(c *steer.Client, ctx context.Context, w dns.ResponseWriter, subnet *dns.EDNS0_SUBNET) {
	c.Ctx = ctx
	switch {
	case g.chain.LooksAtClient() == "":
		c.Sent = false
	case subnet != nil && subnet.SourceNetmask > 0:
		p, _ := prefixOf(subnet)
		c.SetPrefix(p)
	default:
		c.SetAddr(addrOf(w.RemoteAddr()))
	}
	if g.chain.Draws() {
		c.Number, _ = ctx.Value(numberKey{}).(uint64)
	}
}

// numberKey is what the context of a question has the random number of the question under, where somebody wants to know beforehand which
// target is drawn.
type numberKey struct{}

// addrOf returns the IP address of a client.
func addrOf(source net.Addr) netip.Addr {
	switch source := source.(type) {
	case *net.UDPAddr:
		return source.AddrPort().Addr()
	case *net.TCPAddr:
		return source.AddrPort().Addr()
	}
	at, err := netip.ParseAddrPort(source.String())
	if err != nil {
		return netip.IPv6Unspecified()
	}
	return at.Addr()
}

// locator knows of clients what the geoip plugin says in the metadata of their questions.
type locator struct{}

// Locate implements steer.Locator.
func (locator) Locate(ctx context.Context) (p location.Place) {
	p.Continent, p.Country = metadataOf(ctx, "geoip/continent/code"), metadataOf(ctx, "geoip/country/code")
	p.Subdivision, p.Smaller, _ = strings.Cut(metadataOf(ctx, "geoip/subdivisions/code"), ",")
	return p
}

// Point implements steer.Locator.
func (locator) Point(ctx context.Context) *location.Point {
	return location.ParsePoint(metadataOf(ctx, "geoip/latitude"), metadataOf(ctx, "geoip/longitude"))
}

func metadataOf(ctx context.Context, label string) string {
	if value := metadata.ValueFunc(ctx, label); value != nil {
		return value()
	}
	return ""
}

// addSubnet adds the client subnet of a question to its reply (RFC 7871 section 7.2.1), with the scope that the answer is good for. An OPT record
// of a plugin replaces the one that the server would make of the question's, so it takes over the options that the server would send back.
func addSubnet(m *dns.Msg, state *request.Request, subnet *dns.EDNS0_SUBNET, scope uint8) {
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
