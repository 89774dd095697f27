package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// aliasEnd is the end of a name's chain of CNAMEs, as far as it lies in the zones of the stanza.
type aliasEnd struct {
	zone.Answer
	name   string     // canonical: the last one
	zone   *zone.Zone // the zone of the last name; nil if the name lies outside the zones, or falls through
	hops   []string   // the names before the last one
	ending bool       // the last name is not an alias: the chain ends
}

// aliasEnd follows the CNAMEs of a name as a question for addresses does, but without lookups outside the zones.
func (g *Explainer) aliasEnd(z *zone.Zone, name string) *aliasEnd {
	e := &aliasEnd{name: name, zone: z}
	for len(e.hops) <= resolve.MaxHops && !slices.Contains(e.hops, e.name) {
		e.Answer = zone.Answer{}
		if e.zone != nil {
			g.Local(nil, e.zone, e.name, dns.TypeA, &e.Answer)
		}
		if len(e.hops) > 0 && e.zone != nil && e.Unclaimed && g.FallsThrough(e.zone, dns.Fqdn(e.name)) {
			e.zone, e.Answer = nil, zone.Answer{}
		}
		if e.zone == nil || e.Result != zone.Alias {
			e.ending = true
			return e
		}
		e.hops = append(e.hops, e.name)
		e.name = e.Target
		e.zone = g.Zones.Match(e.name)
	}
	return e
}

// loop returns a sentence that says that the chain of CNAMEs has no end, or "" if it has one.
func (e *aliasEnd) loop() string {
	switch {
	case e.ending:
		return ""
	case slices.Contains(e.hops, e.name):
		return "its CNAME leads back to " + e.name + " in a loop, and to no address"
	}
	return fmt.Sprintf("more than %d CNAMEs follow one another, and the rest is not followed", resolve.MaxHops)
}

// Loops reports whether the chain of a name's CNAMEs has no end.
func (g *Explainer) Loops(z *zone.Zone, name string) bool { return g.aliasEnd(z, name).loop() != "" }

// outside returns the hostnames whose addresses come from upstream servers.
func (e *aliasEnd) outside() string {
	hosts := []string{e.name}
	if e.zone != nil && e.Result == zone.Flatten {
		hosts = e.Hosts
	}
	return someNames(hosts)
}

// someNames returns a list of names as text. It is cut off after maxReasons names.
func someNames(hosts []string) string {
	text := strings.Join(hosts[:min(len(hosts), maxReasons)], ", ")
	if len(hosts) > maxReasons {
		text += ", …"
	}
	return text
}

// dangling returns a sentence that says that a name is an alias of a name that does not exist, and why not. It returns "" for
// any other name.
func (g *Explainer) dangling(z *zone.Zone, name string, o resolve.Outcome) string {
	e := g.aliasEnd(z, name)
	switch {
	case len(e.hops) == 0 || !e.ending:
		return ""
	case e.zone == nil:
		return "its CNAME leads to " + e.name + ", and an upstream server says that this name does not exist"
	}
	text := "its CNAME leads to " + e.name + ", which does not exist"
	if r, ok := g.ExtendedError(e.zone, e.name, resolve.Outcome{Result: zone.NameError}); ok {
		text += ": " + r.Text
	}
	return text
}
