package gateway

import (
	"slices"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// settings are what a stanza says about the objects that it serves.
type settings struct {
	zones         *zone.Zones
	filters       *filters
	ttl           uint32       // of records that do not bring their own, seconds
	keepsLeftOut  bool         // somebody wants to know which objects do not count
	keepsExcluded bool         // and which names the stanza excludes
	listed        *atomic.Bool // everything that is watched was listed once, or found absent
}

// filters say which objects count.
type filters struct {
	ingressClasses   []string
	gatewayClasses   []string
	serviceSelectors []labels.Selector // a Service that matches one of them counts
	nodeAddressType  corev1.NodeAddressType
	preferHostnames  bool     // of load balancers, over their addresses
	gateways         []string // keys
	namespaces       []string // that are watched; none for all
	labelSelector    string   // of objects of the configured kinds
	selector         labels.Selector
	externalDNS      []string // annotations of external-dns that count
}

// ignoreLabel excludes an object of any kind (L1).
const ignoreLabel = "k8s-gateway.dns/ignore"

func ignored(obj kube.Object) bool { return obj.GetLabels()[ignoreLabel] == "true" }

// excludes returns why an object of a configured kind does not count, whatever its kind.
func (f *filters) excludes(obj kube.Object) string {
	switch {
	case ignored(obj):
		return "it has the label " + ignoreLabel
	case f.foreign(obj.GetAnnotations()):
		return "external-dns's controller annotation leaves it to somebody else"
	}
	return ""
}

// informers returns those of a resource: one, or one for each of the namespaces that are watched.
func informers[T kube.Object, R any](c *settings, what string, r kube.Resource, objects *store.Store[R], convert func(T) (*R, *record.LeftOut), put func(old, new *R)) []*kube.Informer {
	var list []*kube.Informer
	for _, r := range r.In(c.filters.namespaces) {
		i := kube.NewInformer(what, r, objects, convert, put)
		if c.keepsLeftOut {
			i.Left = record.NewLeftOuts()
		}
		list = append(list, i)
	}
	return list
}

// convertWith makes the record of an object of a kind, whose wildcards are of a sort, with what convert claims for it.
func convertWith[T kube.Object](c *settings, kind string, sort dnsname.Sort, obj T, convert func(*builder, T)) (*record.Record, *record.LeftOut) {
	b := newBuilder(c, sort, kube.MetaOf(obj))
	if why := c.filters.excludes(obj); why != "" && b.leave(why) {
		return nil, nil
	}
	b.annotations = c.filters.annotate(&b.Skips, obj.GetAnnotations(), kind, c.ttl)
	convert(b, obj)
	if b.left != "" {
		return nil, b.leftOut()
	}
	return b.record(), b.excludedNames()
}

// admitService reports whether a Service's labels match one of the selectors, where there are any.
func (f *filters) admitService(set labels.Set) bool {
	return len(f.serviceSelectors) == 0 ||
		slices.ContainsFunc(f.serviceSelectors, func(s labels.Selector) bool { return s.Matches(set) })
}
