package gatewayapi

import (
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// byHost is the index of routes by their own hosts. It exists only with `explain` or `status`.
const byHost = 2

// routeHosts is the index byHost.
func routeHosts(rt *Route, file func(string)) {
	for _, host := range rt.Hosts {
		file(host)
	}
}

// Refusals returns why the routes with a host are not served. It names at most `most` routes, and at most `most` parents of each.
func (j *Join) Refusals(host string, most int) []string {
	var texts []string
	for _, r := range j.Kinds {
		found := r.Index.ByValue(byHost, host)
		for _, rt := range found.All() {
			if rt.IsEarlier() {
				continue
			}
			if len(texts) == most {
				return append(texts, "…")
			}
			texts = append(texts, r.Kind+" "+rt.Key().String()+": "+j.Refusal(r, rt, most))
		}
	}
	return texts
}

// Refusal returns why each parent of a route does not admit it.
func (j *Join) Refusal(r *Routes, rt *Route, most int) string {
	var texts []string
	s := j.Current()
	for _, p := range rt.parents {
		text := j.refusalAt(&s, r, rt, p)
		if slices.Contains(texts, text) {
			continue
		}
		if len(texts) == most {
			texts = append(texts, "…")
			break
		}
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		return "no Gateway accepts it"
	}
	return strings.Join(texts, "; ")
}

// refusalAt returns the first reason why one parent of a route does not admit it.
func (j *Join) refusalAt(s *snapshot, r *Routes, rt *Route, p parent) string {
	who := p.kind() + " " + p.key.String()
	gw, listeners, owner := s.listeners(p)
	if gw == nil {
		return j.absence(s, p)
	}
	suitable, allowed := false, false
	for i := range listeners {
		l := &listeners[i]
		admits := l.admits(p, r.Kind)
		suitable = suitable || admits
		allowed = allowed || admits && l.namespaces.admit(rt.Namespace, owner, s.selects)
	}
	switch {
	case !suitable:
		return who + " has no such listener for a " + r.Kind
	case !allowed:
		return who + " does not allow namespace " + rt.Namespace
	}
	return "no listener of " + who + " has a host that matches"
}

// absence returns why a parent has no listeners.
func (j *Join) absence(s *snapshot, p parent) string {
	const away = " is not there, not accepted or filtered out"
	if !p.isSet {
		return "Gateway " + p.key.String() + away
	}
	set := s.set(p.key)
	if set == nil && !slices.ContainsFunc(j.Sets.informers, func(i *kube.Informer) bool { return i.Demanded.Load() }) {
		return "no Gateway allows ListenerSets, and so not ListenerSet " + p.key.String()
	}
	if set == nil {
		return "ListenerSet " + p.key.String() + away
	}
	who, of := "Gateway "+set.gateway.String(), "ListenerSet "+p.key.String()
	if s.gateway(set.gateway) == nil {
		return who + " of " + of + away
	}
	return who + " allows no ListenerSets of namespace " + set.Namespace + ", where " + of + " is"
}
