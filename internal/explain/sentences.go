package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Sentences returns, for the status page, sentences that say how a question for the addresses of a name ends and why.
func (g *Explainer) Sentences(z *zone.Zone, name string, o resolve.Outcome, a *zone.Answer, next, unasked bool) (list []string) {
	say := func(format string, v ...any) { list = append(list, statuspage.Sentence(fmt.Sprintf(format, v...))) }
	g.RLock()
	m := g.Names.Find(name)
	cut, delegated := g.Names.Cut(name, z.Name)
	g.RUnlock()
	switch {
	case delegated:
		say("It is delegated at %s, to the nameservers of a DNSEndpoint.", cut)
	case g.IsNameserver(name):
		say("It is the name of a nameserver of the zone.")
		if text := g.Nameservers.Problem(name); text != "" {
			say("%s.", text)
		}
	case a.By != nil:
		object := g.Origin(z, name, dns.TypeA).object()
		lost := o.Result == zone.Unavailable || o.Result == zone.NameError || o.Dangling && g.Loops(z, name)
		switch {
		case lost && a.Result == zone.Flatten:
			say("%s points it at %s.", object, someNames(a.Hosts))
		case lost && a.Result == zone.Alias:
			say("%s points it at %s.", object, a.Target)
		default:
			say("%s answers.", object)
		}
	case m.Result == dnsname.NonTerminal && name != z.Name:
		say("Only names below it exist.")
	case m.Result == dnsname.Exact || m.Result == dnsname.Wildcard:
		say("It exists, and has no address.")
	}
	if m.Result == dnsname.Wildcard && m.Name != name {
		say("It matches the wildcard %s.", m.Name)
	}
	var r ExtendedError
	if unasked {
		say("%s.", resolve.NotLookedUp)
	} else if explained, ok := g.ExtendedError(z, name, o); ok {
		r = explained
		say("%s.", r.Text)
	}
	for _, text := range g.unserved(z, name) {
		if !strings.Contains(r.Text, text) {
			say("%s.", text)
		}
	}
	if len(list) == 0 && o.Result == zone.NameError {
		say("No object here claims it.")
		near, pending := g.near(z, name)
		if len(near) > 0 {
			say("There is %s.", strings.Join(near, ", "))
		}
		if len(pending) > 0 {
			say("There are claims on %s, without an address yet.", strings.Join(pending, ", "))
		}
		kinds, absent := g.served()
		if len(kinds) > 0 {
			say("The kinds that are served are %s.", strings.Join(kinds, ", "))
		}
		if len(absent) > 0 {
			say("The API server does not serve %s.", strings.Join(absent, ", "))
		}
	}
	switch {
	case next && name == z.Name:
		say("SOA and NS of the zone are answered here. For every other type, the next plugin is asked.")
	case next:
		say("The next plugin is asked for it.")
	}
	return list
}

// unserved returns a sentence for each object that claims a name, or a wildcard that covers it, and is not served.
func (g *Explainer) unserved(z *zone.Zone, name string) (list []string) {
	for _, c := range g.Clusters {
		for _, i := range c.Demanded() {
			reach := dnsname.Closest
			if k := source.KindNamed(i.Kind); k != nil {
				reach = k.Wildcards
			}
			for _, l := range i.Unserved.Claiming(name, reach, maxReasons) {
				list = append(list, fmt.Sprintf("%s %s claims it and does not count: %s", i.Kind, l.Meta.Key().String(), l.Reason))
			}
			if i.Kind != "Service" {
				continue
			}
			if l := i.Unserved.Get(serviceOf(z, name)); l != nil && l.HideRow {
				list = append(list, fmt.Sprintf("Service %s does not count: %s", l.Meta.Key().String(), l.Reason))
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), maxReasons)]
}

// serviceOf returns the key of the Service whose default name a name is, or "".
func serviceOf(z *zone.Zone, name string) string {
	labels := strings.Split(strings.TrimSuffix(strings.TrimSuffix(name, z.Name), "."), ".")
	if len(labels) != 2 {
		return ""
	}
	return store.Key{Namespace: labels[1], Name: labels[0]}.String()
}

// served returns the configured kinds that some API server serves, and those that none does.
func (g *Explainer) served() (list, absentKinds []string) {
	for i := range g.Kinds {
		if k := &g.Kinds[i]; absentKind(k) {
			absentKinds = append(absentKinds, k.Name)
		} else {
			list = append(list, k.Name)
		}
	}
	return list, absentKinds
}

// absentKind reports whether no API server serves the kind.
func absentKind(k *source.ServedKind) bool {
	for _, s := range k.Parts {
		if slices.ContainsFunc(s.Informers, func(i *kube.Informer) bool { return i.Kind == k.Name && i.Problem.Load() != kube.Absent }) {
			return false
		}
	}
	return true
}
