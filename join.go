package gateway

import (
	"cmp"
	"reflect"
	"slices"
	"sync"
	"time"

	"k8s.io/client-go/tools/cache"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
)

// join brings routes and Gateways together. A route and a Gateway make bindings: the patterns that
// the route's hosts and the Gateway's listeners have in common. Each binding is a record of the route's
// kind, once for however many routes share it, so that a query for a name costs the same whether one
// route has it or hundreds do. Addresses are not part of a binding: a query takes them from the Gateway.
//
// Bindings are worked out when a route or a Gateway changes, not when a question comes, because only
// then does the table of names know what exists.
type join struct {
	gateway  *Gateway
	index    cache.Indexer // of *parentGateway
	informer *informer     // of Gateways
	kinds    []*routes

	mu sync.Mutex // one change of a route or a Gateway at a time; no query waits for it
}

// routes holds the routes of one kind.
type routes struct {
	served *served
	index  cache.Indexer // of *route, by Gateway
}

// binding is a pattern that a Gateway serves for some route.
type binding struct {
	pattern string
	gateway string // key
	ready   bool   // the Gateway has a target
}

func (c *cluster) gateways(g *Gateway) *join {
	if c.join == nil {
		j := &join{gateway: g, index: cache.NewIndexer(keyOf, cache.Indexers{})}
		j.informer = newInformer("Gateway", custom(gatewayAPI, "gateways"), &gatewayv1.Gateway{}, j.index,
			func(gw *gatewayv1.Gateway) *parentGateway { return newParentGateway(&g.filters, gw) }, j.putGateway)
		c.join = j
	}
	return c.join
}

func (j *join) add(s *served) *routes {
	indexers := cache.Indexers{byGateway: routeGateways}
	if j.gateway.explains {
		indexers[byHost] = routeHosts
	}
	r := &routes{s, cache.NewIndexer(keyOf, indexers)}
	j.kinds = append(j.kinds, r)
	return r
}

// get returns a Gateway, or nil where there is none.
func (j *join) get(key string) *parentGateway {
	obj, _, _ := j.index.GetByKey(key)
	gw, _ := obj.(*parentGateway)
	return gw
}

// targets returns those of a Gateway.
func (j *join) targets(key string) targets {
	if gw := j.get(key); gw != nil {
		return gw.targets
	}
	return targets{}
}

// putRoute replaces a route, nil being none.
func (j *join) putRoute(r *routes, old, new *route) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if new != nil {
		_ = r.index.Update(new)
	} else {
		_ = r.index.Delete(old)
	}
	j.rebind(r, j.bindings(old, j.get), j.bindings(new, j.get), "")
}

// putGateway replaces a Gateway, nil being none, and binds the routes that refer to it anew.
func (j *join) putGateway(old, new *parentGateway) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if new != nil {
		_ = j.index.Update(new)
	} else {
		_ = j.index.Delete(old)
	}
	key := cmp.Or(new, old).key()
	before := func(k string) *parentGateway {
		if k == key {
			return old
		}
		return j.get(k)
	}
	moved := ""
	if old != nil && new != nil && !reflect.DeepEqual(old.targets, new.targets) {
		moved = key
	}
	for _, r := range j.kinds {
		found, _ := r.index.ByIndex(byGateway, key)
		for _, obj := range found {
			rt := obj.(*route)
			j.rebind(r, j.bindings(rt, before), j.bindings(rt, j.get), moved)
		}
	}
}

// rebind takes a route from some bindings to others. New ones come first, so that a name in both does
// not go away in between. moved is the key of a Gateway whose addresses are not what they were.
func (j *join) rebind(r *routes, old, new []binding, moved string) {
	for _, b := range new {
		if _, kept := slices.BinarySearchFunc(old, b, binding.compare); !kept {
			j.bind(r, b)
		} else if b.gateway == moved {
			j.gateway.zones.touch(b.pattern, names.AnyDepth, time.Now())
		}
	}
	for _, b := range old {
		if _, kept := slices.BinarySearchFunc(new, b, binding.compare); !kept {
			j.release(r, b)
		}
	}
}

// bind counts one more route behind a binding, and serves it from the first on.
func (j *join) bind(r *routes, b binding) {
	if rec := r.record(b); rec != nil {
		rec.routes++
		return
	}
	d := &data{ttl: j.gateway.ttl, via: b.gateway, ready: b.ready}
	j.gateway.put(r.served, nil, &record{meta: b.meta(), entries: []entry{{b.pattern, d}}, routes: 1})
}

// release counts one route less, and stops serving after the last.
func (j *join) release(r *routes, b binding) {
	rec := r.record(b)
	if rec.routes--; rec.routes == 0 {
		j.gateway.put(r.served, rec, nil)
	}
}

// record returns the record of a binding, or nil where there is none.
func (r *routes) record(b binding) *record {
	obj, _, _ := r.served.index.GetByKey(b.meta().key())
	rec, _ := obj.(*record)
	return rec
}

// bindings returns what a route is served under, given the Gateways: in order, and each once.
func (j *join) bindings(rt *route, gateway func(key string) *parentGateway) []binding {
	if rt == nil {
		return nil
	}
	hosts := rt.hosts
	if rt.inherit {
		hosts = []string{""}
	}
	var list []binding
	for _, p := range rt.parents {
		gw := gateway(p.gateway)
		if gw == nil {
			continue
		}
		for i := range gw.listeners {
			l := &gw.listeners[i]
			if !l.admits(p) {
				continue
			}
			for _, host := range hosts {
				if pattern, ok := intersect(host, l.host); ok && j.gateway.zones.reach(pattern, names.AnyDepth) {
					list = append(list, binding{pattern, p.gateway, gw.usable(pattern)})
				}
			}
		}
	}
	slices.SortFunc(list, binding.compare)
	return slices.Compact(list)
}

func (b binding) compare(c binding) int {
	return cmp.Or(cmp.Compare(b.pattern, c.pattern), cmp.Compare(b.state(), c.state()))
}

// meta names a binding in its kind's indexer, which holds nothing but bindings.
func (b binding) meta() meta { return meta{namespace: b.pattern, name: b.state()} }

func (b binding) state() string {
	if b.ready {
		return b.gateway + "/ready"
	}
	return b.gateway
}
