package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"

	corev1 "k8s.io/api/core/v1"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/explain"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/nameserver"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Defaults and limits of the properties.
const (
	defaultTTL         = 60 // seconds
	defaultNegativeTTL = 5  // seconds; short, so that a name is soon seen if it was asked for before it existed
	maxTTL             = 3600
	defaultApex        = "dns1.kube-system"

	defaultStartupTimeout = 5 * time.Second
	maxStartupTimeout     = 10 * time.Minute
)

// stanza is a stanza of the Corefile while it is parsed. It becomes a Gateway.
type stanza struct {
	*Gateway
	resources []string
	exclude   []string // canonical
	steering  steering
	apex      *nameserver.Server
	secondary []*nameserver.Server
	positions map[string][]position // the lines of each property
	line      position              // the line of the property that is being read
}

// position is a line of the Corefile.
type position struct {
	file string
	line int
}

func (p position) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// Parse reads the stanzas of a server block.
func Parse(c *caddy.Controller) ([]*Gateway, error) {
	var gateways []*Gateway
	for c.Next() {
		g, err := parseStanza(c)
		if err != nil {
			return nil, err
		}
		gateways = append(gateways, g)
	}
	var stanzas []*zone.Database
	for _, g := range gateways {
		g.block, stanzas = gateways, append(stanzas, &g.Database)
	}
	zone.Divide(stanzas)
	warnOfRepeatedZones(gateways)
	return gateways, nil
}

func parseStanza(c *caddy.Controller) (*Gateway, error) {
	at, given := position{c.File(), c.Line()}, c.RemainingArgs()
	zones, err := parseZones(given, c.ServerBlockKeys)
	if err != nil {
		return nil, c.Err(err.Error())
	}
	s := &stanza{
		Gateway: &Gateway{
			ttl: defaultTTL, negativeTTL: defaultNegativeTTL, startupTimeout: defaultStartupTimeout, position: at,
			stanza: strings.Join(slices.Concat(c.ServerBlockKeys, []string{"", ""}, zones), "\n"),
		},
		resources: source.DefaultKinds,
		apex:      &nameserver.Server{Name: defaultApex},
		positions: map[string][]position{},
	}
	s.filters.NodeAddressType = corev1.NodeInternalIP
	seen := map[string]bool{}
	for c.NextBlock() {
		name, at := c.Val(), position{c.File(), c.Line()}
		p, ok := properties[name]
		args := c.RemainingArgs()
		broken := checkArguments(c, name, args)
		switch {
		case !ok:
			return nil, c.Err(unknownProperty(name))
		case broken != nil:
			return nil, c.Errf("property %s: %v", name, broken)
		case seen[name] && !p.repeats:
			return nil, c.Err(errRepeated(name, &p).Error())
		case len(args) < p.least:
			return nil, c.Errf("property %s: missing argument: want '%s'", name, p.form(name))
		case p.most >= 0 && len(args) > p.most:
			return nil, c.Errf("property %s: unexpected argument %q: want '%s'", name, args[p.most], p.form(name))
		}
		seen[name] = true
		if slices.ContainsFunc(args, isBlank) {
			return nil, c.Errf("property %s: an argument is empty: want '%s', or leave the property out", name, p.form(name))
		}
		s.stanza += "\n" + strings.Join(append([]string{name}, args...), "\x00")
		if i := repeated(args); i >= 0 && p.most < 0 {
			return nil, c.Errf("property %s: %q is given more than once", name, args[i])
		}
		s.line = at
		if err := p.set(s, args); err != nil {
			return nil, c.Errf("property %s: %v", name, err)
		}
		s.positions[name] = append(s.positions[name], at)
	}
	if err := s.checkNameservers(zones); err != nil {
		return nil, err
	}
	if err := s.checkExclude(zones); err != nil {
		return nil, errorAt(s.positions["exclude"][0], err)
	}
	if err := s.checkSteering(); err != nil {
		return nil, err
	}
	s.warnOfZones(given, zones, c.ServerBlockKeys)
	s.warnOfNameservers(zones)
	s.warnOfFilters(seen)
	s.warnOfFallthrough(zones)
	return s.build(zones), nil
}

// checkArguments returns an error for arguments with braces, and for lists with commas where values are separated by spaces.
func checkArguments(c *caddy.Controller, name string, args []string) error {
	for _, arg := range args {
		if err := checkBraces(arg); err != nil {
			return err
		}
		if strings.Contains(arg, ",") && slices.Contains(spaceSeparated, name) {
			return errComma(arg, args)
		}
	}
	if c.NextArg() { // RemainingArgs stops at a brace
		return errors.New(`"{" opens a block, and a property has none: remove it`)
	}
	return nil
}

// checkBraces returns an error for an argument that is a brace or has one at its end.
func checkBraces(arg string) error {
	switch {
	case arg == "}":
		return errors.New(`"}" must be on a line of its own`)
	case len(arg) > 1 && strings.HasSuffix(arg, "{"):
		return fmt.Errorf("%q ends in a brace: write a space before it", arg)
	}
	return nil
}

func errComma(arg string, args []string) error {
	values := strings.Fields(strings.ReplaceAll(strings.Join(args, " "), ",", " "))
	return fmt.Errorf("%q has a comma: separate values with spaces: '%s'", arg, strings.Join(values, " "))
}

func isBlank(arg string) bool { return strings.TrimSpace(arg) == "" }

