package soak

import (
	"fmt"
	"slices"
	"strings"
)

// The Gateways and ListenerSets that routes refer to: gw-0 and gw-1, set-0 and set-1, in every namespace.
const (
	gateways = 2
	sets     = 2
)

func (c chance) gatewayName() string { return fmt.Sprintf("gw-%d", c.IntN(gateways)) }

// condition returns a condition as controllers write it.
func condition(name string, status bool) object {
	word := "False"
	if status {
		word = "True"
	}
	return object{"type": name, "status": word, "reason": "Soak", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}
}

func (c chance) gateway(o object, s slot) {
	listeners := c.listeners()
	o["spec"] = object{
		"gatewayClassName": pick(c, []string{"public", "public", "public", "internal"}),
		"listeners":        listeners,
		"allowedListeners": object{"namespaces": c.from("None", "Same", "All", "Selector")},
	}
	ips, hosts := c.targets()
	addresses := []any{}
	for _, ip := range ips {
		a := object{"value": ip}
		if c.in(2) {
			a["type"] = "IPAddress"
		}
		addresses = append(addresses, a)
	}
	for _, host := range hosts {
		addresses = append(addresses, object{"type": "Hostname", "value": host})
	}
	if c.in(10) {
		addresses = append(addresses, object{"type": "example.net/own", "value": "anything"})
	}
	o["status"] = object{"addresses": addresses, "conditions": []any{condition("Accepted", !c.in(10)), condition("Programmed", c.in(2))}, "listeners": c.listenerStatus(listeners)}
}

func (c chance) listenerSet(o object, s slot) {
	listeners := c.listeners()
	parent := object{"name": c.gatewayName()}
	if c.in(2) {
		parent["namespace"] = pick(c, namespaces)
	}
	o["spec"] = object{"parentRef": parent, "listeners": listeners}
	o["status"] = object{"conditions": []any{condition("Accepted", !c.in(10))}, "listeners": c.listenerStatus(listeners)}
}

// protocols are listeners, all but for what they let in.
var protocols = []object{
	{"name": "http", "protocol": "HTTP", "port": 80},
	{"name": "http", "protocol": "HTTP", "port": 8080},
	{"name": "https", "protocol": "HTTPS", "port": 443, "tls": object{"certificateRefs": []any{object{"name": "cert"}}}},
	{"name": "tls", "protocol": "TLS", "port": 8443, "tls": object{"mode": "Passthrough"}},
	{"name": "tcp", "protocol": "TCP", "port": 5432},
	{"name": "udp", "protocol": "UDP", "port": 53},
	{"name": "own", "protocol": "example.net/own", "port": 9000},
}

func (c chance) listeners() []any {
	var list []any
	seen := map[any]bool{}
	for _, protocol := range some(c, protocols, 2, 5) {
		if seen[protocol["name"]] {
			continue
		}
		seen[protocol["name"]] = true
		l := object{}
		for key, value := range protocol {
			l[key] = value
		}
		if !c.in(4) && l["protocol"] != "TCP" && l["protocol"] != "UDP" {
			l["hostname"] = pick(c, slices.Concat(wildcards, core[2:], []string{wide, "*." + zone, "*.tail." + zone}))
		}
		if !c.in(4) {
			l["allowedRoutes"] = object{"namespaces": c.from("Same", "All", "All", "Selector")}
			if c.in(5) || l["name"] == "own" {
				l["allowedRoutes"].(object)["kinds"] = c.kinds()
			}
		}
		list = append(list, l)
	}
	return list
}

func (c chance) kinds() []any {
	var list []any
	for _, kind := range some(c, []string{"HTTPRoute", "TLSRoute", "GRPCRoute", "TCPRoute", "UDPRoute", "OwnRoute"}, 1, 4) {
		k := object{"kind": kind}
		if kind == "OwnRoute" {
			k["group"] = "example.net"
		}
		list = append(list, k)
	}
	return list
}

// from returns one of some ways to say where something may come from.
func (c chance) from(ways ...string) object {
	way := pick(c, ways)
	n := object{"from": way}
	if way == "Selector" {
		n["selector"] = object{"matchLabels": object{"group": pick(c, []string{"red", "blue"})}}
		if c.in(3) {
			n["selector"] = object{"matchExpressions": []any{object{"key": "group", "operator": "NotIn", "values": []any{"red"}}}}
		}
	}
	return n
}

