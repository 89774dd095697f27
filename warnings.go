package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/pkg/transport"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// A warning is about a Corefile that is valid but probably not what its author meant. Warnings are logged once, when CoreDNS starts.

func (s *stanza) warn(format string, args ...any) {
	s.warnings = append(s.warnings, s.position.String()+": "+fmt.Sprintf(format, args...))
}

// warnOfZones warns of zones outside the server block, whose questions never reach the stanza, and of the zone "." if only the server block
// names it. given are the zones that the stanza names, serverBlock the keys of the block.
func (s *stanza) warnOfZones(given, zones, serverBlock []string) {
	var block []string
	for _, origin := range plugin.OriginsFromArgsOrServerBlock(nil, serverBlock) {
		block = append(block, canonicalZone(origin))
	}
	if len(given) == 0 && slices.Contains(zones, "") && len(s.Fall.Zones) == 0 {
		s.warn("k8s_gateway names no zones in the server block for \".\", so it answers NXDOMAIN for every name that no object has: " +
			"write the zones after k8s_gateway, or 'fallthrough' inside the braces")
	}
	if len(block) == 0 {
		return
	}
	for _, zone := range zones {
		if slices.ContainsFunc(block, func(b string) bool { return dnsname.Within(zone, b) }) {
			continue
		}
		if slices.ContainsFunc(block, func(b string) bool { return dnsname.Within(b, zone) }) {
			s.warn("zone %q is larger than the server block for %s: CoreDNS asks only for the names in the block, and not for the SOA and NS of the zone", shown(zone), shown(block...))
		} else {
			s.warn("zone %q lies outside the server block for %s: CoreDNS never asks for it", shown(zone), shown(block...))
		}
	}
}

// warnOfNameservers warns of names that look like complete names but are relative, because the final dot is missing.
func (s *stanza) warnOfNameservers(zones []string) {
	for i, ns := range s.nameservers {
		property := "secondary"
		if i == 0 {
			property = "apex"
		}
		if ns.Absolute || zones[0] == "" || dnsname.Labels(ns.Name) < 3 {
			continue
		}
		s.warn("property %s: %q is relative to the zone, so the nameserver is %s.: write '%s %s.' if that is the whole name, or %q if not",
			property, ns.Name, ns.NameIn(zones[0]), property, ns.Name, ns.NameIn(zones[0]))
	}
}

// gatewayAPIKinds are the kinds that depend on Gateways.
var gatewayAPIKinds = []string{"HTTPRoute", "TLSRoute", "GRPCRoute", "TCPRoute", "UDPRoute", "Gateway"}

// filtered has the kinds that a property applies to, unless it applies to all.
var filtered = []struct {
	property string
	kinds    []string
}{
	{"ingressClasses", []string{"Ingress"}},
	{"gatewayClasses", gatewayAPIKinds},
	{"gateways", gatewayAPIKinds},
	{"serviceLabelSelectors", []string{"Service"}},
	{"nodeAddressType", []string{"Node"}},
	{"loadBalancerAddressPreference", []string{"Ingress", "Service"}},
}

// warnOfFilters warns of properties that apply only to kinds which the stanza does not serve.
func (s *stanza) warnOfFilters(seen map[string]bool) {
	for _, f := range filtered {
		if seen[f.property] && !slices.ContainsFunc(f.kinds, func(kind string) bool { return slices.Contains(s.resources, kind) }) {
			s.warn("property %s has no effect: add %s to 'resources %s'", f.property, strings.Join(f.kinds, " or "), strings.Join(s.resources, " "))
		}
	}
}

// warnOfFallthrough warns of zones of fallthrough that have no name in common with the zones of the stanza.
func (s *stanza) warnOfFallthrough(zones []string) {
	for _, fall := range s.Fall.Zones {
		if !slices.ContainsFunc(zones, func(zone string) bool { return overlap(canonicalZone(fall), zone) }) {
			s.warn("property fallthrough: zone %q has no name in common with the zones of the stanza (%s), so nothing falls through for it: "+
				"write a zone at, above or below one of them, or 'fallthrough' alone", shown(canonicalZone(fall)), shown(zones...))
		}
	}
}

// shown returns canonical zones as they are written in a Corefile.
func shown(zones ...string) string {
	list := slices.Clone(zones)
	for i, zone := range list {
		list[i] = cmp.Or(zone, ".")
	}
	return strings.Join(list, ", ")
}

func canonicalZone(origin string) string { return strings.TrimSuffix(strings.ToLower(origin), ".") }

// overlap reports whether two zones have names in common.
func overlap(a, b string) bool { return dnsname.Within(a, b) || dnsname.Within(b, a) }

// warnOfRepeatedZones warns of a zone in two stanzas of a server block if nothing falls through from the first to the second.
func warnOfRepeatedZones(gateways []*Gateway) {
	for i, g := range gateways {
		for _, z := range g.Zones.All {
			for _, earlier := range gateways[:i] {
				falls := slices.ContainsFunc(earlier.Fall.Zones, func(fall string) bool { return overlap(canonicalZone(fall), z.Name) })
				if earlier.Zones.ByName[z.Name] == nil || falls {
					continue
				}
				g.warnings = append(g.warnings, fmt.Sprintf("%s: zone %q is already in the stanza at %s, which has no 'fallthrough' for it: this one is never asked for it", g.position, shown(z.Name), earlier.position))
				break
			}
		}
	}
}

// warnOfNamespaces warns of namespaces in the property namespaces that no cluster has. An API server lists a missing namespace as empty,
// so each Namespace is requested once after everything is listed. Without the permission to read Namespaces there is no warning.
func (g *Gateway) warnOfNamespaces() {
	for _, c := range g.Clusters {
		if c.Await(g.ctx.Done()); g.ctx.Err() != nil {
			return
		}
	}
	for _, name := range g.filters.Namespaces {
		if !slices.ContainsFunc(g.Clusters, func(c *kube.Cluster) bool { return !c.LacksNamespace(g.ctx, name) }) {
			log.Warningf("property namespaces: there is no namespace %q, nothing is served from it until there is", name)
		}
	}
}

// warnOfSharedPorts warns of a port on which another process listens when CoreDNS starts. CoreDNS sets SO_REUSEPORT, so the kernel may let
// both processes listen, and give each a part of the questions. The check runs before CoreDNS listens itself: it binds a socket without
// that option, which fails if the port is in use.
func warnOfSharedPorts(blocks []*block) {
	var done []string
	for _, b := range blocks {
		for _, host := range b.config.ListenHosts {
			network, address := "udp", net.JoinHostPort(host, b.config.Port)
			switch b.config.Transport {
			case transport.TLS, transport.HTTPS, transport.GRPC:
				network = "tcp"
			}
			if slices.Contains(done, network+address) || b.config.Port == "0" {
				continue
			}
			done = append(done, network+address)
			if isBound(network, address) {
				log.Warningf("another process listens on %s %s: it gets a part of the questions, which this one never sees: stop it, or use another port", network, address)
			}
		}
	}
}

// isBound reports whether a process listens on an address.
func isBound(network, address string) bool {
	var err error
	if network == "udp" {
		var socket net.PacketConn
		if socket, err = net.ListenPacket(network, address); err == nil {
			socket.Close()
		}
	} else {
		var socket net.Listener
		if socket, err = net.Listen(network, address); err == nil {
			socket.Close()
		}
	}
	return errors.Is(err, syscall.EADDRINUSE)
}
