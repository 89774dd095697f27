package gateway

import (
	"context"
	"sync"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// source is the object that an answer comes from, the first where there are several.
type source struct{ kind, namespace, name, cluster string }

// Metadata implements metadata.Provider, for every stanza of the server block: CoreDNS knows one plugin of a name.
// The object is looked for when somebody asks for it.
func (g *Gateway) Metadata(ctx context.Context, state request.Request) context.Context {
	find := sync.OnceValue(func() source {
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
		return source{}
	})
	metadata.SetValueFunc(ctx, pluginName+"/kind", func() string { return find().kind })
	metadata.SetValueFunc(ctx, pluginName+"/namespace", func() string { return find().namespace })
	metadata.SetValueFunc(ctx, pluginName+"/name", func() string { return find().name })
	metadata.SetValueFunc(ctx, pluginName+"/cluster", func() string { return find().cluster })
	return ctx
}

// source returns where the answer to a question comes from, aliases not followed, and whether the next stanza is asked
// for it.
func (g *Gateway) source(z *zone.Zone, name string, qtype uint16) (s source, next bool) {
	var a zone.Answer
	if g.local(z, name, qtype, &a); a.By == nil {
		return source{}, a.Unclaimed && g.fallsThrough(z, dns.Fqdn(name))
	}
	return g.origin(z, name, qtype), false
}

// origin returns the object of an answer that a kind gives.
func (g *Gateway) origin(z *zone.Zone, name string, qtype uint16) source {
	kind, part, rec := g.Database.Origin(z, name, qtype)
	if rec == nil {
		return source{}
	}
	return sourceOf(g.kinds[kind.Number].parts[part], rec)
}

// source returns the object that a record was made of: of a binding, one of its routes.
func sourceOf(s *served, rec *record.Record) source {
	object := &rec.Meta
	if rec.RouteSet != nil {
		if m := rec.RouteSet.Any(); m != nil {
			object = m
		}
	}
	key := object.CurrentKey()
	return source{s.name, key.Namespace, key.Name, s.cluster.Name()}
}
