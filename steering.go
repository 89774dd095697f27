package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/metadata"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	location "github.com/k8s-gateway/k8s_gateway/v2/internal/place"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/steer"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// steering holds the properties of a stanza that concern filters (section 9 of the rules).
type steering struct {
	filters   []string // as written
	networks  steer.Networks
	locations []clusterLocation

	filtersClients *bool  // clientFiltering; nil if it is not given
	mode           string // clientFilteringMode; empty if it is not given
}

// clusterLocation is a property `location`: the place of a cluster.
type clusterLocation struct {
	cluster string // as written
	index   int    // of the cluster in the stanza
	location.Place
	at position
}

// setSteer reads the filters. One that ends in "!" may keep nothing (T1).
func (s *stanza) setSteer(args []string) error {
	for i, arg := range args {
		name := steer.NameOf(arg)
		if name == "" {
			return fmt.Errorf("%q is not a filter: write it at the end of a filter's name, without a space: '%s'", arg, strings.Join(joinMarks(args), " "))
		}
		if !slices.Contains(steer.Names, name) {
			return errors.New(wording.Unknown("filter", name, steer.Names, "some of"))
		}
		if slices.ContainsFunc(args[:i], func(other string) bool { return steer.NameOf(other) == name }) {
			return fmt.Errorf("%q is given more than once", name)
		}
	}
	s.steering.filters = args
	return nil
}

// joinMarks returns filters with each separate "!" moved to the end of the name before it.
func joinMarks(args []string) (list []string) {
	for _, arg := range args {
		switch {
		case steer.NameOf(arg) != "":
			list = append(list, arg)
		case len(list) == 0:
			list = append(list, "subnet"+arg)
		case steer.NameOf(list[len(list)-1]) == list[len(list)-1]:
			list[len(list)-1] += arg
		}
	}
	return list
}

// addNetwork reads a network (T3).
func (s *stanza) addNetwork(args []string) error {
	name, n := args[0], &s.steering.networks
	if _, err := object.ParseCIDR(name); err == nil || strings.ContainsAny(name, "/:, ") {
		return fmt.Errorf("%q is not a name: want 'network NAME CIDR...'", name)
	}
	if slices.Contains(n.Names, name) {
		return fmt.Errorf("%q is given more than once: write all of its prefixes on one line", name)
	}
	var prefixes []netip.Prefix
	for _, arg := range args[1:] {
		if a, err := netip.ParseAddr(arg); err == nil && a.Zone() == "" {
			a = a.Unmap()
			return fmt.Errorf("%q has no length: write %q for this one address", arg, netip.PrefixFrom(a, a.BitLen()))
		}
		p, err := object.ParseCIDR(arg)
		if outside, e := netip.ParsePrefix(arg); e == nil && err != nil && !outside.Addr().Is4In6() {
			return fmt.Errorf("%q has bits set behind its length: did you mean %q?", arg, outside.Masked())
		}
		if err != nil {
			return fmt.Errorf("%q is not a CIDR: want, for example, 10.0.0.0/8 or fd00::/8", arg)
		}
		if owner, taken := n.Owner(p); taken {
			return fmt.Errorf("%q is already in the network %q", arg, owner)
		}
		if slices.Contains(prefixes, p) {
			return fmt.Errorf("%q is given more than once", arg)
		}
		prefixes = append(prefixes, p)
	}
	n.Add(name, prefixes)
	return nil
}

// addLocation reads the location of a cluster (T4). The property kubeconfig of the cluster may follow.
func (s *stanza) addLocation(args []string) error {
	p, err := location.Parse(args[1])
	if err != nil {
		return fmt.Errorf("%q %w", args[1], err)
	}
	s.steering.locations = append(s.steering.locations, clusterLocation{cluster: args[0], Place: p, at: s.line})
	return nil
}

// findClusters finds the cluster of each location.
func (s *stanza) findClusters() error {
	clusters, locations := s.clustersOrInCluster(), s.steering.locations
	for i := range locations {
		l := &locations[i]
		found := clustersNamed(clusters, l.cluster)
		switch {
		case len(found) == 0:
			return errorAt(l.at, fmt.Errorf("property location: %s", wording.Unknown("cluster", l.cluster, s.clusterNames(), "one of")))
		case len(found) > 1:
			var names []string
			for _, n := range found {
				names = append(names, strconv.Quote(clusters[n].Name()))
			}
			return errorAt(l.at, fmt.Errorf("property location: %q is the context of several clusters: write one of %s", l.cluster, strings.Join(names, ", ")))
		}
		l.index = found[0]
		if slices.ContainsFunc(locations[:i], func(other clusterLocation) bool { return other.index == l.index }) {
			return errorAt(l.at, fmt.Errorf("property location: %q has a location already", l.cluster))
		}
	}
	return nil
}

