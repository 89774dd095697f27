package object

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Settings are what a stanza says about the objects that it serves.
type Settings struct {
	Zones         *zone.Zones
	Filters       *Filters
	TTL           uint32   // of records that do not bring their own, seconds
	KeepUnserved  bool     // somebody wants to know which objects do not count
	KeepsExcluded bool     // and which names the stanza excludes
	Steers        bool     // the stanza has `steer`: objects are read for what its filters know of a target
	ReadClients   bool     // and its filters know the network of a client (T3)
	Networks      []string // the names of the networks, for the annotations of objects (T3)
	WatchBackends bool     // and its filters know whether a target has a ready endpoint (T2)
}

// Filters say which objects count.
type Filters struct {
	IngressClasses   []string
	GatewayClasses   []string
	ServiceSelectors []labels.Selector // a Service that matches one of them counts
	NodeAddressType  corev1.NodeAddressType
	PreferHostnames  bool     // of load balancers, over their addresses
	Gateways         []string // keys
	Namespaces       []string // that are watched; none for all
	LabelSelector    string   // of objects of the configured kinds
	Selector         labels.Selector
	ExternalDNS      []string // annotations of external-dns that count
}

// IgnoreLabel excludes an object of any kind (L1).
const IgnoreLabel = "k8s-gateway.dns/ignore"

// Ignored reports whether the ignore label takes an object out.
func Ignored(obj kube.Object) bool { return obj.GetLabels()[IgnoreLabel] == "true" }

// WhyFiltered returns why an object of a configured kind does not count, whatever its kind.
func (f *Filters) WhyFiltered(obj kube.Object) string {
	switch {
	case Ignored(obj):
		return "it has the label " + IgnoreLabel
	case f.foreign(obj.GetAnnotations()):
		return "external-dns's controller annotation leaves it to somebody else"
	}
	return ""
}

// Informers returns those of a resource: one, or one for each of the namespaces that are watched.
func Informers[T kube.Object, R any](c *Settings, kind string, r kube.Resource, objects *store.Store[R], convert func(T) (*R, *record.Unserved), put func(old, new *R)) []*kube.Informer {
	var list []*kube.Informer
	for _, r := range r.In(c.Filters.Namespaces) {
		i := kube.NewInformer(kind, kind, r, objects, convert, put)
		if c.KeepUnserved {
			i.Unserved = record.NewUnservedStore()
		}
		list = append(list, i)
	}
	return list
}

// Convert makes the record of an object of a kind, whose wildcards have a reach; convert claims its names. It returns the object as one
// that is left out, if it does not count or if the stanza excludes some of its names.
func Convert[T kube.Object](c *Settings, kind string, reach dnsname.Reach, obj T, convert func(*Builder, T)) (*record.Record, *record.Unserved) {
	b := NewBuilder(c, reach, kube.MetaOf(obj))
	if why := c.Filters.WhyFiltered(obj); why != "" && b.MarkUnserved(why) {
		return nil, nil
	}
	b.Annotations = c.Annotate(&b.Skips, obj.GetAnnotations(), kind)
	convert(b, obj)
	if b.unservedReason != "" {
		return nil, b.unserved()
	}
	return b.Record(), b.excludedNames()
}

// AdmitService reports whether a Service's labels match one of the selectors, where there are any.
func (f *Filters) AdmitService(set labels.Set) bool {
	return len(f.ServiceSelectors) == 0 ||
		slices.ContainsFunc(f.ServiceSelectors, func(s labels.Selector) bool { return s.Matches(set) })
}
