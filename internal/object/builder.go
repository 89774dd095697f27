package object

import (
	"cmp"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/health"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// ExcludedReason is the reason why an object is not served at an excluded name.
const ExcludedReason = "the stanza excludes the name"

// Builder makes the record of one object. A malformed value is noted and skipped; the rest of the object is served (N5).
type Builder struct {
	*Settings
	reach dnsname.Reach // of the wildcards among the names
	Rec   *record.Record
	record.Skips
	Annotations
	unservedReason     string       // why the object is not served; empty if it is
	HideRow            bool         // the object is not expected to be served, so the status page has no row for it
	OutrankedAddresses *record.Data // the addresses of a load balancer whose hostnames are preferred (C7); nil for none
	Backends           *health.Join // the readiness of the cluster's backend Services (T2); nil unless the stanza has `steer healthy`
	MoreRecords        int          // the records of the entries beyond one each; they count towards MaxEntries
	truncated          bool         // names were skipped because of a limit

	excluded []string // names that the property exclude covers, for the status page
	labels   int      // in all names

	backed map[*record.Readiness]*record.Data // the results of WithBackends
}

// NewBuilder begins the record of an object. reach is that of the wildcards among its names.
func NewBuilder(settings *Settings, reach dnsname.Reach, id record.Meta) *Builder {
	return &Builder{Settings: settings, reach: reach, Rec: &record.Record{Meta: id}}
}

// MarkUnserved records the first reason why the object is not served. It reports whether the caller can stop: without explanations and
// status page, the names of an unserved object are not needed.
func (b *Builder) MarkUnserved(why string) bool {
	b.unservedReason = cmp.Or(b.unservedReason, why)
	return !b.KeepUnserved
}

// unserved returns the unserved object, or nil without explanations and status page.
func (b *Builder) unserved() *record.Unserved {
	if !b.KeepUnserved {
		return nil
	}
	u := &record.Unserved{Meta: b.Rec.Meta, Reason: b.unservedReason, HideRow: b.HideRow}
	for _, e := range b.Rec.Entries {
		u.Names = append(u.Names, e.Name)
	}
	u.Names = append(u.Names, b.excluded...)
	slices.Sort(u.Names)
	u.Names = slices.Compact(u.Names)
	return u
}

// excludedNames returns a served object as one that is unserved at its excluded names, or nil if none of its names is excluded.
func (b *Builder) excludedNames() *record.Unserved {
	if len(b.excluded) == 0 {
		return nil
	}
	slices.Sort(b.excluded)
	return &record.Unserved{Meta: b.Rec.Meta, Reason: ExcludedReason, Names: slices.Compact(b.excluded)}
}

// NewData returns data with the TTL and the targets of the object's annotations.
func (b *Builder) NewData() *record.Data {
	d := &record.Data{TTL: b.Annotations.TTL, Extra: record.NoExtra, Steering: record.NewSteering(b.Annotations.Stated)}
	if b.Annotations.Targets != nil {
		d.Targets = *b.Annotations.Targets
	}
	return d
}

// DataWith returns data with the object's own targets, unless an annotation replaces them.
func (b *Builder) DataWith(own func() record.Targets) *record.Data {
	d := b.NewData()
	if b.Annotations.Targets == nil {
		d.Targets = own()
	}
	return d
}

// WithBackends returns the data for names with these backend Services (T2). Names with the same backends share it. An empty list stands
// for backends that cannot be known.
func (b *Builder) WithBackends(d *record.Data, backends []store.Key) *record.Data {
	steering := b.Backends.Of(backends...)
	if steering == nil {
		return d
	}
	if b.backed[steering.Readiness] == nil {
		if b.backed == nil {
			b.backed = map[*record.Readiness]*record.Data{}
		}
		with := *d
		with.Steering = steering.With(b.Annotations.Stated)
		b.backed[steering.Readiness] = &with
	}
	return b.backed[steering.Readiness]
}

// PreferHostnames drops the addresses of a load balancer that has hostnames, too, if the stanza prefers hostnames (C7).
func (b *Builder) PreferHostnames(t *record.Targets) {
	if b.Filters.PreferHostnames && len(t.Hosts) > 0 && len(t.Addrs) > 0 {
		b.OutrankedAddresses = &record.Data{TTL: b.Annotations.TTL, Targets: record.Targets{Addrs: t.Addrs}, Extra: record.NoExtra, Steering: record.NewSteering(b.Annotations.Stated)}
		t.Addrs = nil
	}
}

// DataFor returns the data for a name. This is d, unless d is an alias of the name itself: then it is the addresses that the alias
// outranked, if there are any (C5, C7).
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

// ClaimEachAnnotated is ClaimAnnotated with data that depends on the name as written.
func (b *Builder) ClaimEachAnnotated(data func(host string) *record.Data) {
	b.Skips.WithAnnotation(b.HostnameKey, func() {
		for _, host := range b.Hostnames {
			b.Claim(host, data(host))
		}
	})
}

// Record returns the record, or nil if the object has no data and no skipped value.
func (b *Builder) Record() *record.Record {
	if len(b.Rec.Entries) == 0 && !b.AnySkipped() && b.Rec.Joined == nil {
		return nil
	}
	b.Rec.Settle()
	b.limitIdentifiers()
	b.limit()
	b.Rec.Skipped = b.Skips.OrNil()
	return b.Rec.Packed()
}

// Claim files data under a complete host name, if it is in a zone, or is a wildcard that reaches into one (N3).
func (b *Builder) Claim(host string, d *record.Data) {
	if name, ok := b.ParseName(host, dnsname.Hostname); ok {
		b.File(name, d)
	}
}

// Expand returns the names that a host name stands for: itself if it is in a zone of any stanza, else the name relative to each zone of
// this stanza. A malformed one stands for none.
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

// InEveryZone returns a relative name in each zone that is not a reverse zone.
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

// SkipExcluded reports whether the property exclude covers a name, and records the name for the status page.
func (b *Builder) SkipExcluded(name string) bool {
	if !b.Zones.Excluded.Has(name) {
		return false
	}
	if b.KeepsExcluded && len(b.excluded) < MaxEntries {
		b.excluded = append(b.excluded, name)
	}
	return true
}

// File files data under a canonical name, if it is in a zone, or is a wildcard that reaches into one.
func (b *Builder) File(name string, d *record.Data) {
	if !b.SkipExcluded(name) && b.Zones.CanServe(name, b.reach) && !b.Full() {
		b.Rec.Entries = append(b.Rec.Entries, record.Entry{Name: name, Data: b.DataFor(name, d)})
		b.labels += dnsname.Labels(name)
	}
}
