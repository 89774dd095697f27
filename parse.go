package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
	"github.com/k8s-gateway/k8s_gateway/internal/target"
)

// What holds where a property is not given.
const (
	defaultTTL         = 60 // seconds
	defaultNegativeTTL = 5  // seconds; a name asked for too early is seen soon after it appears
	maxTTL             = 3600
	defaultApex        = "dns1.kube-system"
)

// filters say which objects count.
type filters struct {
	ingressClasses   []string
	gatewayClasses   []string
	serviceSelectors []labels.Selector // a Service that matches one of them counts
	nodeAddressType  corev1.NodeAddressType
}

// stanza collects what a stanza says, before it becomes a Gateway.
type stanza struct {
	*Gateway
	resources []string
	apex      *nameserver
	secondary *nameserver
}

// property reads the arguments of a property into a stanza. Its errors say what is wrong with the
// arguments; the caller adds which property they belong to.
type property struct {
	usage string
	least int // how many arguments it takes at least
	most  int // and at most; -1 for any number
	set   func(s *stanza, args []string) error
}

// properties is the table of what may stand in a stanza.
var properties = map[string]property{
	"resources":             {"KIND...", 1, -1, (*stanza).setResources},
	"ttl":                   {"TTL [NEGATIVE]", 1, 2, (*stanza).setTTL},
	"apex":                  {"NAME [ADDRESS...]", 1, -1, func(s *stanza, args []string) error { return setNameserver(&s.apex, args) }},
	"secondary":             {"NAME [ADDRESS...]", 1, -1, func(s *stanza, args []string) error { return setNameserver(&s.secondary, args) }},
	"kubeconfig":            {"FILE [CONTEXT]", 1, 2, (*stanza).setKubeconfig},
	"ingressClasses":        {"CLASS...", 1, -1, func(s *stanza, args []string) error { return setList(&s.filters.ingressClasses, args) }},
	"gatewayClasses":        {"CLASS...", 1, -1, func(s *stanza, args []string) error { return setList(&s.filters.gatewayClasses, args) }},
	"serviceLabelSelectors": {"SELECTOR...", 1, -1, (*stanza).setServiceSelectors},
	"nodeAddressType":       {"InternalIP|ExternalIP", 1, 1, (*stanza).setNodeAddressType},
	"fallthrough":           {"[ZONE...]", 0, -1, (*stanza).setFallthrough},
	"explain":               {"", 0, 0, func(s *stanza, _ []string) error { s.explains = true; return nil }},
}

// parse reads the stanzas of a server block.
func parse(c *caddy.Controller) ([]*Gateway, error) {
	var gateways []*Gateway
	for c.Next() {
		g, err := parseStanza(c)
		if err != nil {
			return nil, err
		}
		gateways = append(gateways, g)
	}
	for _, g := range gateways {
		g.block = gateways
	}
	return gateways, nil
}

func parseStanza(c *caddy.Controller) (*Gateway, error) {
	zones, err := parseZones(c.RemainingArgs(), c.ServerBlockKeys)
	if err != nil {
		return nil, c.Err(err.Error())
	}
	s := &stanza{
		Gateway:   &Gateway{ttl: defaultTTL, negativeTTL: defaultNegativeTTL, cluster: &cluster{}, upstream: newResolver()},
		resources: defaultKinds,
		apex:      &nameserver{label: defaultApex},
	}
	s.filters.nodeAddressType = corev1.NodeInternalIP
	seen := map[string]bool{}
	for c.NextBlock() {
		name := c.Val()
		p, ok := properties[name]
		args := c.RemainingArgs()
		switch {
		case !ok:
			return nil, c.Errf("unknown property %q: want one of %s", name, strings.Join(propertyNames(), ", "))
		case seen[name]:
			return nil, c.Errf("property %s stands more than once", name)
		case len(args) < p.least:
			return nil, c.Errf("property %s: missing argument: want '%s %s'", name, name, p.usage)
		case p.most >= 0 && len(args) > p.most:
			return nil, c.Errf("property %s: surplus argument %q: want '%s %s'", name, args[p.most], name, p.usage)
		}
		seen[name] = true
		if i := repeated(args); i >= 0 && p.most < 0 {
			return nil, c.Errf("property %s: %q stands more than once", name, args[i])
		}
		if err := p.set(s, args); err != nil {
			return nil, c.Errf("property %s: %v", name, err)
		}
	}
	if s.secondary != nil && s.secondary.label == s.apex.label {
		return nil, c.Errf("property secondary: %q is the apex nameserver already", s.secondary.label)
	}
	if err := s.checkNames(zones); err != nil {
		return nil, c.Err(err.Error())
	}
	return s.build(zones), nil
}

// checkNames reports a nameserver whose name in a zone, or a zone whose SOA's mailbox, would be too long.
func (s *stanza) checkNames(zones []string) error {
	labels := map[string]string{"property apex": s.apex.label, "the SOA's mailbox": mailbox}
	if s.secondary != nil {
		labels["property secondary"] = s.secondary.label
	}
	for _, zone := range zones {
		for what, label := range labels {
			if _, err := names.Owner(names.Join(label, zone)); err != nil {
				return fmt.Errorf("%s: %q %w", what, names.Join(label, zone), err)
			}
		}
	}
	return nil
}

