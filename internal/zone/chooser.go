package zone

import (
	"cmp"
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

// SameTarget reports whether two entries belong to one target. A route under several Gateways is one target, and so is an object together
// with its copy from before a relist.
func (t *Target) SameTarget(u *Target) bool {
	return t.Record == u.Record && t.Data.StatedOf().ID == u.Data.StatedOf().ID || t.Record != u.Record && t.compare(u) == 0
}

// compare orders the entries of a list by target.
func (t *Target) compare(u *Target) int {
	if c := cmp.Or(cmp.Compare(t.Part, u.Part), t.Data.Route.Compare(u.Data.Route)); c != 0 || t.Data.Route != (store.Key{}) {
		return c
	}
	return cmp.Or(t.Record.CurrentKey().Compare(u.Record.CurrentKey()), cmp.Compare(t.Data.StatedOf().ID, u.Data.StatedOf().ID))
}

// Chooser decides which of a name's targets a client gets (section 9 of the rules). It belongs to one question. Lookups that run side by
// side take turns between Targets and Done.
type Chooser interface {
	// Targets returns an empty list to gather the targets of a canonical name in.
	Targets(name string) []Target
	// Choose returns the targets that the client gets, at least one of a kind's. It may write to the list. If it is not ok, the client gets
	// none, and the name is answered as one that no object answers for.
	Choose(k *Kind, targets []Target) (kept []Target, ok bool)
	// Done ends the use of a list.
	Done(targets []Target)
}

// chooseTargets is targets for a question with a chooser.
func (v *View) chooseTargets(k *Kind, a *Answer) {
	list := v.gather(k, v.Chooser.Targets(v.Name))
	if len(list) > 0 {
		v.addChosen(k, list, a)
	}
	v.Chooser.Done(list)
	if a.Addressed {
		a.Hosts, a.CNAME = nil, ""
	}
	a.Settle()
}

// addChosen adds those of a kind's targets that the client gets to an answer. Filters do not see the CNAME of a DNSEndpoint beside other
// targets of the kind, because it is not answered (D3).
func (v *View) addChosen(k *Kind, list []Target, a *Answer) {
	aliases := 0
	for i := range list {
		if len(list[i].Addrs)+len(list[i].Hosts) == 0 {
			aliases++
		}
	}
	aliasesOnly := aliases == len(list)
	if aliases > 0 && !aliasesOnly {
		list = slices.DeleteFunc(list, func(t Target) bool { return len(t.Addrs)+len(t.Hosts) == 0 })
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
			a.addHostnames(t.Data.TTL, t.Hosts, t.CNAME)
		}
	}
}
