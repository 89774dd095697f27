package soak

import (
	"fmt"
	"slices"
	"strings"
)

type object = map[string]any

// slot is a place for an object: it comes and goes, and what it says changes, under the same name.
type slot struct {
	kind, namespace, name string
	number                int // of its name in the tail, -1 for those that share the names of the core
}

// apis are the kinds that there are objects of, and where in the API they are.
var apis = map[string]string{
	"Namespace": "v1", "Ingress": "networking.k8s.io/v1", "Service": "v1", "EndpointSlice": "discovery.k8s.io/v1", "Node": "v1",
	"DNSEndpoint": "externaldns.k8s.io/v1alpha1", "Gateway": "gateway.networking.k8s.io/v1", "ListenerSet": "gateway.networking.k8s.io/v1",
	"HTTPRoute": "gateway.networking.k8s.io/v1", "TLSRoute": "gateway.networking.k8s.io/v1", "GRPCRoute": "gateway.networking.k8s.io/v1",
	"TCPRoute": "gateway.networking.k8s.io/v1", "UDPRoute": "gateway.networking.k8s.io/v1",
}

// manifest returns what an object in a slot may be.
func (c chance) manifest(s slot) object {
	o := object{"apiVersion": apis[s.kind], "kind": s.kind, "metadata": c.metadata(s)}
	switch s.kind {
	case "Namespace":
	case "Ingress":
		c.ingress(o, s)
	case "Service":
		c.service(o, s)
	case "EndpointSlice":
		c.endpointSlice(o, s)
	case "Node":
		c.node(o, s)
	case "DNSEndpoint":
		c.dnsEndpoint(o, s)
	case "Gateway":
		c.gateway(o, s)
	case "ListenerSet":
		c.listenerSet(o, s)
	default:
		c.route(o, s)
	}
	return o
}

func (c chance) metadata(s slot) object {
	labels, annotations := object{"team": pick(c, []string{"core", "core", "web", "lab"})}, object{}
	m := object{"name": s.name, "labels": labels, "annotations": annotations}
	if s.namespace != "" {
		m["namespace"] = s.namespace
	}
	switch s.kind {
	case "Namespace":
		labels["group"] = pick(c, []string{"red", "blue"})
		return m
	case "Service":
		labels["tier"] = pick(c, []string{"front", "front", "back"})
		if strings.HasPrefix(s.name, "pods") {
			where := pick(c, []object{labels, annotations})
			where["k8s-gateway.dns/resolve-endpoints"] = pick(c, []string{"true", "true", "true", "false"})
		}
	case "EndpointSlice":
		labels["kubernetes.io/service-name"] = pick(c, []string{fmt.Sprintf("pods-%d", c.IntN(pods)), fmt.Sprintf("pods-%d", c.IntN(pods)), fmt.Sprintf("lb-%d", c.IntN(6))})
		if s.number >= 0 {
			labels["kubernetes.io/service-name"] = strings.TrimSuffix(s.name, "-x")
		}
	}
	if c.in(15) && s.namespace != infra {
		labels["k8s-gateway.dns/ignore"] = pick(c, []string{"true", "true", "false"})
	}
	c.annotate(annotations, s)
	return m
}

// prefixes are where annotations are found: our own, and external-dns's.
var prefixes = []string{"coredns.io/", "coredns.io/", "coredns.io/", "external-dns.kubernetes.io/", "external-dns.alpha.kubernetes.io/"}

func (c chance) annotate(annotations object, s slot) {
	if c.in(6) || s.kind == "TCPRoute" || s.kind == "UDPRoute" || s.kind == "Service" && s.number < 0 && c.in(2) {
		annotations[pick(c, prefixes)+"hostname"] = c.hostnames(s)
	}
	if c.in(12) && s.namespace != infra {
		annotations[pick(c, prefixes)+"target"] = c.targetList()
	}
	if c.in(8) {
		annotations[pick(c, prefixes)+"ttl"] = pick(c, []string{"30", "7", "5m", "1h", "1.5s", "0", "soon", "-1", "3000000000"})
	}
	if c.in(6) {
		annotations["coredns.io/priority"] = pick(c, []string{"-1", "0", "1", "1", "5", "high"})
	}
	if c.in(6) {
		annotations["coredns.io/clients"] = pick(c, []string{"low", "wide, six", "home", "192.0.2.0/25", "203.0.113.0/24,low", "2001:db8::/64", "nowhere", "192.0.2.3/24", ""})
	}
	if c.in(20) {
		annotations[pick(c, prefixes)+"controller"] = pick(c, []string{"dns-controller", "other"})
	}
}

