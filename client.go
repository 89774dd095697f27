package gateway

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	location "github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/steer"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/subnet"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// replyTo makes the reply to a question if the stanza has filters, or if the question has EDNS. It is a function of its own, and not
// inlined, so that the stack frame of reply stays small: questions without filters and EDNS do not need it.
//
//go:noinline
func (g *Gateway) replyTo(ctx context.Context, state *request.Request, z *zone.Zone, name string) (m *dns.Msg, rcode int, scope uint8) {
	ecs, ok := subnet.Of(state.Req)
	if !ok {
		return nil, dns.RcodeFormatError, 0
	}
	if g.chain == nil {
		m, rcode, scope = g.answer(ctx, state, z, name, nil)
	} else {
		q := g.chain.NewQuestion()
		lookup, sent, client := resolve.LookupOf(ctx), ecs, ctx
		if lookup != nil && sent == nil {
			if sent, _ = subnet.Of(lookup.Question()); sent != nil { // a lookup has no client subnet, so geoip would locate the resolver
				client = lookup.Client()
			}
		}
		g.fillClient(&q.Client, client, state.W, sent)
		if g.explains && len(state.Req.Extra) > 0 {
			q.Trace()
		}
		m, rcode, scope = g.answer(ctx, state, z, name, q)
		if scope = max(scope, q.Scope()); q.Steered() {
			lookup.NoteSteered(scope)
		}
		q.Release()
	}
	if ecs != nil && m == nil && rcode == dns.RcodeServerFailure { // a reply that the server makes has no client subnet
		m, rcode = new(dns.Msg).SetRcode(state.Req, rcode), dns.RcodeSuccess
	}
	if ecs != nil && m != nil {
		subnet.Add(m, state, ecs, scope)
	}
	return m, rcode, scope
}

// fillClient fills in the client of a question: its client subnet or, if there is none, its source address. A client subnet of length 0
// must not be used (RFC 7871 section 7.1.2).
func (g *Gateway) fillClient(c *steer.Client, ctx context.Context, w dns.ResponseWriter, ecs *dns.EDNS0_SUBNET) {
	c.Ctx = ctx
	switch {
	case g.chain.ClientFilter() == "":
		c.FromECS = false
	case ecs != nil && ecs.SourceNetmask > 0:
		p, _ := subnet.Prefix(ecs)
		c.SetPrefix(p)
	default:
		c.SetAddr(addrOf(w.RemoteAddr()))
	}
	if g.chain.IsRandom() {
		c.Random, _ = ctx.Value(numberKey{}).(uint64)
	}
}

// numberKey is the context key of a question's random number. Metadata sets it, so that the metadata and the answer are drawn with the same
// number.
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

// locator implements steer.Locator with the metadata that the plugin geoip adds to a question.
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

// metadataOf returns a value of a question's metadata, or "".
func metadataOf(ctx context.Context, label string) string {
	if value := metadata.ValueFunc(ctx, label); value != nil {
		return value()
	}
	return ""
}

// simulation is a question of a client that exists only on the status page, which shows what that client would get.
type simulation struct {
	*Gateway
	question *steer.Question // nil if the stanza has no filters, or if no client is given
}

// simulate returns the simulation of a client, which is an address or a client subnet. The zero Prefix is no client.
func (g *Gateway) simulate(client netip.Prefix) simulation {
	if g.chain == nil || !client.IsValid() {
		return simulation{Gateway: g}
	}
	q := g.chain.NewQuestion()
	if client.IsSingleIP() {
		q.Client.SetAddr(client.Addr())
	} else {
		q.Client.SetPrefix(client)
	}
	q.Client.Ctx = context.Background()
	if g.geoip != nil {
		w := simulatedWriter{addr: &net.UDPAddr{IP: client.Addr().AsSlice()}}
		r := new(dns.Msg).SetQuestion(".", dns.TypeA)
		q.Client.Ctx = g.geoip.Metadata(metadata.ContextWithMetadata(q.Client.Ctx), request.Request{W: w, Req: r})
	}
	q.WithoutMetrics()
	return simulation{g, q}
}

// simulatedWriter gives a simulated question its source address.
type simulatedWriter struct {
	dns.ResponseWriter // never used
	addr               net.Addr
}

// RemoteAddr implements dns.ResponseWriter.
func (w simulatedWriter) RemoteAddr() net.Addr { return w.addr }

// chooser returns the filters of the simulated question, or nil if there are none.
func (s simulation) chooser() zone.Chooser {
	if s.question == nil {
		return nil
	}
	return s.question
}

// trace makes the filters record what they do from now on.
func (s simulation) trace() {
	if s.question != nil {
		s.question.Trace()
	}
}

// reasons returns sentences about what the filters did or, without a client, that there are filters.
func (s simulation) reasons(a *zone.Answer) (list []string) {
	switch {
	case s.question != nil:
		for _, text := range s.Explainer.Steering(s.question.Steps()) {
			list = append(list, statuspage.Sentence(text+"."))
		}
	case s.chain != nil && a.By != nil:
		list = append(list, "Which of these a client gets, the filters decide: "+strings.Join(s.chain.Written(), ", ")+". The parameter client says what they keep for one.")
	}
	return list
}

// end releases the question.
func (s simulation) end() {
	if s.question != nil {
		s.question.Release()
	}
}
