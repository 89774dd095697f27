package gateway

import (
	"context"
	"sync"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// answeredBy is the object that an answer comes from, the first where there are several.
type answeredBy struct{ kind, namespace, name, cluster string }

// Metadata implements metadata.Provider, for every stanza of the server block: CoreDNS knows one plugin of a name.
// The object is looked for when somebody asks for it.
func (g *Gateway) Metadata(ctx context.Context, state request.Request) context.Context {
	find := sync.OnceValue(func() answeredBy {
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
		return answeredBy{}
	})
	metadata.SetValueFunc(ctx, pluginName+"/kind", func() string { return find().kind })
	metadata.SetValueFunc(ctx, pluginName+"/namespace", func() string { return find().namespace })
	metadata.SetValueFunc(ctx, pluginName+"/name", func() string { return find().name })
	metadata.SetValueFunc(ctx, pluginName+"/cluster", func() string { return find().cluster })
	return ctx
}

// source returns where the answer to a question comes from, aliases not followed, and whether the next stanza is asked
// for it.
func (g *Gateway) source(z *zone.Zone, name string, qtype uint16) (s answeredBy, next bool) {
	var a zone.Answer
	if g.Local(z, name, qtype, &a); a.By == nil {
		return answeredBy{}, a.Unclaimed && g.FallsThrough(z, dns.Fqdn(name))
	}
	return g.origin(z, name, qtype), false
}

// origin returns the object of an answer that a kind gives.
func (g *Gateway) origin(z *zone.Zone, name string, qtype uint16) answeredBy {
	kind, part, rec := g.Database.Origin(z, name, qtype)
	if rec == nil {
		return answeredBy{}
	}
	return sourceOf(g.kinds[kind.Number].Parts[part], rec)
}

// sourceOf returns the object that a record was made of: of a binding, one of its routes.
func sourceOf(s *source.Part, rec *record.Record) answeredBy {
	object := &rec.Meta
	if rec.RouteSet != nil {
		if m := rec.RouteSet.Any(); m != nil {
			object = m
		}
	}
	key := object.CurrentKey()
	return answeredBy{s.Name, key.Namespace, key.Name, s.Cluster.Name()}
}
