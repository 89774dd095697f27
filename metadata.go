package gateway

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/explain"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/subnet"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Metadata implements metadata.Provider for all stanzas of the server block: CoreDNS registers handlers by name
// (dnsserver.Config.Handlers), so of several stanzas it calls only one. The object is looked up when a value is read.
func (g *Gateway) Metadata(ctx context.Context, state request.Request) context.Context {
	if slices.ContainsFunc(g.block, func(member *Gateway) bool { return member.chain != nil && member.chain.IsRandom() }) {
		ctx = context.WithValue(ctx, numberKey{}, rand.Uint64()|1) // not 0, which means that none was drawn
	}
	find := sync.OnceValue(func() answeredBy {
		fqdn := state.Name()
		for _, member := range g.block {
			member = member.current()
			if z := member.Zones.ForQuestion(fqdn[:len(fqdn)-1], state.QType()); z != nil {
				s, more := member.source(ctx, state, z, fqdn[:len(fqdn)-1])
				if !more {
					return s
				}
			}
		}
		return answeredBy{}
	})
	metadata.SetValueFunc(ctx, pluginName+"/kind", func() string { return find().Kind })
	metadata.SetValueFunc(ctx, pluginName+"/namespace", func() string { return find().Namespace })
	metadata.SetValueFunc(ctx, pluginName+"/name", func() string { return find().Name })
	metadata.SetValueFunc(ctx, pluginName+"/cluster", func() string { return find().Cluster })
	metadata.SetValueFunc(ctx, pluginName+"/steered", func() string { return find().filters })
	return ctx
}

// answeredBy is the object that an answer comes from, and the filters that narrowed the answer down.
type answeredBy struct {
	explain.AnsweredBy
	filters string // separated by commas
}

// source returns the object that the answer to a question comes from, and whether the question goes to the next stanza. Aliases are not
// followed.
func (g *Gateway) source(ctx context.Context, state request.Request, z *zone.Zone, name string) (s answeredBy, next bool) {
	var c zone.Chooser
	if g.chain != nil {
		sent, _ := subnet.Of(state.Req)
		q := g.chain.NewQuestion()
		g.fillClient(&q.Client, ctx, state.W, sent)
		q.WithoutMetrics()
		q.Trace()
		defer q.Release()
		defer func() { s.filters = strings.Join(q.NarrowedBy(), ",") }()
		c = q
	}
	var a zone.Answer
	if g.Local(c, z, name, state.QType(), &a); a.By == nil {
		return answeredBy{}, a.Unclaimed && g.FallsThrough(z, dns.Fqdn(name))
	}
	return answeredBy{AnsweredBy: g.Explainer.OriginFor(c, z, name, state.QType())}, false
}
