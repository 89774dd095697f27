package gateway

import (
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// answeredBy is the object that an answer comes from, the first where there are several.
type answeredBy struct{ kind, namespace, name, cluster string }

func (s answeredBy) object() string {
	if s.namespace == "" {
		return s.kind + " " + s.name
	}
	return s.kind + " " + s.namespace + "/" + s.name
}

// origin returns the object of an answer that a kind gives.
func (g *explainer) origin(z *zone.Zone, name string, qtype uint16) answeredBy {
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