func (c chance) listenerStatus(listeners []any) []any {
	list := []any{}
	for _, l := range listeners {
		if c.in(3) {
			continue
		}
		conditions := []any{condition("Accepted", !c.in(12)), condition("Programmed", c.in(2))}
		if c.in(3) {
			conditions = append(conditions, condition("Conflicted", c.in(4)))
		}
		list = append(list, object{"name": l.(object)["name"], "attachedRoutes": 0, "supportedKinds": []any{}, "conditions": conditions})
	}
	return list
}

func (c chance) route(o object, s slot) {
	refs := c.parentRefs(s)
	spec := object{"parentRefs": refs}
	o["spec"] = spec
	backends := []any{object{"backendRefs": c.backendRefs(s)}}
	hosts := []string{} // not null
	for _, host := range c.hosts(s.number, 0, 2) {
		if c.in(10) {
			host = wide
		}
		hosts = append(hosts, host)
	}
	switch s.kind {
	case "TCPRoute", "UDPRoute":
		spec["rules"] = backends
	case "TLSRoute":
		spec["rules"] = backends
		if len(hosts) == 0 {
			hosts = []string{c.host(s.number)}
		}
		spec["hostnames"] = hosts
	default:
		if c.in(30) {
			hosts = append(hosts, "192.0.2.1")
		}
		if len(hosts) > 0 || c.in(2) {
			spec["hostnames"] = hosts
		}
		if !c.in(3) {
			spec["rules"] = backends
		}
	}
	parents := []any{}
	for _, ref := range refs {
		switch ref := ref.(object); {
		case c.in(3):
		case c.in(8): // an entry for something else
			parents = append(parents, c.routeStatus(object{"name": ref["name"], "sectionName": "other"}, false))
		default:
			parents = append(parents, c.routeStatus(ref, !c.in(8)))
		}
	}
	o["status"] = object{"parents": parents}
}

// backendRefs returns references to Services, and now and then to something else.
func (c chance) backendRefs(s slot) []any {
	var list []any
	for range 1 + c.IntN(2) {
		ref := object{"name": c.backend(), "port": 443}
		switch c.IntN(12) {
		case 0:
			ref["group"], ref["kind"] = "example.net", "Bucket"
			delete(ref, "port")
		case 1:
			ref["namespace"] = pick(c, namespaces)
		case 2:
			ref["weight"] = c.IntN(2)
		}
		list = append(list, ref)
	}
	return list
}

func (c chance) routeStatus(ref object, accepted bool) object {
	filled := object{"group": "gateway.networking.k8s.io", "kind": "Gateway"}
	for key, value := range ref {
		filled[key] = value
	}
	return object{"parentRef": filled, "controllerName": "example.net/soak", "conditions": []any{condition("Accepted", accepted), condition("ResolvedRefs", c.in(2))}}
}

// parentRefs returns references to different things, good and bad.
func (c chance) parentRefs(s slot) []any {
	refs := []any{}
	seen := map[string]bool{}
	for range 1 + c.IntN(3) {
		ref := object{"name": c.gatewayName()}
		switch c.IntN(8) {
		case 0, 1, 2:
			ref["kind"], ref["name"] = "ListenerSet", fmt.Sprintf("set-%d", c.IntN(sets))
		case 3:
			ref["kind"], ref["group"] = "Service", ""
		}
		if !c.in(3) {
			ref["namespace"] = pick(c, namespaces)
		}
		namespace := ref["namespace"]
		if namespace == nil {
			namespace = s.namespace
		}
		key := fmt.Sprint(ref["kind"], namespace, ref["name"])
		if seen[key] {
			continue
		}
		seen[key] = true
		if c.in(5) {
			ref["sectionName"] = pick(c, protocols)["name"]
		}
		if c.in(8) && !strings.HasPrefix(fmt.Sprint(ref["kind"]), "Service") {
			ref["port"] = pick(c, protocols)["port"]
		}
		refs = append(refs, ref)
	}
	return refs
}