// hostnames returns a hostname annotation.
func (c chance) hostnames(s slot) string {
	var list []string
	for _, host := range c.hosts(s.number, 1, 2) {
		list = append(list, c.written(host))
	}
	if s.kind == "Service" && c.in(3) {
		list = append(list, pick(c, []string{"rel", "*.rel", "a.rel", "A.B"}))
	}
	if c.in(8) {
		list = append(list, pick(c, badNames))
	}
	if c.in(20) {
		list = list[1:]
	}
	return strings.Join(list, pick(c, []string{",", ", ", " ,, "}))
}

// targetList returns a target annotation.
func (c chance) targetList() string {
	ips, hosts := c.targets()
	list := append(ips, hosts...)
	if c.in(4) {
		list = append(list, pick(c, slices.Concat(badAddresses, badNames[:1], wildcards)))
	}
	c.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return strings.Join(list, pick(c, []string{",", ", ", " ,, "}))
}

func (c chance) ingress(o object, s slot) {
	var rules []any
	for _, host := range c.hosts(s.number, 1, 3) {
		rules = append(rules, c.paths(object{"host": host}))
	}
	if c.in(10) {
		rules = append(rules, c.paths(object{}))
	}
	spec := object{"rules": rules}
	if c.in(3) {
		spec["defaultBackend"] = c.ingressBackend()
	}
	switch c.IntN(6) {
	case 0:
		spec["ingressClassName"] = "internal"
	case 1:
		o["metadata"].(object)["annotations"].(object)["kubernetes.io/ingress.class"] = pick(c, []string{"public", "internal"})
	case 2:
	default:
		spec["ingressClassName"] = "public"
	}
	o["spec"], o["status"] = spec, c.loadBalancer()
}

// paths gives a rule of an Ingress paths, or none.
func (c chance) paths(rule object) object {
	var paths []any
	for range c.IntN(3) {
		paths = append(paths, object{"path": "/", "pathType": "Prefix", "backend": c.ingressBackend()})
	}
	if len(paths) > 0 {
		rule["http"] = object{"paths": paths}
	}
	return rule
}

func (c chance) ingressBackend() object {
	return object{"service": object{"name": c.backend(), "port": object{"number": 80}}}
}

// backend returns the name of a Service, which may be there.
func (c chance) backend() string {
	return pick(c, []string{fmt.Sprintf("pods-%d", c.IntN(pods)), fmt.Sprintf("lb-%d", c.IntN(6)), "nothing"})
}

func (c chance) loadBalancer() object {
	ips, hosts := c.targets()
	list := []any{}
	for _, ip := range ips {
		list = append(list, object{"ip": ip})
	}
	for _, host := range hosts {
		list = append(list, object{"hostname": host})
	}
	return object{"loadBalancer": object{"ingress": list}}
}

// pods is how many Services of the core, in each namespace, may answer with their endpoints.
const pods = 4

func (c chance) service(o object, s slot) {
	var ports []any
	for i, name := range some(c, []string{"http", "dns", "metrics"}, 1, 3) {
		ports = append(ports, object{"name": name, "port": 1000 + i, "protocol": pick(c, []string{"TCP", "UDP"})})
	}
	if len(ports) == 1 && c.in(2) {
		delete(ports[0].(object), "name")
	}
	spec := object{"ports": ports}
	o["spec"] = spec
	if strings.HasPrefix(s.name, "pods") {
		spec["clusterIP"], spec["publishNotReadyAddresses"] = "None", c.in(5)
		return
	}
	spec["type"], spec["allocateLoadBalancerNodePorts"] = "LoadBalancer", false
	if c.in(2) {
		spec["selector"] = object{"app": s.name}
	}
	if c.in(4) {
		spec["externalIPs"] = c.ips(1, 2)
	}
	o["status"] = c.loadBalancer()
}

