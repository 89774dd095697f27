package gateway

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/plugin"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"

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
	gateways         []string // keys
	namespaces       []string // that are watched; none for all
	labelSelector    string   // of objects of the configured kinds
	selector         labels.Selector
	externalDNS      []string // annotations of external-dns that count
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

	repeats bool // it may stand more than once
}

// properties is the table of what may stand in a stanza.
var properties = map[string]property{
	"resources":              {"KIND...", 1, -1, (*stanza).setResources, false},
	"ttl":                    {"TTL [NEGATIVE]", 1, 2, (*stanza).setTTL, false},
	"apex":                   {"NAME [ADDRESS...]", 1, -1, func(s *stanza, args []string) error { return setNameserver(&s.apex, args) }, false},
	"secondary":              {"NAME [ADDRESS...]", 1, -1, func(s *stanza, args []string) error { return setNameserver(&s.secondary, args) }, false},
	"kubeconfig":             {"FILE [CONTEXT]", 1, 2, (*stanza).setKubeconfig, true},
	"ingressClasses":         {"CLASS...", 1, -1, func(s *stanza, args []string) error { return setList(&s.filters.ingressClasses, args) }, false},
	"gatewayClasses":         {"CLASS...", 1, -1, func(s *stanza, args []string) error { return setList(&s.filters.gatewayClasses, args) }, false},
	"gateways":               {"NAMESPACE/NAME...", 1, -1, (*stanza).setGateways, false},
	"serviceLabelSelectors":  {"SELECTOR...", 1, -1, (*stanza).setServiceSelectors, false},
	"nodeAddressType":        {"InternalIP|ExternalIP", 1, 1, (*stanza).setNodeAddressType, false},
	"fallthrough":            {"[ZONE...]", 0, -1, (*stanza).setFallthrough, false},
	"externalDNSAnnotations": {"KEY...", 1, -1, (*stanza).setExternalDNS, false},
	"namespaces":             {"NAMESPACE...", 1, -1, (*stanza).setNamespaces, false},
	"labelSelector":          {"SELECTOR", 1, 1, (*stanza).setLabelSelector, false},
	"explain":                {"", 0, 0, func(s *stanza, _ []string) error { s.explains = true; return nil }, false},
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
	origins, err := parseZones(c.RemainingArgs(), c.ServerBlockKeys)
	if err != nil {
		return nil, c.Err(err.Error())
	}
	s := &stanza{
		Gateway:   &Gateway{ttl: defaultTTL, negativeTTL: defaultNegativeTTL, upstream: newResolver()},
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
		case seen[name] && !p.repeats:
			return nil, c.Errf("property %s stands more than once", name)
		case len(args) < p.least:
			return nil, c.Errf("property %s: missing argument: want '%s %s'", name, name, p.usage)
		case p.most >= 0 && len(args) > p.most:
			return nil, c.Errf("property %s: surplus argument %q: want '%s %s'", name, args[p.most], name, p.usage)
		}
		seen[name] = true
		if err := p.set(s, args); err != nil {
			return nil, c.Errf("property %s: %v", name, err)
		}
	}
	if s.secondary != nil && s.secondary.label == s.apex.label {
		return nil, c.Errf("property secondary: %q is the apex nameserver already", s.secondary.label)
	}
	return s.build(origins), nil
}

func propertyNames() []string {
	var list []string
	for name := range properties {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func parseZones(args, serverBlock []string) ([]string, error) {
	for _, arg := range args {
		if len(plugin.Host(arg).NormalizeExact()) == 0 {
			return nil, fmt.Errorf("zone %q is not a domain name", arg)
		}
	}
	return plugin.OriginsFromArgsOrServerBlock(args, serverBlock), nil
}

// build makes the Gateway that the stanza describes.
func (s *stanza) build(origins []string) *Gateway {
	g := s.Gateway
	g.zones = newZones(origins)
	g.nameservers = []*nameserver{s.apex}
	if s.secondary != nil {
		g.nameservers = append(g.nameservers, s.secondary)
	}
	g.fixNames()
	if len(g.clusters) == 0 {
		g.clusters = []*cluster{{}} // the one it runs in
	}
	for _, name := range s.resources {
		k := kindServed{kind: kindNamed(name)}
		for _, c := range g.clusters {
			part := newServed(k.kind, c)
			part.informers = k.watch(g, part)
			k.parts = append(k.parts, part)
			c.demand(part.informers...)
		}
		g.kinds = append(g.kinds, k)
	}
	for _, ns := range g.nameservers {
		for _, c := range g.clusters {
			c.demand(ns.watch(g)...)
		}
	}
	return g
}

func (s *stanza) setResources(args []string) error {
	for i, name := range args {
		if kindNamed(name) == nil {
			var allowed []string
			for _, k := range kinds {
				allowed = append(allowed, k.name)
			}
			return fmt.Errorf("unknown kind %q: want some of %s", name, strings.Join(allowed, ", "))
		}
		if slices.Contains(args[:i], name) {
			return fmt.Errorf("kind %s stands more than once", name)
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
	ns := &nameserver{label: label, given: len(args) > 1}
	for _, arg := range args[1:] {
		a, err := target.Addr(arg)
		if err != nil {
			return fmt.Errorf("%q %w: want IPv4 or IPv6 addresses after the name", arg, err)
		}
		ns.addrs = append(ns.addrs, a)
	}
	slices.SortFunc(ns.addrs, netip.Addr.Compare)
	if len(slices.Compact(ns.addrs)) != len(args)-1 {
		return fmt.Errorf("an address stands more than once")
	}
	*field = ns
	return nil
}

func (s *stanza) setKubeconfig(args []string) error {
	c := &cluster{kubeconfig: args[0]}
	if len(args) > 1 {
		c.context = args[1]
	}
	for _, other := range s.clusters {
		if other.kubeconfig == c.kubeconfig && other.context == c.context {
			return fmt.Errorf("%s stands more than once", strings.Join(args, " "))
		}
	}
	s.clusters = append(s.clusters, c)
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

func (s *stanza) setExternalDNS(args []string) error {
	for i, key := range args {
		if !slices.Contains(externalDNSKeys, key) {
			return fmt.Errorf("unknown annotation %q: want some of %s", key, strings.Join(externalDNSKeys, ", "))
		}
		if slices.Contains(args[:i], key) {
			return fmt.Errorf("annotation %s stands more than once", key)
		}
	}
	s.filters.externalDNS = args
	return nil
}

func (s *stanza) setGateways(args []string) error {
	for i, key := range args {
		if namespace, name, ok := strings.Cut(key, "/"); !ok || namespace == "" || name == "" || strings.Contains(name, "/") {
			return fmt.Errorf("%q is not a Gateway: want NAMESPACE/NAME", key)
		}
		if slices.Contains(args[:i], key) {
			return fmt.Errorf("%s stands more than once", key)
		}
	}
	s.filters.gateways = args
	return nil
}

func (s *stanza) setNamespaces(args []string) error {
	for i, name := range args {
		if problems := validation.IsDNS1123Label(name); len(problems) > 0 {
			return fmt.Errorf("%q is not a namespace: %s", name, problems[0])
		}
		if slices.Contains(args[:i], name) {
			return fmt.Errorf("%s stands more than once", name)
		}
	}
	s.filters.namespaces = args
	return nil
}

func (s *stanza) setLabelSelector(args []string) error {
	selector, err := labels.Parse(args[0])
	if err != nil {
		return fmt.Errorf("%q is not a label selector: %w", args[0], err)
	}
	s.filters.labelSelector, s.filters.selector = args[0], selector
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
