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

// Settings are the properties of a stanza that concern the reading of objects.
type Settings struct {
	Zones         *zone.Zones
	Filters       *Filters
	TTL           uint32   // of records whose object does not state one, in seconds
	KeepUnserved  bool     // the stanza has explanations or a status page, so unserved objects are kept, with the reason
	KeepsExcluded bool     // the stanza has a status page, so excluded names are kept
	Steers        bool     // the stanza has `steer`, so the annotations for filters are read
	ReadClients   bool     // the stanza has `steer subnet`, so the annotation coredns.io/clients is read (T3)
	Networks      []string // the names of the stanza's networks, which that annotation may use (T3)
	WatchBackends bool     // the stanza has `steer healthy`, so backend Services and their EndpointSlices are watched (T2)
}

// Filters decide which objects are served, and which of their values.
type Filters struct {
	IngressClasses   []string
	GatewayClasses   []string
	ServiceSelectors []labels.Selector // a Service has to match one of them; empty for no condition
	NodeAddressType  corev1.NodeAddressType
	PreferHostnames  bool     // the hostnames of a load balancer replace its addresses (C7)
	Gateways         []string // keys
	Namespaces       []string // the watched ones; empty for all
	LabelSelector    string   // for objects of the configured kinds
	Selector         labels.Selector
	ExternalDNS      []string // the annotations of external-dns that are read
}

// IgnoreLabel is the label that takes an object of any kind out of service (L1).
const IgnoreLabel = "k8s-gateway.dns/ignore"

// Ignored reports whether an object has the ignore label.
func Ignored(obj kube.Object) bool { return obj.GetLabels()[IgnoreLabel] == "true" }

// WhyFiltered returns why the filters of every kind exclude an object, or an empty string.
func (f *Filters) WhyFiltered(obj kube.Object) string {
	switch {
	case Ignored(obj):
		return "it has the label " + IgnoreLabel
	case f.foreign(obj.GetAnnotations()):
		return "external-dns's controller annotation leaves it to somebody else"
	}
	return ""
}

// Informers returns the informers of a resource: one, or one for each watched namespace.
func Informers[T kube.Object, R any](settings *Settings, kind string, r kube.Resource, objects *store.Store[R], convert func(T) (*R, *record.Unserved), put func(old, new *R)) []*kube.Informer {
	var list []*kube.Informer
	for _, r := range r.In(settings.Filters.Namespaces) {
		i := kube.NewInformer(kind, kind, r, objects, convert, put)
		if settings.KeepUnserved {
			i.Unserved = record.NewUnservedStore()
		}
		list = append(list, i)
	}
	return list
}

// Convert makes the record of an object; convert claims its names. reach is that of the kind's wildcards. If the object is not served,
// or not at some of its names because they are excluded, Convert also returns an Unserved.
func Convert[T kube.Object](settings *Settings, kind string, reach dnsname.Reach, obj T, convert func(*Builder, T)) (*record.Record, *record.Unserved) {
	b := NewBuilder(settings, reach, kube.MetaOf(obj))
	if why := settings.Filters.WhyFiltered(obj); why != "" && b.MarkUnserved(why) {
		return nil, nil
	}
	b.Annotations = settings.Annotate(&b.Skips, obj.GetAnnotations(), kind)
	convert(b, obj)
	if b.unservedReason != "" {
		return nil, b.unserved()
	}
	return b.Record(), b.excludedNames()
}

// AdmitService reports whether the labels of a Service match one of the selectors, or there are none.
func (f *Filters) AdmitService(set labels.Set) bool {
	return len(f.ServiceSelectors) == 0 ||
		slices.ContainsFunc(f.ServiceSelectors, func(s labels.Selector) bool { return s.Matches(set) })
}
