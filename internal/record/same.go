package record

import (
	"reflect"
	"slices"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Comparison compares data and caches the results. Thousands of names of one object share their data, or at least the lists of
// targets in it, so a list is compared once and not once for each name (N7).
type Comparison struct {
	a, b  *Data             // the last pair
	equal bool              // the result for the last pair
	pairs map[[2]*Data]bool // the results for all pairs; nil as long as there is one pair
	addrs sameLists[target.Addr]
	hosts sameLists[string]
}

// Same reports whether two data are equal.
func (c *Comparison) Same(a, b *Data) bool {
	if a == b {
		return true
	}
	if c.a == a && c.b == b {
		return c.equal
	}
	equal, cached := c.pairs[[2]*Data{a, b}]
	if !cached {
		equal = a.TTL == b.TTL && a.Steering.same(b.Steering) && c.addrs.same(a.Addrs, b.Addrs) && c.hosts.same(a.Hosts, b.Hosts) && a.Extra.same(b.Extra)
	}
	if c.a != nil && !cached {
		if c.pairs == nil {
			c.pairs = map[[2]*Data]bool{{c.a, c.b}: c.equal}
		}
		c.pairs[[2]*Data{a, b}] = equal
	}
	c.a, c.b, c.equal = a, b, equal
	return equal
}

// sameLists compares lists, and caches the results for long ones.
type sameLists[T comparable] struct {
	results  map[twoLists[T]]bool
	compared int // long lists
}

// twoLists identifies two lists of one length by their first elements.
type twoLists[T comparable] struct {
	a, b   *T
	length int
}

// same reports whether two lists are equal.
func (l *sameLists[T]) same(a, b []T) bool {
	if len(a) != len(b) || len(a) <= MaxShort {
		return slices.Equal(a, b)
	}
	two := twoLists[T]{&a[0], &b[0], len(a)}
	equal, cached := l.results[two]
	if !cached {
		if l.results == nil {
			l.results = map[twoLists[T]]bool{}
		}
		equal = slices.Equal(a, b)
		l.results[two] = equal
		l.compared++
	}
	return equal
}

// same reports whether two values are equal.
func (x *Extra) same(y *Extra) bool {
	return x == y || x.EndpointType == y.EndpointType && x.CNAME == y.CNAME && x.ServiceSRV == y.ServiceSRV && x.Gateway == y.Gateway && x.Route == y.Route &&
		x.HasTarget == y.HasTarget && x.Own.Compare(y.Own) == 0 && slices.EqualFunc(x.RRs, y.RRs, func(a, b dns.RR) bool { return CompareRRs(a, b) == 0 })
}

// same reports whether two values are equal, apart from whether the backends are ready.
func (s *Steering) same(t *Steering) bool {
	if s == nil || t == nil {
		return s == t
	}
	return s.Readiness.same(t.Readiness) && s.Stated.same(t.Stated)
}

// same reports whether two values have the same backends.
func (r *Readiness) same(o *Readiness) bool {
	return r == o || r != nil && o != nil && r.ID == o.ID
}

// same reports whether two values are equal.
func (s *Stated) same(t *Stated) bool {
	return s == t || s.ID == t.ID && s.Weight == t.Weight && s.Priority == t.Priority && slices.Equal(s.Networks, t.Networks) &&
		slices.Equal(s.Clients, t.Clients) && reflect.DeepEqual(s.Place, t.Place)
}
