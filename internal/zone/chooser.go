package zone

import (
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Target is where one object, or one setIdentifier of a DNSEndpoint, points a name (T1). Entries of one target stand together in a list:
// a DNSEndpoint has its IPv4 and its IPv6 addresses in two. The slices are shared with records, and not written to.
type Target struct {
	Part    int // in Kind.Parts
	Cluster int // in the order of the stanza
	Record  *record.Record
	Data    *record.Data
	Addrs   []target.Addr
	Hosts   []string // without addresses only (C1)
	CNAME   string
}

// SameTarget reports whether two entries belong to one target.
func (t *Target) SameTarget(u *Target) bool {
	return t.Record == u.Record && t.Data.StatedOf().ID == u.Data.StatedOf().ID
}

// Chooser decides which of a name's targets a client gets (section 9 of the rules). It belongs to one question. Lookups that run side by
// side take turns between Targets and Done.
type Chooser interface {
	// Targets returns an empty list to gather targets in.
	Targets() []Target
	// Choose returns the targets that the client gets, at least one of a kind's. It may write to the list. If it is not ok, the client gets
	// none, and the name is answered as one that no object answers for.
	Choose(k *Kind, targets []Target) (kept []Target, ok bool)
	// Done ends the use of a list.
	Done(targets []Target)
}

// MaxTargets is how many targets of a name filters look at: the first by cluster and object. A question may take no longer because others
// claim the name, too (N7).
const MaxTargets = 1024

// chosen is targets for a question with a chooser.
func (v *View) chosen(k *Kind, a *Answer) {
	list := v.gather(k, v.Chooser.Targets())
	if len(list) > 0 {
		v.take(k, list, a)
	}
	v.Chooser.Done(list)
	if a.Addressed {
		a.Hosts, a.CNAME = nil, ""
	}
	a.Settle()
}

// take adds those of a kind's targets that the client gets to an answer.
func (v *View) take(k *Kind, list []Target, a *Answer) {
	aliasesOnly := true
	for i := range list {
		aliasesOnly = aliasesOnly && len(list[i].Addrs)+len(list[i].Hosts) == 0
	}
	kept, ok := v.Chooser.Choose(k, list)
	if !ok {
		// CNAMEs of DNSEndpoints count only where no other kind has a target.
		a.refused, a.refusedAlias = !aliasesOnly, a.refusedAlias || aliasesOnly
		return
	}
	for i := range kept {
		t := &kept[i]
		if len(t.Addrs) > 0 {
			a.Addressed = true
			a.Add(t.Record, t.Data.TTL, t.Addrs, nil)
		} else {
			a.aliases(t.Data.TTL, t.Hosts, t.CNAME)
		}
	}
}

// gather adds the targets of a kind at the name to a list, at most MaxTargets.
func (v *View) gather(k *Kind, list []Target) []Target {
	for part, s := range k.Parts {
		if u, ok := v.shared(s); ok {
			list = v.gatherShared(part, s, u, list)
		} else {
			found := v.Find(s, v.Match.Name)
			list = v.gatherRecords(part, s, found.All(), list)
		}
		if len(list) == MaxTargets {
			break
		}
	}
	return list
}

// gatherRecords adds the targets of some objects. If they have more than there is room for, the first objects in order count.
func (v *View) gatherRecords(part int, s *Index, records []*record.Record, list []Target) []Target {
	before := len(list)
	for i, rec := range records {
		if list = v.appendTargets(part, s, rec, list); len(list) < MaxTargets {
			continue
		}
		if i == 0 && len(records) == 1 {
			return list
		}
		records = slices.Clone(records)
		slices.SortFunc(records, record.CompareObjects)
		list = list[:before]
		for _, rec := range records {
			list = v.appendTargets(part, s, rec, list)
		}
		return list
	}
	return list
}

// gatherShared is gatherRecords for a name that many objects share. A union knows them in order.
func (v *View) gatherShared(part int, s *Index, u said, list []Target) []Target {
	u.records(func(rec *record.Record) bool {
		list = v.appendTargets(part, s, rec, list)
		return len(list) < MaxTargets
	})
	return list
}

// appendTargets adds the targets of one object. Pending ones are none, and a name is no target of itself (C5).
func (v *View) appendTargets(part int, s *Index, rec *record.Record, list []Target) []Target {
	for _, e := range rec.At(v.Match.Name) {
		if len(list) == MaxTargets {
			return list
		}
		d := e.Data
		t := &d.Targets
		if d.Gateway != (store.Key{}) {
			t = s.GatewayTargets(d.Gateway)
		}
		if len(t.Addrs) > 0 {
			list = append(list, Target{Part: part, Cluster: s.Cluster, Record: rec, Data: d, Addrs: t.Addrs})
			continue
		}
		if hosts, cname := aliasesOf(d, t, v.Name); len(hosts) > 0 || cname != "" {
			list = append(list, Target{Part: part, Cluster: s.Cluster, Record: rec, Data: d, Hosts: hosts, CNAME: cname})
		}
	}
	return list
}
