package main

import (
	"fmt"
	"strings"
)

// attack is what a tenant applies, changes and deletes again.
type attack struct {
	name    string
	control bool   // an ordinary object, to compare with
	items   []item // that are applied and deleted together
	own     string // a name that they have; empty for none
	other   string // kind of the object of another tenant that is changed meanwhile, besides a route
	more    string // a change that adds a little
	single  bool   // the items are written one at a time: what one object costs is measured, and not what all do at once
	changes []string
}

// ordinary is what the other tenants have: what is asked for and changed meanwhile, and a Gateway for everybody.
const ordinary = `
apiVersion: v1
kind: Namespace
metadata: {name: victim}
---
apiVersion: v1
kind: Namespace
metadata: {name: tenant}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: victim}
spec: {gatewayClassName: any, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}
status: {addresses: [{value: 192.0.2.1}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: steady, namespace: victim}
spec: {rules: [{host: steady.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.2}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: moving, namespace: victim, annotations: {coredns.io/target: 192.0.2.3}}
spec: {rules: [{host: m0.example.com}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: moving, namespace: victim}
spec: {parentRefs: [{name: edge}], hostnames: [m0.example.com]}
---
apiVersion: v1
kind: Service
metadata: {name: moving, namespace: victim, annotations: {coredns.io/target: 192.0.2.3}}
spec: {type: LoadBalancer, ports: [{port: 80}]}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: moving, namespace: victim}
spec: {endpoints: [{dnsName: m0.example.com, recordType: A, targets: [192.0.2.3]}]}
`

const tenant = "tenant"

// list joins n texts, each made of its number.
func list(n int, format string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
	}
	return strings.Join(all, ",")
}

// addresses are n addresses, separated by commas.
func addresses(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
	}
	return strings.Join(all, ",")
}

// annotations are those of the metadata of an object.
func annotations(pairs ...string) string {
	var all []string
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, quoted(pairs[i])+": "+quoted(pairs[i+1]))
	}
	return `"annotations": {` + strings.Join(all, ", ") + "}"
}

// anew changes the TTL, and with it all that an object says.
var anew = []string{`{"metadata": {"annotations": {"coredns.io/ttl": "61"}}}`, `{"metadata": {"annotations": {"coredns.io/ttl": "62"}}}`}

// oneHost adds a host to an Ingress.
const oneHost = `[{"op": "add", "path": "/spec/rules/-", "value": {"host": "more.example.com"}}]`

const (
	hostnames = "coredns.io/hostname"
	targets   = "coredns.io/target"
	toEdge    = `{"name": "edge", "namespace": "victim"}`
)

// deep is a name of as many labels as there can be, of which the first is "a#".
var deep = "a#." + strings.Repeat("a.", 112) + "example.com"

