package model

import (
	"net/netip"
	"slices"

	"github.com/miekg/dns"
)

// Config is what the Corefile says.
type Config struct {
	Zones               []string // canonical
	Resources           []string
	TTL, NegativeTTL    uint32
	Nameservers         []Nameserver // apex, then each secondary
	OnlyNamespaces      []string     // that are watched; nil for all
	LabelSelector       string
	ServiceSelectors    []string
	IngressClasses      []string
	GatewayClasses      []string
	OnlyGateways        []string // namespace/name; nil for all
	ExternalDNS         []string // keys
	NodeAddressExternal bool
	Fallthrough         bool
	PreferHostnames     bool     // of load balancers
	Exclude             []string // canonical names, and wildcards for all that is below
	Steer               []string // filters, but for geo and weighted
	Networks            []Network

	// Outside is what the next plugin says, to a question that is not for the zones here or that falls through.
	Outside func(name string, qtype uint16) Outside
}

// Nameserver is `apex` or `secondary`.
type Nameserver struct {
	Name      string
	Addresses []string // none: those of the Service, or the object in a zone, that the name is of
}

// Outside is an answer from elsewhere.
type Outside struct {
	Rcode             int
	Answer, Authority []dns.RR
}

// World is a cluster as seen through a configuration.
type World struct {
	Config
	*Objects
	Claims []Claim
	ns     []nameserver

	client  Client              // who asks, where there are filters
	claimed map[string][]*Claim // Claims by name
	cuts    []*Claim            // those that delegate
	above   map[string]bool     // names with usable claims below them
}

// New works out everything that the objects claim.
func New(config Config, objects *Objects) *World {
	w := &World{Config: config, Objects: objects, claimed: map[string][]*Claim{}, above: map[string]bool{}}
	for _, kind := range config.Resources {
		switch kind {
		case "Ingress":
			w.ingresses()
		case "Service":
			w.services()
		case "DNSEndpoint":
			w.dnsEndpoints()
		case "Node":
			w.nodes()
		case "Gateway":
			w.gatewayNames()
		default:
			w.routes(kind)
		}
	}
	w.nameservers()
	for i := range w.Claims {
		c := &w.Claims[i]
		w.claimed[c.Name] = append(w.claimed[c.Name], c)
		if c.Delegates() {
			w.cuts = append(w.cuts, c)
		}
		for up := c.Name; up != "" && c.usable(c.Name); {
			up = parent(up)
			w.above[up] = true
		}
	}
	return w
}

// Claim is what one object says about one name.
type Claim struct {
	Name string // canonical
	Kind string // of `resources`
	From []Ref  // the object, and those that lend it what it says or let it say so
	TTL  uint32

	Addresses []netip.Addr
	Hosts     []string // that it is an alias of
	CNAME     string   // of a DNSEndpoint
	Records   []dns.RR // of one type; without owner and TTL
	Service   string   // the name whose addresses SRV records of a Service are for
	stated    stated   // to filters
}

// claim takes down what an object says about a name, unless the name is excluded (L5).
func (w *World) claim(c Claim) {
	if !w.excluded(c.Name) {
		w.Claims = append(w.Claims, c)
	}
}

// excluded reports whether no object says anything about a name (L5): it is excluded itself, or stands below a name all names
// below which are.
func (w *World) excluded(name string) bool {
	return slices.ContainsFunc(w.Exclude, func(e string) bool {
		return name == e || isWildcard(e) && below(name, suffix(e))
	})
}

// preferred returns what a load balancer is reached at under a name (C7).
func (w *World) preferred(addrs []netip.Addr, hosts []string, name string) ([]netip.Addr, []string) {
	if c := (Claim{Hosts: hosts}); w.PreferHostnames && len(c.hosts(name)) > 0 {
		return nil, hosts
	}
	return addrs, hosts
}

// usable reports whether the claim has an answer to give for a name (Z12). A name is no alias of itself (C5).
func (c *Claim) usable(name string) bool {
	return len(c.Addresses) > 0 || len(c.Records) > 0 || c.CNAME != "" && c.CNAME != name || len(c.hosts(name)) > 0
}

// hosts returns what a name is an alias of, itself left out (C5).
func (c *Claim) hosts(name string) []string {
	var list []string
	for _, host := range c.Hosts {
		if host != name {
			list = append(list, host)
		}
	}
	return list
}

func (c *Claim) has(qtype uint16) bool {
	return len(c.Records) > 0 && c.Records[0].Header().Rrtype == qtype
}

// Delegates reports whether the claim makes its name the top of a zone of somebody else.
func (c *Claim) Delegates() bool { return c.has(dns.TypeNS) }
