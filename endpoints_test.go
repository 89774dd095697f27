package gateway

import (
	"fmt"
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
)

// A3: the serial moves when an endpoint does, and not when a slice changes nothing.
func TestEndpointsSerial(t *testing.T) {
	l := newLive(t, "resources Service", resolvedService(), slice("shop/a", "db", "{addresses: [192.0.2.1]}"))
	if l.moves("example.com", func() { l.apply(slice("shop/a", "db", "{addresses: [192.0.2.1], conditions: {ready: true}}")) }) {
		t.Error("moved for nothing")
	}
	if l.moves("example.com", func() { l.apply(slice("shop/b", "other", "{addresses: [192.0.2.2]}")) }) {
		t.Error("moved for another Service")
	}
	if !l.moves("example.com", func() { l.apply(slice("shop/a", "db", "{addresses: [192.0.2.3]}")) }) {
		t.Error("did not move")
	}
}

// portsOf is a slice of Service shop/db with one endpoint. ports is YAML.
func portsOf(key, address, ports string, conditions ...string) string {
	return slice(key, "db", "{addresses: ["+address+"], "+strings.Join(conditions, "")+"}") + "ports: [" + ports + "]\n"
}

// N7: names, ports and slices multiply. What comes of them is bounded.
func TestEndpointsPortsAreBounded(t *testing.T) {
	var hosts, ports []string
	for i := range 400 {
		hosts = append(hosts, fmt.Sprintf("h%d.example.com", i))
		ports = append(ports, fmt.Sprintf("{name: p%d, port: %d}", i, i+1))
	}
	spec := "spec: {type: ClusterIP, ports: [" + strings.Join(ports, ", ") + "]}"
	l := newFresh(t, "resources Service", anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: \""+strings.Join(hosts, ",")+"\"}", spec))
	for i := range 3 {
		l.apply(portsOf(fmt.Sprintf("shop/s%d", i), "192.0.2.1", strings.ReplaceAll(strings.Join(ports, ", "), "port: ", fmt.Sprintf("port: %d", i+1))))
	}
	records := 0
	for _, k := range l.kinds {
		for _, s := range k.Parts {
			for _, rec := range s.Records.List() {
				for _, e := range rec.Entries {
					records += len(e.Data.Addrs) + len(e.Data.RRs)
				}
			}
		}
	}
	if records < object.MaxEntries-10 || records > object.MaxEntries+10 {
		t.Errorf("%d records, want about %d", records, object.MaxEntries)
	}
}
