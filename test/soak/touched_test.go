package soak

import (
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// changes knows which names may have had different answers while objects changed.
type changes struct {
	union   *model.World // with every version of every object
	changed []change
	steady  []*model.Claim     // that nothing changed about
	claimed map[string]bool    // the names of steady claims
	exists  map[string]bool    // what existing said
	touches map[string]bool    // what touched said
	touched map[model.Ref]bool // objects
}

// change is a name that something that changed claims.
type change struct {
	name      string
	delegates bool
	blocked   bool // a wildcard that covers no name that exists (W3)
}

// newChanges takes the world with everything that any object was, in any combination, and the objects that changed.
func newChanges(union *model.World, touched map[model.Ref]bool) *changes {
	c := &changes{union: union, claimed: map[string]bool{}, exists: map[string]bool{}, touches: map[string]bool{}, touched: touched}
	seen := map[change]bool{}
	for i := range union.Claims {
		claim := &union.Claims[i]
		if !slices.ContainsFunc(claim.From, func(r model.Ref) bool { return touched[r] }) {
			c.steady = append(c.steady, claim)
			c.claimed[claim.Name] = true
			continue
		}
		if ch := (change{claim.Name, claim.Delegates(), claim.Blocked()}); !seen[ch] {
			seen[ch] = true
			c.changed = append(c.changed, ch)
		}
	}
	if touched[model.Ref{Kind: "Service", Namespace: infra, Name: "ns"}] {
		for _, z := range union.Zones {
			c.changed = append(c.changed, change{name: union.Nameservers[0].In(z, union.Zones)})
		}
	}
	return c
}

// may reports whether the answers for a name may have been different for a moment.
func (c *changes) may(name string) bool {
	known, ok := c.touches[name]
	if !ok {
		ours := slices.ContainsFunc(c.union.Zones, func(z string) bool { return within(name, z) })
		known = ours && within(name, "beacon."+zone) || ours && slices.ContainsFunc(c.changed, func(ch change) bool { return c.reaches(ch, name) })
		c.touches[name] = known
	}
	return known
}

// reaches reports whether a change may concern a name.
func (c *changes) reaches(ch change, name string) bool {
	wild, isWild := strings.CutPrefix(ch.name, "*.")
	switch {
	case name == ch.name, ch.delegates && within(name, ch.name):
		return true
	case isWild && within(name, wild) && name != wild && !c.claimed[name]:
		if !c.existing(name) || !ch.blocked && slices.Contains(c.union.Zones, name) {
			return true // it may be covered, as an apex is by the wildcard of a route (W5)
		}
	case within(ch.name, name):
		return !c.existing(name) // it may be an empty non-terminal
	}
	// An RFC 4592 wildcard covers a name, or does not, for whether a name that is above both exists.
	up := above(name, ch.name)
	return !c.claimed[name] && !c.existing(name) && !c.existing(up)
}

// existing reports whether a name exists all the time: it, or one below it, answers.
func (c *changes) existing(name string) bool {
	known, ok := c.exists[name]
	if !ok {
		known = slices.Contains(c.union.Zones, name) || slices.ContainsFunc(c.union.Zones, func(z string) bool { return within(z, name) }) ||
			slices.ContainsFunc(c.steady, func(claim *model.Claim) bool { return within(claim.Name, name) && usable(claim) })
		c.exists[name] = known
	}
	return known
}

func usable(c *model.Claim) bool {
	return len(c.Addresses) > 0 || len(c.Records) > 0 || c.CNAME != "" || slices.ContainsFunc(c.Hosts, func(host string) bool { return host != c.Name })
}

// mayFlatten reports whether the answers for a name may have been the addresses behind other names for a moment, which
// cannot always be had.
func (c *changes) mayFlatten(name string) bool {
	return slices.ContainsFunc(c.union.Claims, func(claim model.Claim) bool {
		wild, isWild := strings.CutPrefix(claim.Name, "*.")
		return len(claim.Hosts)+len(claim.CNAME) > 0 && (claim.Name == name || isWild && within(name, wild))
	})
}

func within(name, other string) bool {
	return name == other || other == "" || strings.HasSuffix(name, "."+other)
}

// above returns the nearest name that is above, or is, both of two others.
func above(a, b string) string {
	for !within(b, a) {
		_, a, _ = strings.Cut(a, ".")
	}
	return a
}