func (c chance) endpointSlice(o object, s slot) {
	six := len(s.name)%2 == 0
	o["addressType"] = "IPv4"
	if six {
		o["addressType"] = "IPv6"
	}
	endpoints := []any{}
	for i := range c.IntN(4) {
		var addresses []any
		for range 1 + c.IntN(2) {
			if six {
				addresses = append(addresses, fmt.Sprintf("2001:db8::%x", 1+c.IntN(16)))
			} else {
				addresses = append(addresses, fmt.Sprintf("192.0.2.%d", 1+c.IntN(30)))
			}
		}
		ep := object{"addresses": addresses[:1+c.IntN(len(addresses))]}
		if len(addresses) == 2 && addresses[0] == addresses[1] {
			ep["addresses"] = addresses[:1]
		}
		if !c.in(3) {
			ep["hostname"] = fmt.Sprintf("pod-%d", i)
		}
		if c.in(2) {
			ep["conditions"] = object{"ready": c.in(2)}
		}
		endpoints = append(endpoints, ep)
	}
	o["endpoints"] = endpoints
	ports := []any{}
	for i, name := range some(c, []string{"http", "dns", "metrics", ""}, 0, 4) {
		ports = append(ports, object{"name": name, "port": 2000 + i + 10*c.IntN(2), "protocol": pick(c, []string{"TCP", "UDP"})})
	}
	o["ports"] = ports
}

func (c chance) node(o object, s slot) {
	var addresses []any
	for _, host := range some(c, []string{s.name, "node." + zone, s.name + "." + deepZone, "a.b." + zone}, 1, 2) {
		addresses = append(addresses, object{"type": "Hostname", "address": host})
	}
	for _, ip := range c.ips(0, 2) {
		addresses = append(addresses, object{"type": pick(c, []string{"InternalIP", "InternalIP", "ExternalIP"}), "address": ip})
	}
	o["status"] = object{"addresses": addresses}
}

func (c chance) dnsEndpoint(o object, s slot) {
	var endpoints []any
	for range 1 + c.IntN(3) {
		endpoints = append(endpoints, c.endpoint(s))
	}
	o["spec"] = object{"endpoints": endpoints}
}

func (c chance) endpoint(s slot) object {
	host := c.host(s.number)
	rrtype := pick(c, []string{"A", "A", "A", "AAAA", "CNAME", "CNAME", "TXT", "TXT", "MX", "SRV", "PTR", "CAA", "NAPTR", "NS", "LOC"})
	if c.in(12) {
		host = pick(c, []string{"_sip._udp.a." + zone, "_dmarc." + zone, "1." + reverseZone, "77." + reverseZone})
	}
	if rrtype == "NS" {
		host = pick(c, append(cuts, zone, "*."+zone))
	}
	ep := object{"dnsName": c.written(host), "recordType": rrtype}
	var targets []any
	for range 1 + c.IntN(2) {
		targets = append(targets, c.rdata(rrtype))
	}
	if c.in(8) {
		targets = append(targets, pick(c, []string{"", "junk here", "999999 a.soak.test", "*.soak.test", "@"}))
	}
	if rrtype == "TXT" {
		targets = targets[:1+c.IntN(len(targets))]
		if targets[len(targets)-1] == "" {
			targets[len(targets)-1] = "plain"
		}
	}
	ep["targets"] = targets
	if c.in(3) {
		ep["recordTTL"] = pick(c, []int64{-1, 0, 1, 30, 300, 1 << 31, 1 << 40})
	}
	if c.in(10) {
		ep["recordType"] = strings.ToLower(rrtype)
	}
	if c.in(10) {
		ep["setIdentifier"] = "one"
	}
	return ep
}

// rdata returns the data of a record, good or not.
func (c chance) rdata(rrtype string) string {
	target := c.target()
	if c.in(5) {
		target += "."
	}
	switch rrtype {
	case "A", "AAAA":
		if c.in(10) {
			return pick(c, badAddresses)
		}
		for {
			if ip := c.ip(); c.in(15) || strings.Contains(ip, ":") == (rrtype == "AAAA") {
				return ip
			}
		}
	case "MX":
		return fmt.Sprintf("%d %s", c.IntN(3)*10, pick(c, []string{target, target, "Mail." + zone, "."}))
	case "SRV":
		return fmt.Sprintf("0 %d 5060 %s", c.IntN(3), target)
	case "CAA":
		return fmt.Sprintf(`%d issue "ca%d.example"`, c.IntN(2)*128, c.IntN(3))
	case "NAPTR":
		return fmt.Sprintf(`10 %d "s" "SIP+D2U" "" %s`, c.IntN(3), pick(c, []string{target, "."}))
	case "TXT":
		return pick(c, []string{
			"v=spf1 -all", `"quoted; and; more"`, `back\slash and "quotes" inside`, strings.Repeat("x", 255), strings.Repeat("y", 256), strings.Repeat("z", 510), "ünïcode", " spaces ", `"`,
			`"v=DMARC1;" "p=reject;"`, `"say \"hello\"" "\\ \065\255"`, `"a" "" "` + strings.Repeat("z", 300) + `"`, `"open" "`, `"\256"`, `"a" b`,
		})
	}
	return target
}
