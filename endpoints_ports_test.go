package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// portsOf is a slice of Service shop/db with one endpoint. ports is YAML.
func portsOf(key, address, ports string, conditions ...string) string {
	return slice(key, "db", "{addresses: ["+address+"], "+strings.Join(conditions, "")+"}") + "ports: [" + ports + "]\n"
}

// srvs checks the ports of an SRV record set whose target is db.example.com.
func (l *live) srvs(owner string, want ...int) {
	l.t.Helper()
	var lines []string
	for _, port := range want {
		lines = append(lines, mustRR(fmt.Sprintf("%s 60 IN SRV 0 100 %d db.example.com.", owner, port)).String())
	}
	slices.Sort(lines)
	if got := l.answers(owner + " SRV"); !slices.Equal(got, lines) {
		l.t.Errorf("%s: got %v, want %v", owner, got, lines)
	}
}

const mongo, metrics = "_mongo._tcp.db.example.com.", "_metrics._tcp.db.example.com."

// S4: endpoints listen at the port of the EndpointSlice, whatever the type of the Service, and a client of their addresses connects to that.
func TestEndpointsPort(t *testing.T) {
	for _, spec := range []string{"type: ClusterIP, clusterIP: None", "type: LoadBalancer, externalIPs: [192.0.2.9]"} {
		l := newLive(t, "resources Service", anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: db.example.com}",
			"spec: {"+spec+", ports: [{name: mongo, port: 27017, targetPort: 37017, protocol: TCP}]}", "status: {loadBalancer: {ingress: [{ip: 192.0.2.8}]}}"),
			portsOf("shop/a", "192.0.2.1", "{name: mongo, port: 37017, protocol: TCP}"))
		l.check(expect("_mongo._tcp.db.example.com. SRV", "_mongo._tcp.db.example.com. 60 IN SRV 0 100 37017 db.example.com.", "add: db.example.com. 60 IN A 192.0.2.1"))
	}
}

// S4, L2: a target annotation takes the place of the endpoints, and the Service's port is the one at its addresses.
func TestEndpointsPortOfTarget(t *testing.T) {
	l := newLive(t, "resources Service", anObject("Service", "shop/db", byEndpoints, "annotations: {coredns.io/hostname: db.example.com, coredns.io/target: 192.0.2.7}",
		"spec: {type: ClusterIP, ports: [{name: mongo, port: 27017, targetPort: 37017}]}"),
		portsOf("shop/a", "192.0.2.1", "{name: mongo, port: 37017}"))
	l.srvs(mongo, 27017)
}

// S4: slices with different ports for a name give one SRV record each, as long as they have endpoints that are answered.
func TestEndpointsPortOfSeveralSlices(t *testing.T) {
	l := newLive(t, "resources Service", resolvedService("ports: [{name: mongo, port: 27017, protocol: TCP}, {name: metrics, port: 9090, protocol: TCP}, {port: 80}]"),
		portsOf("shop/a", "192.0.2.1", "{name: mongo, port: 37017, protocol: TCP}, {name: metrics, port: 9216, protocol: TCP}"),
		portsOf("shop/b", "192.0.2.2", "{name: mongo, port: 37018, protocol: TCP}, {name: metrics, port: 9216, protocol: TCP}"),
		portsOf("shop/c", "192.0.2.3", "{name: mongo, port: 37019, protocol: TCP}", "conditions: {ready: false}"))
	l.srvs(mongo, 37017, 37018)
	l.srvs(metrics, 9216)

	l.apply(portsOf("shop/a", "192.0.2.1", "{name: mongo, port: 37017, protocol: TCP}", "conditions: {ready: false}"))
	l.srvs(mongo, 37018)
	l.apply(portsOf("shop/b", "192.0.2.2", "{name: mongo, port: 40000, protocol: TCP}"))
	l.srvs(mongo, 40000)
	l.srvs(metrics)
	l.apply(resolvedService("ports: [{name: mongo, port: 27017, protocol: TCP}], publishNotReadyAddresses: true"))
	l.srvs(mongo, 37017, 37019, 40000)
	l.remove(portsOf("shop/b", "192.0.2.2", ""))
	l.srvs(mongo, 37017, 37019)
}

// S4: a port belongs to a port of the Service by its name and protocol. One without a number stands for every port.
func TestEndpointsPortNames(t *testing.T) {
	l := newLive(t, "resources Service", resolvedService(
		"ports: [{name: mongo, port: 27017}, {name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}, {name: any, port: 7, protocol: TCP}]"),
		portsOf("shop/a", "192.0.2.1", "{port: 37017}, {name: dns, port: 5353, protocol: UDP}, {name: dns-tcp, port: 5353, protocol: UDP}, {name: any}, {name: other, port: 1}"))
	l.srvs(mongo) // what its port is nobody says
	l.srvs("_dns._udp.db.example.com.", 5353)
	l.srvs("_dns-tcp._tcp.db.example.com.")
	l.srvs("_any._tcp.db.example.com.", 7)
	l.srvs("_other._tcp.db.example.com.")
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
		for _, s := range k.parts {
			for _, rec := range s.index.List() {
				for _, e := range rec.Entries {
					records += len(e.Data.Addrs) + len(e.Data.RRs)
				}
			}
		}
	}
	if records < maxEntries-10 || records > maxEntries+10 {
		t.Errorf("%d records, want about %d", records, maxEntries)
	}
}
