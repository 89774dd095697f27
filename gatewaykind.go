package gateway

import (
	"reflect"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// watchGateways is the watch of Gateways as a kind of their own: they are the ones that routes are joined
// with.
func watchGateways(g *Gateway, s *served) []*kube.Informer {
	j := g.routeJoin(s.cluster)
	j.self, s.also = s, j.missing
	return nil
}

// putRecord replaces what a Gateway says as a kind of its own.
func (j *join) putRecord(old, new *record.Record) {
	if !reflect.DeepEqual(old, new) {
		j.gateway.Put(zone.Replacement{At: j.self.Index, Old: old, New: new})
	}
}

// record files the targets of a Gateway under the names of its hostname annotation (K2).
func (j *join) record(gw *parentGateway) *record.Record {
	if gw == nil || !gw.selected || len(gw.names) == 0 {
		return nil
	}
	b := &builder{Gateway: j.gateway, sort: j.self.sort, rec: &record.Record{Meta: record.Meta{Namespace: gw.Namespace, Name: gw.Name}}}
	d := &record.Data{TTL: gw.ttl, Targets: gw.Targets, Extra: record.NoExtra}
	for _, name := range gw.names {
		b.file(name, d)
	}
	return b.record()
}
