package gateway

import (
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// explain adds the reason for an answer to a reply, for clients that sent EDNS. It shows names of objects,
// so that it is off unless the stanza asks for it.
func (g *Gateway) explain(state *request.Request, m *dns.Msg, z *zone.Zone, name string, o *resolve.Outcome) {
	if state.Req.IsEdns0() == nil {
		return
	}
	r, ok := g.explainer.Reason(z, name, *o)
	if !ok {
		return
	}
	ede := &dns.EDNS0_EDE{InfoCode: r.Code, ExtraText: r.Text}
	opt := &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}, Option: []dns.EDNS0{ede}}
	if m.Extra = append(m.Extra, opt); m.Len() > state.Size() {
		ede.ExtraText = "" // the answer matters more
	}
}
