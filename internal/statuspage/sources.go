package statuspage

import "slices"

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
// it. Where it is nobody's, it returns the reasons of all.
func (s Sources) Explain(name string) Explanation {
	var all []Explanation
	for _, source := range s {
		all = append(all, source.Explain(name))
	}
	slices.SortStableFunc(all, func(a, b Explanation) int { return len(b.Zone) - len(a.Zone) })
	nobodys := Explanation{Name: name}
	for _, e := range all {
		if e.Result != "" {
			return e
		}
		nobodys.Name = e.Name
		for _, reason := range e.Reasons {
			if !slices.Contains(nobodys.Reasons, reason) {
				nobodys.Reasons = append(nobodys.Reasons, reason)
			}
		}
	}
	return nobodys
}