// errorAt returns an error about an earlier line of the Corefile, in the form of caddy.Controller.Err.
func errorAt(at position, err error) error {
	return fmt.Errorf("%s - Error during parsing: %w", at, err)
}

// unknownProperty returns the message for a word that is not a property, with what to write instead.
func unknownProperty(name string) string {
	if slices.Contains(dnsserver.Directives, name) {
		return fmt.Sprintf("%q is a plugin of CoreDNS, not a property of %s: write it outside the braces", name, pluginName)
	}
	return wording.Unknown("property", name, propertyNames(), "one of")
}

// checkNameservers completes the list of nameservers, and decides which names are absolute. It returns an error for a name that is too long
// in a zone or belongs to another nameserver, and for a zone whose SOA RNAME would be too long.
func (s *stanza) checkNameservers(zones []string) error {
	s.nameservers = append([]*nameserver.Server{s.apex}, s.secondary...)
	taken := map[string]*nameserver.Server{}
	for i, ns := range s.nameservers {
		property, at := "apex", s.position
		if i > 0 {
			property, at = "secondary", s.positions["secondary"][i-1]
		} else if len(s.positions[property]) > 0 {
			at = s.positions[property][0]
		}
		ns.Absolute = ns.Absolute || slices.ContainsFunc(zones, func(zone string) bool { return zone != "" && dnsname.Within(ns.Name, zone) })
		for _, zone := range zones {
			name := ns.NameIn(zone)
			if _, err := dnsname.Owner(name); err != nil {
				return errorAt(at, fmt.Errorf("property %s: %q %w", property, name, err))
			}
			if taken[name] != nil && taken[name] != ns {
				return errorAt(at, fmt.Errorf("property %s: %q is the name of another nameserver, from the property apex or a secondary before it", property, ns.NameInCorefile()))
			}
			taken[name] = ns
		}
	}
	for _, zone := range zones {
		if _, err := dnsname.Owner(dnsname.Join(mailbox, zone)); err != nil {
			return errorAt(s.position, fmt.Errorf("the SOA's mailbox: %q %w", dnsname.Join(mailbox, zone), err))
		}
	}
	return nil
}

// parseZones returns the zones of a stanza, canonical and without duplicates.
func parseZones(args, serverBlock []string) ([]string, error) {
	if i := repeated(args); i >= 0 {
		return nil, fmt.Errorf("zone %q is given more than once", args[i])
	}
	for _, arg := range args {
		if err := checkBraces(arg); err != nil {
			return nil, err
		}
		switch {
		case strings.Contains(arg, ","):
			return nil, errComma(arg, args)
		case isBlank(arg):
			return nil, errors.New("a zone is empty: want 'k8s_gateway [ZONES...]'")
		case properties[arg].set != nil:
			return nil, fmt.Errorf("%q is a property, not a zone: write it inside the braces, on a line of its own (or %q where it is a zone)", arg, arg+".")
		case source.KindNamed(arg) != nil:
			return nil, fmt.Errorf("%q is a kind, not a zone: write 'resources %s' inside the braces (or %q where it is a zone)", arg, arg, arg+".")
		}
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
	zone, err := dnsname.Owner(origin)
	if err == nil && dnsname.IsWildcard(zone) {
		err = errors.New("is a wildcard, and no zone")
	}
	return zone, err
}

// repeated returns the index of the first argument that repeats an earlier one, or -1.
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
	g.Zones.Init(zones)
	g.Upstream = resolve.NewResolver(func(name string) bool {
		z := g.Zones.Match(name)
		if z == nil {
			return false
		}
		g.RLock()
		defer g.RUnlock()
		_, cut := g.Names.Cut(name, z.Name)
		return !cut
	})
	g.settings = &object.Settings{
		Zones: &g.Zones, Filters: &g.filters, TTL: g.ttl, KeepUnserved: g.status != "" || g.explains, KeepsExcluded: g.status != "",
		Steers: len(s.steering.filters) > 0, WatchBackends: s.steersBy("healthy"), ReadClients: s.steersBy("subnet"), Networks: s.steering.networks.Names,
	}
	g.Sources = source.NewSources(g.settings, &g.Database, g.Background.Go, func() bool { return g.ctx != nil && g.ctx.Err() != nil })
	g.initApexes()
	for _, name := range s.exclude {
		g.Zones.Excluded.Add(name)
		g.Names.Exclude(name)
	}
	g.tally = newTally("")
	g.Clusters = s.clustersOrInCluster()
	g.chain = s.steering.chain(g.Clusters)
	for _, name := range s.resources {
		g.Served = append(g.Served, g.Sources.Serve(name, g.Clusters))
		g.tallies = append(g.tallies, newTally(name))
	}
	for i := range g.Served {
		g.Database.Kinds = append(g.Database.Kinds, g.Served[i].ForLookup(i))
	}
	g.Explainer = &explain.Explainer{
		Database: &g.Database, Authority: g, Kinds: g.Served, Clusters: g.Clusters, Sources: g.Sources, Upstream: g.Upstream,
		Nameservers: ownNameservers{g},
	}
	g.Complete = g.complete
	g.IsNameserver = func(name string) bool { return g.nsNames[name] != nil }
	for _, c := range g.Clusters {
		c.CountNames = func() int64 { return g.namesIn(c) }
	}
	for _, ns := range g.nameservers {
		for _, c := range g.Clusters {
			ns.WatchIn(g.settings, &g.Database, c)
		}
	}
	return g
}
