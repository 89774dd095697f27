package object

import (
	"fmt"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Limits on what a single object may contribute, far above any legitimate use. They bound the memory and CPU that one tenant can consume.
const (
	MaxEntries = 1 << 14 // names, each as often as it has a type: what multiplies, such as names and ports, could be millions
	MaxLabels  = 1 << 16 // in all names: each may be a name in between
)

// Full reports whether the object has no more room for names, and notes it.
func (b *Builder) Full() bool {
	if len(b.Rec.Entries)+b.MoreRecords < MaxEntries && b.labels < MaxLabels {
		return false
	}
	if !b.truncated {
		b.truncated = true
		b.Skip("name", b.Rec.Key().String(), fmt.Errorf("claims more than %d names or %d labels in them, the rest is left out", MaxEntries, MaxLabels))
	}
	return true
}

// limit leaves out records of a name that are too many. Data that thousands of names share is looked at once, and the names
// go on sharing what is left of it.
func (b *Builder) limit() {
	const large = 64 // values, from which on data is remembered
	var seen map[*record.Data]*record.Data
	for i := range b.Rec.Entries {
		e := &b.Rec.Entries[i]
		if len(e.Data.Addrs)+len(e.Data.Hosts)+len(e.Data.RRs) < large {
			e.Data = b.limited(e.Data)
			continue
		}
		d := seen[e.Data]
		if d == nil {
			if seen == nil {
				seen = map[*record.Data]*record.Data{}
			}
			d = b.limited(e.Data)
			seen[e.Data] = d
		}
		e.Data = d
	}
}

// limited returns the data, or what is left of it where it is too much.
func (b *Builder) limited(d *record.Data) *record.Data {
	v4, v6 := target.Split(d.Addrs)
	if record.FittingAddrs(v4) == len(v4) && record.FittingAddrs(v6) == len(v6) && len(d.Hosts) <= record.MaxHostnames && record.FittingRRs(d.RRs) == len(d.RRs) {
		return d
	}
	less, more := *d, *d.Extra
	less.Extra = &more
	b.SettleTargets(&less.Targets)
	more.RRs = record.Limit(&b.Skips, "record", more.RRs, record.FittingRRs(more.RRs))
	return &less
}
