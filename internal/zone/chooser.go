package zone

import (
	"cmp"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// Target is an entry of a list of targets (T1). One object, or one setIdentifier of a DNSEndpoint, is one target. A target may have
// several entries, which are adjacent in the list: a DNSEndpoint has one for its IPv4 and one for its IPv6 addresses. The slices
// are shared with records, and are read-only.
type Target struct {
	Part    int // index in Kind.Parts
	Cluster int // index in the stanza's list of clusters
	Record  *record.Record
	Data    *record.Data
	Addrs   []target.Addr
	Hosts   []string // empty if there are addresses (C1)
	CNAME   string
}

// SameTarget reports whether two entries belong to one target. The bindings of a route to several Gateways are one target. So are an
// object and its copy from before a relist.
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

// Chooser decides which of a name's targets a client gets (section 9 of the rules). It belongs to one question. If a question looks
// up several names in parallel, only one lookup at a time is between Targets and Done.
type Chooser interface {
	// Targets returns an empty list, to which the caller appends the targets of a canonical name.
	Targets(name string) []Target
	// Choose returns those of a kind's targets that the client gets, and true. There is at least one. It may overwrite the list. If it
	// returns false, the client gets none of them: the answer is NODATA with Unclaimed set, unless they are all CNAMEs of DNSEndpoints
	// and another kind has targets.
	Choose(k *Kind, targets []Target) (kept []Target, ok bool)
	// Done takes back the list of Targets.
	Done(targets []Target)
}

// chooseTargets is addKindTargets for a question with a chooser.
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

// addChosen adds those of a kind's targets that the client gets to an answer. If the kind has other targets, too, the filters do not
// get the CNAMEs of DNSEndpoints, because these are not answered (D3).
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
		// A CNAME of a DNSEndpoint is used only if no other kind has a target.
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
