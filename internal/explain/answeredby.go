package explain

import (
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// AnsweredBy is the object that an answer comes from, or the first of several.
type AnsweredBy struct{ Kind, Namespace, Name, Cluster string }

func (a AnsweredBy) object() string {
	if a.Namespace == "" {
		return a.Kind + " " + a.Name
	}
	return a.Kind + " " + a.Namespace + "/" + a.Name
}

// Origin returns the object that the answer to a question comes from.
func (e *Explainer) Origin(z *zone.Zone, name string, qtype uint16) AnsweredBy {
	return e.OriginFor(nil, z, name, qtype)
}

// OriginFor is Origin with the chooser of a client, which may be nil.
func (e *Explainer) OriginFor(c zone.Chooser, z *zone.Zone, name string, qtype uint16) AnsweredBy {
	kind, part, rec := e.Database.Origin(c, z, name, qtype)
	if rec == nil {
		return AnsweredBy{}
	}
	return sourceOf(e.Kinds[kind.Number].Parts[part], rec)
}

// sourceOf returns the object that a record was made from. For a binding, it is one of the routes.
func sourceOf(p *source.Part, rec *record.Record) AnsweredBy {
	object := &rec.Meta
	if routes := rec.Routes(); routes != nil {
		if m := routes.Any(); m != nil {
			object = m
		}
	}
	key := object.CurrentKey()
	return AnsweredBy{p.Name, key.Namespace, key.Name, p.Cluster.Name()}
}
