package gateway

import (
	"cmp"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// excludedReason is why an object does not count under an excluded name.
const excludedReason = "the stanza excludes the name"

// builder makes the record of one object. A bad value costs that value only: it is noted and left
// out (N5).
type builder struct {
	*settings
	sort dnsname.Sort
	rec  *record.Record
	record.Skips
	annotations
	left        string       // why the object does not count
	quiet       bool         // and nobody expects it to
	addresses   *record.Data // that hostnames of the load balancer beat; nil for none
	moreRecords int          // that entries hold besides one each, where names multiply with them
	cut         bool         // names were left out, for there are too many

	excluded []string // names that the stanza excludes, where there is a status page
	labels   int      // in all names
}

func newBuilder(c *settings, sort dnsname.Sort, id record.Meta) *builder {
	return &builder{settings: c, sort: sort, rec: &record.Record{Meta: id}}
}

// leave notes why the object does not count, and reports whether that is all there is to do: names are read for
// explanations and the status page only.
func (b *builder) leave(why string) bool {
	b.left = cmp.Or(b.left, why)
	return !b.keepsLeftOut
}

// leftOut returns an object that does not count, or nil where nobody wants to know.
func (b *builder) leftOut() *record.LeftOut {
	if !b.keepsLeftOut {
		return nil
	}
	l := &record.LeftOut{Meta: b.rec.Meta, Reason: b.left, Quiet: b.quiet}
	for _, e := range b.rec.Entries {
		l.Names = append(l.Names, e.Name)
	}
	l.Names = append(l.Names, b.excluded...)
	slices.Sort(l.Names)
	l.Names = slices.Compact(l.Names)
	return l
}

// excludedNames returns those names of an object that counts which the stanza excludes, or nil where there are none.
func (b *builder) excludedNames() *record.LeftOut {
	if len(b.excluded) == 0 {
		return nil
	}
	slices.Sort(b.excluded)
	return &record.LeftOut{Meta: b.rec.Meta, Reason: excludedReason, Names: slices.Compact(b.excluded)}
}

// newData returns data with what the object's annotations say.
func (b *builder) newData() *record.Data {
	d := &record.Data{TTL: b.annotations.ttl, Extra: record.NoExtra}
	if b.annotations.targets != nil {
		d.Targets = *b.annotations.targets
	}
	return d
}

// point returns data with targets of the object's own, unless an annotation replaces them.
func (b *builder) point(own func() record.Targets) *record.Data {
	d := b.newData()
	if b.annotations.targets == nil {
		d.Targets = own()
	}
	return d
}

// prefer has the hostnames of a load balancer beat its addresses, where the stanza says so (C7).
func (b *builder) prefer(t *record.Targets) {
	if b.filters.preferHostnames && len(t.Hosts) > 0 && len(t.Addrs) > 0 {
		b.addresses = &record.Data{TTL: b.annotations.ttl, Targets: record.Targets{Addrs: t.Addrs}, Extra: record.NoExtra}
		t.Addrs = nil
	}
}

// target returns what a name has from data: the data, or where these are an alias of the name itself, which is none (C5), the addresses that the
// alias beats.
func (b *builder) target(name string, d *record.Data) *record.Data {
	if b.addresses == nil || len(d.Hosts) != 1 || d.Hosts[0] != name {
		return d
	}
	return b.addresses
}

// claimAnnotated files data under the names that a hostname annotation adds.
func (b *builder) claimAnnotated(d *record.Data) {
	b.Skips.From(b.hostnameKey, func() {
		for _, host := range b.hostnames {
			b.claim(host, d)
		}
	})
}

// record returns what was built, or nil where the object has nothing to say.
func (b *builder) record() *record.Record {
	if len(b.rec.Entries) == 0 && !b.AnySkipped() && b.rec.EndpointService == nil {
		return nil
	}
	b.rec.Settle()
	b.limit()
	b.rec.Skipped = b.Skips.Kept()
	return b.rec.Packed()
}

// claim files data under a name that is absolute, if it reaches into a zone (N3).
func (b *builder) claim(host string, d *record.Data) {
	if name, ok := b.ParseName(host, dnsname.Hostname); ok {
		b.file(name, d)
	}
}

// relative returns the names that a name of an object stands for: itself if it is in a zone, else that name
// in each of them. A bad one stands for none.
func (b *builder) relative(host string) []string {
	name, ok := b.ParseName(host, dnsname.Hostname)
	switch {
	case !ok:
		return nil
	case b.zones.Reach(name, b.sort) || b.zones.Elsewhere(name) || b.excludes(name):
		return []string{name}
	}
	return b.everywhere(name)
}

// everywhere returns a name in every zone that is not a reverse zone.
func (b *builder) everywhere(label string) []string {
	var list []string
	for _, z := range b.zones.All {
		if z.Reverse {
			continue
		}
		if name, ok := b.ParseName(dnsname.Join(label, z.Name), dnsname.Hostname); ok {
			list = append(list, name)
		}
	}
	return list
}

// excludes reports whether the stanza excludes a name, which is then noted for the status page.
func (b *builder) excludes(name string) bool {
	if !b.zones.Hidden.Has(name) {
		return false
	}
	if b.keepsExcluded && len(b.excluded) < maxEntries {
		b.excluded = append(b.excluded, name)
	}
	return true
}

// file files data under a canonical name, if it reaches into a zone.
func (b *builder) file(name string, d *record.Data) {
	if !b.excludes(name) && b.zones.Reach(name, b.sort) && !b.full() {
		b.rec.Entries = append(b.rec.Entries, record.Entry{Name: name, Data: b.target(name, d)})
		b.labels += dnsname.Labels(name)
	}
}
