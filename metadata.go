package gateway

import (
	"context"
	"sync"

	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
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
			if z := member.zones.asked(fqdn[:len(fqdn)-1], state.QType()); z != nil {
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
func (g *Gateway) source(z *zone, name string, qtype uint16) (s source, next bool) {
	var a answer
	if g.local(z, name, qtype, &a); a.by == nil {
		return source{}, a.unclaimed && g.fallsThrough(z, dns.Fqdn(name))
	}
	return g.origin(z, name, qtype), false
}

// origin returns the object of an answer that a kind gives.
func (g *Gateway) origin(z *zone, name string, qtype uint16) source {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if cut, ok := g.names.Cut(name, z.name); ok {
		name, qtype = cut, dns.TypeNS
	}
	m := g.names.Find(name)
	if m.Result != names.Exact && m.Result != names.Wildcard {
		return source{}
	}
	v := view{Gateway: g, find: indexed, match: m, name: name, zone: z}
	var a answer
	v.answer(qtype, &a)
	if a.by == nil {
		return source{}
	}
	for _, s := range a.by.parts {
		if u, ok := v.shared(s); ok {
			if rec := u.source(&a); rec != nil {
				return s.source(rec)
			}
			continue
		}
		found := indexed(s, m.Name)
		for _, rec := range found.all() {
			for _, e := range rec.at(m.Name) {
				if e.data.has(a) {
					return s.source(rec)
				}
			}
		}
	}
	return source{}
}

// has reports whether the data are part of an answer.
func (d *data) has(a answer) bool {
	if len(d.rrs) > 0 {
		return d.rrs[0].Header().Rrtype == a.qtype
	}
	return len(a.rrs) == 0 && (d.ready || d.cname != "" || len(d.addrs)+len(d.hosts) > 0)
}

// source returns the object that a record was made of: of a binding, one of its routes.
func (s *served) source(rec *record) source {
	src := source{s.name, rec.namespace, rec.meta.name, s.cluster.name()}
	if rec.behind != nil {
		if rt := rec.behind.first.Load(); rt != nil {
			src.namespace, src.name = rt.namespace, rt.name
		}
	}
	return src
}