func propertyNames() []string {
	var list []string
	for name := range properties {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// parseZones returns the zones of a stanza, canonical and each once.
func parseZones(args, serverBlock []string) ([]string, error) {
	if i := repeated(args); i >= 0 {
		return nil, fmt.Errorf("zone %q stands more than once", args[i])
	}
	for _, arg := range args {
		if len(plugin.Host(arg).NormalizeExact()) == 0 {
			return nil, fmt.Errorf("zone %q is not a domain name", arg)
		}
	}
	var zones []string
	for _, origin := range plugin.OriginsFromArgsOrServerBlock(args, serverBlock) {
		zone, err := parseZone(origin)
		if err != nil {
			return nil, fmt.Errorf("zone %q %w", origin, err)
		}
		if !slices.Contains(zones, zone) {
			zones = append(zones, zone)
		}
	}
	return zones, nil
}

func parseZone(origin string) (string, error) {
	if origin == "." {
		return "", nil
	}
	zone, err := names.Owner(origin)
	if _, wild := names.IsWildcard(zone); err == nil && wild {
		err = names.ErrWildcard
	}
	return zone, err
}

// repeated returns the index of the first argument that stands there before, or -1.
func repeated(args []string) int {
	for i, arg := range args {
		if slices.Contains(args[:i], arg) {
			return i
		}
	}
	return -1
}

// build makes the Gateway that the stanza describes.
func (s *stanza) build(zones []string) *Gateway {
	g := s.Gateway
	g.zones = newZones(zones)
	g.nameservers = []*nameserver{s.apex}
	if s.secondary != nil {
		g.nameservers = append(g.nameservers, s.secondary)
	}
	g.fixNames()
	for _, name := range s.resources {
		served := newServed(kindNamed(name))
		served.informers = served.watch(g, served)
		g.kinds = append(g.kinds, served)
		g.cluster.add(served.informers...)
	}
	for _, ns := range g.nameservers {
		g.cluster.add(ns.watch(g)...)
	}
	return g
}

func (s *stanza) setResources(args []string) error {
	for _, name := range args {
		if kindNamed(name) == nil {
			var allowed []string
			for _, k := range kinds {
				allowed = append(allowed, k.name)
			}
			return fmt.Errorf("unknown kind %q: want some of %s", name, strings.Join(allowed, ", "))
		}
	}
	s.resources = args
	return nil
}

func (s *stanza) setTTL(args []string) error {
	for i, field := range []*uint32{&s.ttl, &s.negativeTTL}[:len(args)] {
		n, err := strconv.ParseUint(args[i], 10, 32)
		if err != nil || n > maxTTL {
			return fmt.Errorf("%q is not a TTL: want seconds, 0 to %d", args[i], maxTTL)
		}
		*field = uint32(n)
	}
	return nil
}

func setNameserver(field **nameserver, args []string) error {
	label, err := names.Hostname(args[0])
	if err == nil && strings.ContainsAny(args[0], "*") {
		err = names.ErrWildcard
	}
	if err != nil || strings.HasSuffix(args[0], ".") {
		return fmt.Errorf("%q is not a name relative to the zone: want labels such as ns1 or dns1.kube-system", args[0])
	}
	ns := &nameserver{label: label}
	for _, arg := range args[1:] {
		a, err := target.Addr(arg)
		if err != nil {
			return fmt.Errorf("%q %w: want IPv4 or IPv6 addresses after the name", arg, err)
		}
		if slices.Contains(ns.addrs, a) {
			return fmt.Errorf("%q stands more than once", arg)
		}
		ns.addrs = append(ns.addrs, a)
	}
	ns.addrs = target.Sort(ns.addrs)
	*field = ns
	return nil
}

func (s *stanza) setKubeconfig(args []string) error {
	if args[0] == "" {
		return errors.New("the name of the file is empty")
	}
	s.cluster.kubeconfig = args[0]
	if len(args) > 1 {
		s.cluster.context = args[1]
	}
	return nil
}

func setList(field *[]string, args []string) error {
	*field = args
	return nil
}

func (s *stanza) setServiceSelectors(args []string) error {
	for _, arg := range args {
		selector, err := labels.Parse(arg)
		if err != nil {
			return fmt.Errorf("%q is not a label selector: %w", arg, err)
		}
		s.filters.serviceSelectors = append(s.filters.serviceSelectors, selector)
	}
	return nil
}

func (s *stanza) setNodeAddressType(args []string) error {
	switch t := corev1.NodeAddressType(args[0]); t {
	case corev1.NodeInternalIP, corev1.NodeExternalIP:
		s.filters.nodeAddressType = t
		return nil
	}
	return fmt.Errorf("%q is not an address type: want %s or %s", args[0], corev1.NodeInternalIP, corev1.NodeExternalIP)
}

func (s *stanza) setFallthrough(args []string) error {
	for _, arg := range args {
		if len(plugin.Host(arg).NormalizeExact()) == 0 {
			return fmt.Errorf("%q is not a domain name", arg)
		}
	}
	s.Fall.SetZonesFromArgs(args)
	return nil
}
