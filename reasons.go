package gateway

import (
	"fmt"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
)

// reasons says, in sentences for the status page, why a question for the addresses of a name ends as it does.
func (g *Gateway) reasons(z *zone, name string, o outcome, answered, next bool) (list []string) {
	say := func(format string, v ...any) { list = append(list, fmt.Sprintf(format, v...)) }
	g.mu.RLock()
	m := g.names.Find(name)
	cut, delegated := g.names.Cut(name, z.name)
	g.mu.RUnlock()
	switch {
	case delegated:
		say("It is delegated at %s, to the nameservers of a DNSEndpoint.", cut)
	case g.nsNames[name] != nil:
		say("It is the name of a nameserver of the zone.")
	case answered:
		s := g.origin(z, name, dns.TypeA)
		say("%s answers.", s.object())
	case m.Result == names.NonTerminal:
		say("Only names below it exist.")
	case m.Result == names.Exact || m.Result == names.Wildcard:
		say("It exists, and has no address.")
	}
	if m.Result == names.Wildcard && m.Name != name {
		say("It matches the wildcard %s.", m.Name)
	}
	if r, ok := g.reason(z, name, o); ok {
		say("%s.", r.text)
	}
	list = append(list, g.leftOut(name)...)
	if len(list) == 0 && o.result == nameError {
		say("No object here claims it.")
	}
	if next {
		say("The next plugin is asked for it.")
	}
	return list
}

func (s source) object() string {
	if s.namespace == "" {
		return s.kind + " " + s.name
	}
	return s.kind + " " + s.namespace + "/" + s.name
}

// leftOut says which objects claim a name, or a wildcard over it, and do not count.
func (g *Gateway) leftOut(name string) (list []string) {
	claims := func(claimed string) bool {
		suffix, wild := names.IsWildcard(claimed)
		return claimed == name || wild && names.Within(name, suffix)
	}
	for _, c := range g.clusters {
		for _, i := range c.demanded() {
			for _, l := range i.left.list() {
				if slices.ContainsFunc(l.names, claims) {
					list = append(list, fmt.Sprintf("%s %s claims it and does not count: %s.", i.kind, l.meta.key(), l.reason))
				}
			}
		}
	}
	slices.Sort(list)
	return list[:min(len(list), maxReasons)]
}
