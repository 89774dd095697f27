package object

import (
	"fmt"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Limits on what a single object may contribute, far above any legitimate use. They bound the memory and CPU that one tenant can consume.
const (
	MaxEntries = 1 << 14 // entries, one for each name and type; names multiplied by ports could be millions
	MaxLabels  = 1 << 16 // labels in all names; each may make an empty non-terminal

	maxIdentifiers = 1 << 10 // setIdentifiers of a name, as many targets as filters look at (zone.MaxTargets)
)

// Full reports whether the object has reached a limit. The first time, it notes that names are skipped.
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

// limit drops values of a name that do not fit into a reply. Thousands of names may share the same data: it is limited once, and they
// share the result.
func (b *Builder) limit() {
	const large = 64 // values; the results for smaller data are not cached
	var results map[*record.Data]*record.Data
	for i := range b.Rec.Entries {
		e := &b.Rec.Entries[i]
		if len(e.Data.Addrs)+len(e.Data.Hosts)+len(e.Data.RRs) < large {
			e.Data = b.limited(e.Data)
			continue
		}
		d := results[e.Data]
		if d == nil {
			if results == nil {
				results = map[*record.Data]*record.Data{}
			}
			d = b.limited(e.Data)
			results[e.Data] = d
		}
		e.Data = d
	}
}

// limited returns the data, or a copy without the values that do not fit into a reply.
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

// limitIdentifiers skips the entries of setIdentifiers beyond the first maxIdentifiers of a name. A change of an object makes the
// claims of one name without a pause for others.
func (b *Builder) limitIdentifiers() {
	all := b.Rec.Entries
	var kept []record.Entry // used once an entry is skipped
	name, id, n := "", "", 0
	for i := range all {
		e := &all[i]
		switch {
		case !e.Identified():
		case e.Name != name:
			name, id, n = e.Name, e.Data.Steering.ID, 1
		case e.Data.Steering.ID != id:
			id = e.Data.Steering.ID
			if n++; n == maxIdentifiers+1 {
				b.Skip("identifier", name, fmt.Errorf("has more than %d setIdentifiers, the rest is left out", maxIdentifiers))
				if kept == nil {
					kept = append(kept, all[:i]...)
				}
			}
		}
		if kept != nil && (!e.Identified() || n <= maxIdentifiers) {
			kept = append(kept, *e)
		}
	}
	if kept != nil {
		b.Rec.Entries = slices.Clip(kept)
	}
}
