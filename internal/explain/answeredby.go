package explain

import (
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// AnsweredBy is the object that an answer comes from, or the first of several.
type AnsweredBy struct{ Kind, Namespace, Name, Cluster string }

func (s AnsweredBy) object() string {
	if s.Namespace == "" {
		return s.Kind + " " + s.Name
	}
	return s.Kind + " " + s.Namespace + "/" + s.Name
}

// Origin returns the object of an answer that a kind gives.
func (g *Explainer) Origin(z *zone.Zone, name string, qtype uint16) AnsweredBy {
	return g.OriginFor(nil, z, name, qtype)
}

// OriginFor is Origin for a client with a chooser; nil is none.
func (g *Explainer) OriginFor(c zone.Chooser, z *zone.Zone, name string, qtype uint16) AnsweredBy {
	kind, part, rec := g.Database.Origin(c, z, name, qtype)
	if rec == nil {
		return AnsweredBy{}
	}
	return sourceOf(g.Kinds[kind.Number].Parts[part], rec)
}

// sourceOf returns the object that a record was made of. For a binding, it is one of the routes.
func sourceOf(s *source.Part, rec *record.Record) AnsweredBy {
	object := &rec.Meta
	if routes := rec.Routes(); routes != nil {
		if m := routes.Any(); m != nil {
			object = m
		}
	}
	key := object.CurrentKey()
	return AnsweredBy{s.Name, key.Namespace, key.Name, s.Cluster.Name()}
}
