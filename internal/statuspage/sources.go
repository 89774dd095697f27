package statuspage

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Sources shows several as one.
type Sources []Source

// State returns what all of them know, as old as the oldest of it.
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

// Explain returns what the one says whose name it is: the first of those that have the longest zone which holds
// it. Where it is nobody's, it returns the reasons of those with this zone. Where no zone holds it, it names the zones, unless there is
// more to say.
func (s Sources) Explain(name string) Explanation { return s.ExplainFor(name, netip.Prefix{}) }

// ExplainFor implements ClientSource.
func (s Sources) ExplainFor(name string, client netip.Prefix) Explanation {
	var all []Explanation
	for _, source := range s {
		all = append(all, explainFor(source, name, client))
	}
	slices.SortStableFunc(all, func(a, b Explanation) int { return len(b.Zone) - len(a.Zone) })
	nobodys := Explanation{Name: name}
	for i, e := range all {
		if e.Result != "" {
			return e
		}
		if e.Zone != all[0].Zone {
			break
		}
		if i == 0 {
			nobodys.Zone, nobodys.Answers = e.Zone, e.Answers
		}
		nobodys.Name = e.Name
		nobodys.Reasons = union(nobodys.Reasons, e.Reasons)
		nobodys.Outside = union(nobodys.Outside, e.Outside)
	}
	if len(nobodys.Reasons) == 0 && len(nobodys.Outside) > 0 {
		nobodys.Reasons = []string{outsideReason(nobodys.Outside)}
	}
	return nobodys
}

// outsideReason says that none of the zones holds a name.
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

// union returns a list with those of another that it lacks.
func union(list, more []string) []string {
	for _, one := range more {
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}
