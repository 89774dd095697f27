package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// aliasEnd is the last name in the zones that a chain of CNAMEs leads to, or its first target outside the zones.
type aliasEnd struct {
	zone.Answer
	name   string     // the last name, canonical
	zone   *zone.Zone // the zone of the last name; nil if the name is outside the zones, or falls through
	hops   []string   // the names before the last one
	ending bool       // the last name is not an alias; false for a loop and for a chain that is too long
}

// aliasEnd follows the CNAMEs of a name as a question for addresses does, but looks up no names outside the zones.
func (e *Explainer) aliasEnd(z *zone.Zone, name string) *aliasEnd {
	end := &aliasEnd{name: name, zone: z}
	for len(end.hops) <= resolve.MaxHops && !slices.Contains(end.hops, end.name) {
		end.Answer = zone.Answer{}
		if end.zone != nil {
			e.Local(nil, end.zone, end.name, dns.TypeA, &end.Answer)
		}
		if len(end.hops) > 0 && end.zone != nil && end.Unclaimed && e.FallsThrough(end.zone, dns.Fqdn(end.name)) {
			end.zone, end.Answer = nil, zone.Answer{}
		}
		if end.zone == nil || end.Result != zone.Alias {
			end.ending = true
			return end
		}
		end.hops = append(end.hops, end.name)
		end.name = end.Target
		end.zone = e.Zones.Match(end.name)
	}
	return end
}

// loop returns a sentence about a chain of CNAMEs that is a loop or too long, and "" for any other chain.
func (a *aliasEnd) loop() string {
	switch {
	case a.ending:
		return ""
	case slices.Contains(a.hops, a.name):
		return "its CNAME leads back to " + a.name + " in a loop, and to no address"
	}
	return fmt.Sprintf("more than %d CNAMEs follow one another, and the rest is not followed", resolve.MaxHops)
}

// Loops reports whether the chain of a name's CNAMEs is a loop or too long.
func (e *Explainer) Loops(z *zone.Zone, name string) bool { return e.aliasEnd(z, name).loop() != "" }

// outside returns the hostnames whose addresses come from upstream servers.
func (a *aliasEnd) outside() string {
	hosts := []string{a.name}
	if a.zone != nil && a.Result == zone.Flatten {
		hosts = a.Hosts
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

// dangling returns, for an alias of a name that does not exist, a sentence that says so and why the name does not exist. It returns ""
// for any other name.
func (e *Explainer) dangling(z *zone.Zone, name string) string {
	end := e.aliasEnd(z, name)
	switch {
	case len(end.hops) == 0 || !end.ending:
		return ""
	case end.zone == nil:
		return "its CNAME leads to " + end.name + ", and an upstream server says that this name does not exist"
	}
	text := "its CNAME leads to " + end.name + ", which does not exist"
	if r, ok := e.ExtendedError(end.zone, end.name, resolve.Outcome{Result: zone.NameError}); ok {
		text += ": " + r.Text
	}
	return text
}
