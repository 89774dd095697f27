package statuspage

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Sources are several sources that are shown as one.
type Sources []Source

// State returns the states of all sources as one. Its time is that of the oldest.
func (s Sources) State() State {
	all := State{Ready: true}
	for _, source := range s {
		one := source.State()
		if all.Taken.IsZero() || one.Taken.Before(all.Taken) {
			all.Taken = one.Taken
		}
		all.Server = one.Server
		all.Ready = all.Ready && one.Ready
		all.Steers = all.Steers || one.Steers
		for _, zone := range one.Zones {
			if !slices.Contains(all.Zones, zone) {
				all.Zones = append(all.Zones, zone)
			}
		}
		all.Sources = append(all.Sources, one.Sources...)
		all.Claims = append(all.Claims, one.Claims...)
	}
	return all
}

// Explain is ExplainFor without a client.
func (s Sources) Explain(name string) Explanation { return s.ExplainFor(name, netip.Prefix{}) }

// ExplainFor implements ClientSource. It returns the explanation of the source with the longest zone that contains the name; of several,
// the first that answers for it. If none answers for it, the explanation has the reasons of all of them. If no zone contains the name and
// there is no other reason, the reason names the zones.
func (s Sources) ExplainFor(name string, client netip.Prefix) Explanation {
	var all []Explanation
	for _, source := range s {
		all = append(all, explainFor(source, name, client))
	}
	slices.SortStableFunc(all, func(a, b Explanation) int { return len(b.Zone) - len(a.Zone) })
	unanswered := Explanation{Name: name}
	for i, e := range all {
		if e.Result != "" {
			return e
		}
		if e.Zone != all[0].Zone {
			break
		}
		if i == 0 {
			unanswered.Zone, unanswered.Answers = e.Zone, e.Answers
		}
		unanswered.Name = e.Name
		unanswered.Reasons = union(unanswered.Reasons, e.Reasons)
		unanswered.Outside = union(unanswered.Outside, e.Outside)
	}
	if len(unanswered.Reasons) == 0 && len(unanswered.Outside) > 0 {
		unanswered.Reasons = []string{outsideReason(unanswered.Outside)}
	}
	return unanswered
}

// outsideReason returns a sentence that says that none of the zones contains the name.
func outsideReason(zones []string) string {
	const most = 5
	list := zoneNames(zones[:min(len(zones), most)])
	if len(zones) > most {
		list = append(list, fmt.Sprintf("… and %s more", count(len(zones)-most)))
	}
	if len(zones) == 1 {
		return "No zone of this server holds the name. The zone is " + list[0] + "."
	}
	return "No zone of this server holds the name. The zones are " + strings.Join(list, ", ") + "."
}

// union appends to a list those texts of another list that it does not contain.
func union(list, more []string) []string {
	for _, one := range more {
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}
