package gateway

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/steer"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// pretended is a question that no client asked: the status page explains what the client would get.
type pretended struct {
	*Gateway
	question *steer.Question // nil without filters, or without a client
}

// pretend returns a question of a client, which is an address or a client subnet. The zero Prefix is no client.
func (g *Gateway) pretend(client netip.Prefix) pretended {
	if g.chain == nil || !client.IsValid() {
		return pretended{Gateway: g}
	}
	q := g.chain.Ask()
	if client.IsSingleIP() {
		q.Client.SetAddr(client.Addr())
	} else {
		q.Client.SetPrefix(client)
	}
	q.Client.Ctx = context.Background()
	if g.geoip != nil {
		w := pretender{addr: &net.UDPAddr{IP: client.Addr().AsSlice()}}
		r := new(dns.Msg).SetQuestion(".", dns.TypeA)
		q.Client.Ctx = g.geoip.Metadata(metadata.ContextWithMetadata(q.Client.Ctx), request.Request{W: w, Req: r})
	}
	q.Quiet()
	return pretended{g, q}
}

// pretender is where a question comes from that nobody asked.
type pretender struct {
	dns.ResponseWriter // never used
	addr               net.Addr
}

// RemoteAddr implements dns.ResponseWriter.
func (w pretender) RemoteAddr() net.Addr { return w.addr }

// chooser returns what decides for the client; nil for all targets.
func (p pretended) chooser() zone.Chooser {
	if p.question == nil {
		return nil
	}
	return p.question
}

// trace has the filters say what they do from now on.
func (p pretended) trace() {
	if p.question != nil {
		p.question.Trace()
	}
}

// reasons says what the filters did with the targets of an answer or, without a client, that they do something.
func (p pretended) reasons(a *zone.Answer) (list []string) {
	switch {
	case p.question != nil:
		for _, text := range p.Explainer.Steering(p.question.Steps()) {
			list = append(list, statuspage.Sentence(text+"."))
		}
	case p.chain != nil && a.By != nil:
		list = append(list, "Which of these a client gets, the filters decide: "+strings.Join(p.chain.Written(), ", ")+". The parameter client says what they keep for one.")
	}
	return list
}

func (p pretended) end() {
	if p.question != nil {
		p.question.Release()
	}
}
