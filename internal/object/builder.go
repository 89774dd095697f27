package object

import (
	"cmp"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/health"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// ExcludedReason is why an object does not count under an excluded name.
const ExcludedReason = "the stanza excludes the name"

// Builder makes the record of one object. A bad value costs that value only: it is noted and left
// out (N5).
type Builder struct {
	*Settings
	reach dnsname.Reach
	Rec   *record.Record
	record.Skips
	Annotations
	unservedReason     string       // why the object does not count
	HideRow            bool         // and nobody expects it to
	OutrankedAddresses *record.Data // that hostnames of the load balancer beat; nil for none
	Backends           *health.Join // of the cluster, where the stanza wants to know which targets are ready (T2); else nil
	MoreRecords        int          // that entries hold besides one each, where names multiply with them
	truncated          bool         // names were left out, for there are too many

	excluded []string // names that the stanza excludes, where there is a status page
	labels   int      // in all names

	backed map[*record.Readiness]*record.Data // as Backed returned them
}

// NewBuilder begins the record of an object. The reach is that of the wildcards among its names.
func NewBuilder(c *Settings, reach dnsname.Reach, id record.Meta) *Builder {
	return &Builder{Settings: c, reach: reach, Rec: &record.Record{Meta: id}}
}

// MarkUnserved notes why the object does not count, and reports whether that is all there is to do: names are read for
// explanations and the status page only.
func (b *Builder) MarkUnserved(why string) bool {
	b.unservedReason = cmp.Or(b.unservedReason, why)
	return !b.KeepUnserved
}

// unserved returns an object that does not count, or nil where nobody wants to know.
func (b *Builder) unserved() *record.Unserved {
	if !b.KeepUnserved {
		return nil
	}
	l := &record.Unserved{Meta: b.Rec.Meta, Reason: b.unservedReason, HideRow: b.HideRow}
	for _, e := range b.Rec.Entries {
		l.Names = append(l.Names, e.Name)
	}
	l.Names = append(l.Names, b.excluded...)
	slices.Sort(l.Names)
	l.Names = slices.Compact(l.Names)
	return l
}

// excludedNames returns those names of an object that counts which the stanza excludes, or nil where there are none.
func (b *Builder) excludedNames() *record.Unserved {
	if len(b.excluded) == 0 {
		return nil
	}
	slices.Sort(b.excluded)
	return &record.Unserved{Meta: b.Rec.Meta, Reason: ExcludedReason, Names: slices.Compact(b.excluded)}
}

// NewData returns data with what the object's annotations say.
func (b *Builder) NewData() *record.Data {
	d := &record.Data{TTL: b.Annotations.TTL, Extra: record.NoExtra, Steering: record.NewSteering(b.Annotations.Stated)}
	if b.Annotations.Targets != nil {
		d.Targets = *b.Annotations.Targets
	}
	return d
}

// DataWith returns data with targets of the object's own, unless an annotation replaces them.
func (b *Builder) DataWith(own func() record.Targets) *record.Data {
	d := b.NewData()
	if b.Annotations.Targets == nil {
		d.Targets = own()
	}
	return d
}

// WithBackends returns data of the object for names behind which there are some Services (T2). Names with the same backends share it. No
// backends stand for those that cannot be known.
func (b *Builder) WithBackends(d *record.Data, backends []store.Key) *record.Data {
	known := b.Backends.Of(backends...)
	if known == nil {
		return d
	}
	if b.backed[known.Readiness] == nil {
		if b.backed == nil {
			b.backed = map[*record.Readiness]*record.Data{}
		}
		with := *d
		with.Steering = known.With(b.Annotations.Stated)
		b.backed[known.Readiness] = &with
	}
	return b.backed[known.Readiness]
}

// PreferHostnames has the hostnames of a load balancer beat its addresses, where the stanza says so (C7).
func (b *Builder) PreferHostnames(t *record.Targets) {
	if b.Filters.PreferHostnames && len(t.Hosts) > 0 && len(t.Addrs) > 0 {
		b.OutrankedAddresses = &record.Data{TTL: b.Annotations.TTL, Targets: record.Targets{Addrs: t.Addrs}, Extra: record.NoExtra, Steering: record.NewSteering(b.Annotations.Stated)}
		t.Addrs = nil
	}
}

// DataFor returns the data for a name: the data given or, if these are an alias of the name itself, the addresses beside the alias (C5, C7).
func (b *Builder) DataFor(name string, d *record.Data) *record.Data {
	if b.OutrankedAddresses == nil || len(d.Hosts) != 1 || d.Hosts[0] != name {
		return d
	}
	if b.OutrankedAddresses.Steering != d.Steering {
		with := *b.OutrankedAddresses
		with.Steering = d.Steering
		b.OutrankedAddresses = &with
	}
	return b.OutrankedAddresses
}

// ClaimAnnotated files data under the names that a hostname annotation adds.
func (b *Builder) ClaimAnnotated(d *record.Data) {
	b.ClaimEachAnnotated(func(string) *record.Data { return d })
}

// ClaimEachAnnotated does so with data that depend on the name, as it is written.
func (b *Builder) ClaimEachAnnotated(data func(host string) *record.Data) {
	b.Skips.WithAnnotation(b.HostnameKey, func() {
		for _, host := range b.Hostnames {
			b.Claim(host, data(host))
		}
	})
}

// Record returns what was built, or nil where the object has nothing to say.
func (b *Builder) Record() *record.Record {
	if len(b.Rec.Entries) == 0 && !b.AnySkipped() && b.Rec.Joined == nil {
		return nil
	}
	b.Rec.Settle()
	b.limit()
	b.Rec.Skipped = b.Skips.OrNil()
	return b.Rec.Packed()
}

// Claim files data under a name that is absolute, if it reaches into a zone (N3).
func (b *Builder) Claim(host string, d *record.Data) {
	if name, ok := b.ParseName(host, dnsname.Hostname); ok {
		b.File(name, d)
	}
}

// Expand returns the names that a name of an object stands for: itself if it is in a zone, else that name
// in each of them. A bad one stands for none.
func (b *Builder) Expand(host string) []string {
	name, ok := b.ParseName(host, dnsname.Hostname)
	switch {
	case !ok:
		return nil
	case b.Zones.CanServe(name, b.reach) || b.Zones.InOtherStanza(name) || b.SkipExcluded(name):
		return []string{name}
	}
	return b.InEveryZone(name)
}

// InEveryZone returns a name in every zone that is not a reverse zone.
func (b *Builder) InEveryZone(label string) []string {
	var list []string
	for _, z := range b.Zones.All {
		if z.Reverse {
			continue
		}
		if name, ok := b.ParseName(dnsname.Join(label, z.Name), dnsname.Hostname); ok {
			list = append(list, name)
		}
	}
	return list
}

// SkipExcluded reports whether the stanza excludes a name, which is then noted for the status page.
func (b *Builder) SkipExcluded(name string) bool {
	if !b.Zones.Excluded.Has(name) {
		return false
	}
	if b.KeepsExcluded && len(b.excluded) < MaxEntries {
		b.excluded = append(b.excluded, name)
	}
	return true
}

// File files data under a canonical name, if it reaches into a zone.
func (b *Builder) File(name string, d *record.Data) {
	if !b.SkipExcluded(name) && b.Zones.CanServe(name, b.reach) && !b.Full() {
		b.Rec.Entries = append(b.Rec.Entries, record.Entry{Name: name, Data: b.DataFor(name, d)})
		b.labels += dnsname.Labels(name)
	}
}
