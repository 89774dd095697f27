package gatewayapi

import (
	"reflect"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// putRecord replaces the record of a Gateway that is served as a kind of its own (K2).
func (j *Join) putRecord(old, new *record.Record) {
	if !reflect.DeepEqual(old, new) {
		j.Put(zone.Replacement{Index: j.GatewayIndex, Old: old, New: new})
	}
}

// record files the targets of a Gateway under the names of its hostname annotation (K2).
func (j *Join) record(gw *ParentGateway) *record.Record {
	if gw == nil || !gw.selected || len(gw.names) == 0 {
		return nil
	}
	b := object.NewBuilder(j.Settings, j.GatewayIndex.Wildcards, record.Meta{Namespace: gw.Namespace, Name: gw.Name})
	d := &record.Data{TTL: gw.ttl, Targets: gw.Targets, Extra: record.NoExtra, Steering: record.NewSteering(gw.stated)}
	for _, name := range gw.names {
		b.File(name, d)
	}
	return b.Record()
}