// setClientFiltering reads a property that other versions of the plugin have (T9).
func (s *stanza) setClientFiltering(args []string) error {
	on := true
	if len(args) > 0 {
		var err error
		if on, err = strconv.ParseBool(args[0]); err != nil {
			return fmt.Errorf("%q is neither true nor false", args[0])
		}
	}
	s.steering.filtersClients = &on
	return nil
}

func (s *stanza) setClientFilteringMode(args []string) error {
	if args[0] != "failOpen" && args[0] != "strict" {
		return fmt.Errorf("%q is not a mode: want failOpen or strict", args[0])
	}
	s.steering.mode = args[0]
	return nil
}

// checkSteering completes the filters of the stanza, and returns an error for properties that do not fit together.
func (s *stanza) checkSteering() error {
	st := &s.steering
	if st.mode != "" && st.filtersClients == nil {
		return errorAt(s.positions["clientFilteringMode"][0], errors.New("property clientFilteringMode cannot be used without clientFiltering: write 'steer subnet' instead, or 'steer subnet!' for strict"))
	}
	if st.filtersClients != nil && len(st.filters) > 0 {
		return errorAt(s.positions["clientFiltering"][0], errors.New("property clientFiltering cannot be used together with steer: add 'subnet' to steer instead, or 'subnet!' for strict"))
	}
	if st.filtersClients != nil && *st.filtersClients {
		st.filters = []string{map[bool]string{true: "subnet!", false: "subnet"}[st.mode == "strict"]}
	}
	if err := s.findClusters(); err != nil {
		return err
	}
	s.warnOfSteering()
	return nil
}

// warnOfSteering warns of properties that none of the filters reads, and of filters that have nothing to decide.
func (s *stanza) warnOfSteering() {
	if len(s.steering.locations) > 0 && !s.steersBy("geo") {
		s.warn("property location has no effect: add 'geo' to 'steer'")
	}
	if len(s.steering.networks.Names) > 0 && !s.steersBy("subnet") {
		s.warn("property network has no effect: add 'subnet' to 'steer'")
	}
	last := len(s.steering.filters) - 1
	if i := slices.IndexFunc(s.steering.filters, func(written string) bool { return steer.NameOf(written) == "weighted" }); i >= 0 && i < last {
		s.warn("property steer: %q comes after 'weighted', which leaves it only one target: write 'weighted' last", s.steering.filters[last])
	}
}

// readServerBlock looks at the other plugins of the server block. It warns of plugins that the filters need, and of those that break them.
func (g *Gateway) readServerBlock(config *dnsserver.Config) {
	if g.chain == nil {
		return
	}
	warn := func(format string, args ...any) {
		g.warnings = append(g.warnings, g.position.String()+": "+fmt.Sprintf(format, args...))
	}
	if filter := cmp.Or(g.chain.ClientFilter(), g.chain.RandomFilter()); filter != "" && config.Handler("cache") != nil {
		warn("property steer: the plugin cache of the server block gives the answer for one client to all, although %q decides it for each: remove cache", filter)
	}
	if !g.chain.Has("geo") {
		return
	}
	g.geoip, _ = config.Handler("geoip").(metadata.Provider)
	for _, name := range []string{"geoip", "metadata"} {
		if config.Handler(name) == nil {
			warn("property steer: geo does not know where clients are without the plugin %s: add it to the server block", name)
		}
	}
}

// steersBy reports whether the stanza has a filter.
func (s *stanza) steersBy(name string) bool {
	return slices.ContainsFunc(s.steering.filters, func(written string) bool { return steer.NameOf(written) == name })
}

// chain returns the chain of filters, or nil if the stanza has none.
func (st *steering) chain(clusters []*kube.Cluster) *steer.Chain {
	if len(st.filters) == 0 {
		return nil
	}
	places := make([]*location.Place, len(clusters))
	for i := range st.locations {
		places[st.locations[i].index] = &st.locations[i].Place
	}
	return steer.New(st.filters, &st.networks, places, locator{})
}
