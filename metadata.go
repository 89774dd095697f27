package gateway

import (
	"context"
	"sync"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/explain"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Metadata implements metadata.Provider, for every stanza of the server block: CoreDNS knows one plugin of a name.
// The object is looked for when somebody asks for it.
func (g *Gateway) Metadata(ctx context.Context, state request.Request) context.Context {
	find := sync.OnceValue(func() explain.AnsweredBy {
		fqdn := state.Name()
		for _, member := range g.block {
			member = member.current()
			if z := member.Zones.Asked(fqdn[:len(fqdn)-1], state.QType()); z != nil {
				s, more := member.source(z, fqdn[:len(fqdn)-1], state.QType())
				if !more {
					return s
				}
			}
		}
		return explain.AnsweredBy{}
	})
	metadata.SetValueFunc(ctx, pluginName+"/kind", func() string { return find().Kind })
	metadata.SetValueFunc(ctx, pluginName+"/namespace", func() string { return find().Namespace })
	metadata.SetValueFunc(ctx, pluginName+"/name", func() string { return find().Name })
	metadata.SetValueFunc(ctx, pluginName+"/cluster", func() string { return find().Cluster })
	return ctx
}

// source returns where the answer to a question comes from, aliases not followed, and whether the next stanza is asked
// for it.
func (g *Gateway) source(z *zone.Zone, name string, qtype uint16) (s explain.AnsweredBy, next bool) {
	var a zone.Answer
	if g.Local(nil, z, name, qtype, &a); a.By == nil {
		return explain.AnsweredBy{}, a.Unclaimed && g.FallsThrough(z, dns.Fqdn(name))
	}
	return g.Explainer.Origin(z, name, qtype), false
}
