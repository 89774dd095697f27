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

// Sentences returns sentences for the status page about the answer to a question for the addresses of a name, and its reasons. next tells
// that the question goes to the next plugin, and unasked that names outside the zones have not been looked up.
func (e *Explainer) Sentences(z *zone.Zone, name string, o resolve.Outcome, a *zone.Answer, next, unasked bool) (list []string) {
	add := func(format string, v ...any) { list = append(list, statuspage.Sentence(fmt.Sprintf(format, v...))) }
	e.RLock()
	m := e.Names.Find(name)
	cut, delegated := e.Names.Cut(name, z.Name)
	e.RUnlock()
	switch {
	case delegated:
		add("It is delegated at %s, to the nameservers of a DNSEndpoint.", cut)
	case e.IsNameserver(name):
		add("It is the name of a nameserver of the zone.")
		if text := e.Nameservers.Problem(name); text != "" {
			add("%s.", text)
		}
	case a.By != nil:
		object := e.Origin(z, name, dns.TypeA).object()
		lost := o.Result == zone.Unavailable || o.Result == zone.NameError || o.Dangling && e.Loops(z, name)
		switch {
		case lost && a.Result == zone.Flatten:
			add("%s points it at %s.", object, someNames(a.Hosts))
		case lost && a.Result == zone.Alias:
			add("%s points it at %s.", object, a.Target)
		default:
			add("%s answers.", object)
		}
	case m.Result == dnsname.NonTerminal && name != z.Name:
		add("Only names below it exist.")
	case m.Result == dnsname.Exact || m.Result == dnsname.Wildcard:
		add("It exists, and has no address.")
	}
	if m.Result == dnsname.Wildcard && m.Name != name {
		add("It matches the wildcard %s.", m.Name)
	}
	var r ExtendedError
	if unasked {
		add("%s.", resolve.NotLookedUp)
	} else if explained, ok := e.ExtendedError(z, name, o); ok {
		r = explained
		add("%s.", r.Text)
	}
	for _, text := range e.unserved(z, name) {
		if !strings.Contains(r.Text, text) {
			add("%s.", text)
		}
	}
	if len(list) == 0 && o.Result == zone.NameError {
		add("No object here claims it.")
		near, pending := e.near(z, name)
		if len(near) > 0 {
			add("There is %s.", strings.Join(near, ", "))
		}
		if len(pending) > 0 {
			add("There are claims on %s, without an address yet.", strings.Join(pending, ", "))
		}
		kinds, absent := e.served()
		if len(kinds) > 0 {
			add("The kinds that are served are %s.", strings.Join(kinds, ", "))
		}
		if len(absent) > 0 {
			add("The API server does not serve %s.", strings.Join(absent, ", "))
		}
	}
	switch {
	case next && name == z.Name:
		add("SOA and NS of the zone are answered here. For every other type, the next plugin is asked.")
	case next:
		add("The next plugin is asked for it.")
	}
	return list
}

// unserved returns a sentence for each object that claims a name, or a wildcard that covers it, and is not served.
func (e *Explainer) unserved(z *zone.Zone, name string) (list []string) {
	for _, c := range e.Clusters {
		for _, i := range c.Demanded() {
			reach := dnsname.Closest
			if k := source.KindNamed(i.Kind); k != nil {
				reach = k.Wildcards
			}
			for _, l := range i.Unserved.Claiming(name, reach, maxReasons) {
				list = append(list, fmt.Sprintf("%s %s claims it and is not served: %s", i.Kind, l.Meta.Key().String(), l.Reason))
			}
			if i.Kind != "Service" {
				continue
			}
			if l := i.Unserved.Get(serviceOf(z, name)); l != nil && l.HideRow {
				list = append(list, fmt.Sprintf("Service %s is not served: %s", l.Meta.Key().String(), l.Reason))
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), maxReasons)]
}

// serviceOf returns the key of the Service that has a name as its default name, or "".
func serviceOf(z *zone.Zone, name string) string {
	labels := strings.Split(strings.TrimSuffix(strings.TrimSuffix(name, z.Name), "."), ".")
	if len(labels) != 2 {
		return ""
	}
	return store.Key{Namespace: labels[1], Name: labels[0]}.String()
}

// served returns the configured kinds that an API server serves, and those that no API server serves.
func (e *Explainer) served() (list, absentKinds []string) {
	for i := range e.Kinds {
		if k := &e.Kinds[i]; absentKind(k) {
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