// attacks are all there are, between ordinary objects of about the same size.
func (b *bench) attacks() []attack {
	ballast := annotations("ballast", strings.Repeat("x", 200_000), targets, "192.0.2.9")
	ingress := func(metadata, rules string, fields ...string) []item {
		return []item{object("Ingress", tenant, "hostile", metadata, append(fields, `"spec": {"rules": [`+rules+`]}`)...)}
	}
	route := func(metadata, spec string) item {
		return object("HTTPRoute", tenant, "hostile", metadata, `"spec": {`+spec+`}`)
	}
	endpoints := func(endpoints string) []item {
		return []item{object("DNSEndpoint", tenant, "hostile", "", `"spec": {"endpoints": [`+endpoints+`]}`)}
	}
	service := func(metadata, spec string) item {
		return object("Service", tenant, "hostile", metadata, `"spec": {`+spec+`}`)
	}
	gateway := func(name, metadata, listeners string, more string) item {
		return object("Gateway", tenant, name, metadata, `"spec": {"gatewayClassName": "any", "listeners": [`+listeners+`]`+more+`}`, `"status": {"addresses": [{"value": "192.0.2.7"}]}`)
	}
	var gateways, parents, routes, shared, many, four []item
	for i := range 32 {
		gateways = append(gateways, gateway(fmt.Sprint("gw", i), "", list(64, `{"name": "l#", "port": 80, "protocol": "HTTP", "hostname": "*.l#.example.com"}`), ""))
	}
	parents = append(gateways[:32:32], route(annotations(hostnames, list(1000, "n#.l#.example.com")), `"parentRefs": [`+list(32, `{"name": "gw#"}`)+`]`))
	for i := range b.many {
		routes = append(routes, object("HTTPRoute", tenant, fmt.Sprint("r", i), "", fmt.Sprintf(`"spec": {"parentRefs": [{"name": "wide"}], "hostnames": ["r%d.example.com"]}`, i)))
		many = append(many, object("Ingress", tenant, fmt.Sprint("s", i), annotations(targets, "192.0.2.8"), fmt.Sprintf(`"spec": {"rules": [{"host": "s%d.example.com"}]}`, i)))
		shared = append(shared, object("Ingress", tenant, fmt.Sprint("s", i), annotations(targets, "192.0.2.8"), `"spec": {"rules": [{"host": "shared.example.com"}]}`))
	}
	for i := range 4 {
		four = append(four, object("Ingress", tenant, fmt.Sprint("four", i), annotations(targets, addresses(4000)), `"spec": {"rules": [`+list(300, `{"host": "u#.example.com"}`)+`]}`))
	}
	wide := gateway("wide", annotations(targets, addresses(4096)), `{"name": "l", "port": 80, "protocol": "HTTP"}`, "")
	var sets []item
	setGateway := gateway("sets", "", `{"name": "l", "port": 80, "protocol": "HTTP", "hostname": "l.example.com"}`, `, "allowedListeners": {"namespaces": {"from": "All"}}`)
	for i := range 32 {
		sets = append(sets, object("ListenerSet", tenant, fmt.Sprint("set", i), "",
			fmt.Sprintf(`"spec": {"parentRef": {"name": "sets"}, "listeners": [%s]}`, list(64, fmt.Sprintf(`{"name": "l#", "port": 80, "protocol": "HTTP", "hostname": "l#.s%d.example.com"}`, i)))))
	}
	sets = append(append([]item{setGateway}, sets...), route("", `"parentRefs": [`+list(32, `{"kind": "ListenerSet", "group": "gateway.networking.k8s.io", "name": "set#"}`)+`]`))
	var slices []item
	slices = append(slices, service(annotations(hostnames, list(1000, "e#.example.com"))+`, "labels": {"k8s-gateway.dns/resolve-endpoints": "true"}`, `"clusterIP": "None", "ports": [{"name": "http", "port": 80}]`))
	for i := range 4 {
		slices = append(slices, object("EndpointSlice", tenant, fmt.Sprint("hostile", i), `"labels": {"kubernetes.io/service-name": "hostile"}`, `"addressType": "IPv4"`, `"ports": [{"name": "http", "port": 80}]`,
			fmt.Sprintf(`"endpoints": [%s]`, list(1000, fmt.Sprintf(`{"addresses": ["10.9.%d.7"], "hostname": "p#"}`, i)))))
	}
	return []attack{
		{name: "ordinary Ingress", control: true, items: ingress(ballast, `{"host": "own.example.com"}`), own: "own.example.com", other: "Ingress", changes: anew},
		{name: "ordinary DNSEndpoint", control: true, items: []item{object("DNSEndpoint", tenant, "hostile", ballast, `"spec": {"endpoints": [{"dnsName": "own.example.com", "recordType": "A", "targets": ["192.0.2.9"]}]}`)},
			own: "own.example.com", other: "DNSEndpoint", changes: anew},
		{name: "32 Gateways of 64 listeners, no route", control: true, items: gateways, own: "", other: "HTTPRoute", single: true},
		{name: fmt.Sprintf("%d ordinary Ingresses", b.many), control: true, items: many, own: "s7.example.com", other: "Ingress", changes: anew},

		{name: "Ingress: 15,000 hosts, 4,096 targets", items: ingress(annotations(targets, addresses(4096)), list(15_000, `{"host": "h#.example.com"}`)), own: "h7.example.com", other: "Ingress", more: oneHost, changes: anew},
		{name: "Ingress: 3,800 hosts of 116 labels", items: ingress(annotations(targets, "192.0.2.9"), list(3800, `{"host": "`+deep+`"}`)), own: strings.ReplaceAll(deep, "#", "7"), other: "Ingress", more: oneHost, changes: anew},
		{name: "Ingress: status of 15,000 addresses", items: ingress("", `{"host": "own.example.com"}`, `"status": {"loadBalancer": {"ingress": [`+ips(15_000)+`]}}`), own: "own.example.com", other: "Ingress", changes: anew},
		{name: "Ingress: 50,000 bad targets", items: ingress(annotations(targets, list(50_000, "!!")+",192.0.2.9"), `{"host": "own.example.com"}`), own: "own.example.com", other: "Ingress", changes: anew},
		{name: "Ingress: 4 share 300 hosts and 4,000 targets", items: four, own: "u7.example.com", other: "Ingress", changes: anew},
		{name: fmt.Sprintf("Ingress: %d share one name", b.many), items: shared, own: "shared.example.com", other: "Ingress", changes: anew},

		{name: "HTTPRoute: 1,000 names, 4,096 targets", items: []item{route(annotations(hostnames, list(1000, "n#.example.com"), targets, addresses(4096)), `"parentRefs": [`+toEdge+`]`)}, own: "n7.example.com", other: "HTTPRoute", changes: anew},
		{name: "HTTPRoute: 1,000 names, 32 Gateways of 64 listeners", items: parents, own: "n7.l7.example.com", other: "HTTPRoute", single: true,
			changes: []string{`{"spec": {"gatewayClassName": "b"}}`, `{"spec": {"gatewayClassName": "c"}}`}},
		{name: "HTTPRoute: 1,000 deep wildcards", items: []item{route(annotations(hostnames, list(900, "*."+deep), targets, "192.0.2.9"), `"parentRefs": [`+toEdge+`]`)}, own: "x." + strings.ReplaceAll(deep, "#", "7"), other: "HTTPRoute", changes: anew},
		{name: "HTTPRoute: cannot be decoded", items: []item{route("", `"hostnames": ["own.example.com"], "parentRefs": [`+toEdge+`], "rules": [{"filters": [{"type": "ExternalAuth", "externalAuth": {"protocol": "HTTP", "http": {}, "backendRef": {"name": "a", "port": 80}, "forwardBody": {"maxSize": 70000}}}]}]`)}, other: "HTTPRoute", changes: anew},
		{name: fmt.Sprintf("Gateway: 4,096 targets for %d routes", b.many), items: append([]item{wide}, routes...), own: "r7.example.com", other: "HTTPRoute", changes: anew},
		{name: "ListenerSet: 32 of 64 listeners, one route", items: sets, own: "l7.s7.example.com", other: "HTTPRoute", single: true, changes: []string{`{"spec": {"gatewayClassName": "b"}}`, `{"spec": {"gatewayClassName": "c"}}`}},

		{name: "Service: 4,000 names, 4,096 targets", items: []item{service(annotations(hostnames, list(4000, "s#.example.com"), targets, addresses(4096)), `"type": "LoadBalancer", "ports": [`+list(30, `{"name": "p#", "port": 80#}`)+`]`)}, own: "s7.example.com", other: "Service", changes: anew},
		{name: "Service: 1,000 names, 4,000 endpoints", items: slices, own: "e7.example.com", other: "Service", changes: anew},

		{name: "DNSEndpoint: 9,000 names", items: endpoints(list(9000, `{"dnsName": "d#.example.com", "recordType": "A", "targets": ["192.0.2.9"]}`)), own: "d7.example.com", other: "DNSEndpoint", changes: anew},
		{name: "DNSEndpoint: one name 9,000 times", items: endpoints(list(9000, `{"dnsName": "own.example.com", "recordType": "A", "targets": ["10.9.0.1", "10.9.0.2"]}`)), own: "own.example.com", other: "DNSEndpoint", changes: anew},
		{name: "DNSEndpoint: 60,000 targets of a name", items: endpoints(`{"dnsName": "own.example.com", "recordType": "A", "targets": ["` + strings.ReplaceAll(addresses(60_000), ",", `","`) + `"]}`), own: "own.example.com", other: "DNSEndpoint", changes: anew},
		{name: "DNSEndpoint: TXT of 900 kB", items: endpoints(`{"dnsName": "own.example.com", "recordType": "A", "targets": ["192.0.2.9"]}, {"dnsName": "text.example.com", "recordType": "TXT", "targets": ["` + strings.Repeat("x", 900_000) + `"]}`), own: "own.example.com", other: "DNSEndpoint", changes: anew},
		{name: "DNSEndpoint: 20,000 TXT of a name", items: endpoints(`{"dnsName": "own.example.com", "recordType": "A", "targets": ["192.0.2.9"]}, {"dnsName": "text.example.com", "recordType": "TXT", "targets": [` + list(20_000, `"text number #"`) + `]}`), own: "own.example.com", other: "DNSEndpoint", changes: anew},
		{name: "DNSEndpoint: 4,000 deep names", items: endpoints(list(3400, `{"dnsName": "`+deep+`", "recordType": "A", "targets": ["192.0.2.9"]}`)), own: strings.ReplaceAll(deep, "#", "7"), other: "DNSEndpoint", changes: anew},
		{name: "DNSEndpoint: delegation to 10,000 nameservers", items: endpoints(`{"dnsName": "own.example.com", "recordType": "A", "targets": ["192.0.2.9"]}, {"dnsName": "sub.example.com", "recordType": "NS", "targets": [` + list(10_000, `"n#.sub.example.com"`) + `]}`), own: "own.example.com", other: "DNSEndpoint", changes: anew},

		{name: "ordinary Ingress again", control: true, items: ingress(ballast, `{"host": "own.example.com"}`), own: "own.example.com", other: "Ingress", changes: anew},
	}
}

func ips(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`{"ip": "10.%d.%d.%d"}`, i>>16, i>>8&255, i&255)
	}
	return strings.Join(all, ",")
}
