package gatewayapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// Limits on one route, far above any legitimate use.
const (
	maxHosts    = 1 << 10 // hosts, each of which is matched with every listener
	maxBindings = 1 << 12 // names under its Gateways
	maxPairs    = 1 << 16 // pairs of a host and a listener
)

// binder computes the bindings of a route, each once.
type binder struct {
	*snapshot
	kind   string // the kind of the route
	route  *Route
	list   []Binding
	seen   map[Binding]struct{} // the bindings of the list, if there are many; nil before
	pairs  int                  // how many pairs of a host and a listener were matched
	labels int                  // how many labels are in the names of the list
	excess record.Skips         // a note of what was skipped because it exceeds a limit
}

// hostState is what a binder knows about one of the route's hosts.
type hostState uint8

const (
	hostBound   hostState = 1 << iota // it is bound to the current parent
	hostInside                        // it matches names in a zone
	hostOutside                       // it matches names in no zone
)

// Bindings returns the bindings of a route, sorted, and a note of what was skipped because it exceeds a limit.
func (s *snapshot) Bindings(r *Routes, rt *Route) ([]Binding, record.Skips) {
	if rt == nil {
		return nil, record.Skips{}
	}
	hosts := rt.Hosts
	if rt.Inherit {
		hosts = append([]string{""}, hosts...)
	}
	var few [8]hostState
	states := few[:min(len(hosts), len(few))]
	if len(hosts) > len(few) {
		states = make([]hostState, len(hosts))
	}
	b := binder{snapshot: s, kind: r.Kind, route: rt}
	for _, p := range rt.parents {
		gw, listeners, owner := s.listeners(p)
		b.parent(p, gw, listeners, owner, hosts, states)
		gw, listeners, owner = s.earlierListeners(p)
		b.parent(p, gw, listeners, owner, hosts, states)
	}
	slices.SortFunc(b.list, Binding.compare)
	return b.list, b.excess
}

// parent adds the bindings of a route with the listeners of one parent. owner is the namespace of the object that has the
// listeners.
func (b *binder) parent(p parent, gw *ParentGateway, listeners []listener, owner string, hosts []string, states []hostState) {
	for i := range states {
		states[i] &^= hostBound
	}
	var done []string // the hosts of listeners that were matched; many listeners of a Gateway may have the same host
	for i := range listeners {
		l := &listeners[i]
		if !l.admits(p, b.kind) || !l.namespaces.admit(b.route.Namespace, owner, b.selects) || slices.Contains(done, l.host) {
			continue
		}
		done = append(done, l.host)
		if !b.listener(l.host, gw, hosts, states) {
			return
		}
	}
}

// listener adds the bindings of a route with one host of a Gateway's listeners, and reports whether there is room for more. A
// pattern is either a host of the route or the host of the listener. A host that is not a wildcard has at most one binding per parent;
// a wildcard has one more for each listener with a narrower host, whatever the order of the listeners.
func (b *binder) listener(host string, gw *ParentGateway, hosts []string, states []hostState) bool {
	inherited := false
	for i, own := range hosts {
		if states[i]&hostOutside != 0 || states[i]&hostBound != 0 && !strings.HasPrefix(own, "*.") {
			continue
		}
		if b.pairs++; b.pairs > maxPairs {
			return b.full(maxPairs, "pairs of hosts and listeners")
		}
		pattern, ok := intersect(own, host)
		if !ok {
			continue
		}
		if pattern == own {
			if states[i]&hostInside == 0 && !b.zones.CanServe(pattern, dnsname.AnyDepth) {
				states[i] |= hostOutside
				continue
			}
			states[i] |= hostInside | hostBound
		} else {
			if inherited || !b.zones.CanServe(pattern, dnsname.AnyDepth) {
				inherited = true
				continue
			}
			inherited = true
		}
		if !b.add(b.route.bind(pattern, gw)) {
			return false
		}
	}
	return true
}

// add adds a binding, unless the list has it already, and reports whether there was room for it.
func (b *binder) add(n Binding) bool {
	const many = 8 // from here on a map is faster than a list
	if len(b.list) == many && b.seen == nil {
		b.seen = map[Binding]struct{}{}
		for _, old := range b.list {
			b.seen[old] = struct{}{}
		}
	}
	_, there := b.seen[n]
	switch {
	case there || b.seen == nil && slices.Contains(b.list, n):
		return true
	case len(b.list) == maxBindings:
		return b.full(maxBindings, "names under its Gateways")
	case b.labels >= object.MaxLabels:
		return b.full(object.MaxLabels, "labels in names under its Gateways")
	case b.seen != nil:
		b.seen[n] = struct{}{}
	}
	b.list = append(b.list, n)
	b.labels += dnsname.Labels(n.Pattern)
	return true
}

// full notes that something is skipped because it exceeds a limit. It returns false.
func (b *binder) full(most int, what string) bool {
	if !b.excess.AnySkipped() {
		b.excess.Skip("name", b.route.Key().String(), fmt.Errorf("has more than %d %s, the rest is left out", most, what))
	}
	return false
}
