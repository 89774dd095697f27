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
		all.Ready = all.Ready && one.Ready
		for _, zone := range one.Zones {
			if !slices.Contains(all.Zones, zone) {
				all.Zones = append(all.Zones, zone)
			}
		}
		all.Sources = append(all.Sources, one.Sources...)
		all.Rows = append(all.Rows, one.Rows...)
	}
	return all
}

// Explain returns what the first of them says whose name it is. Where it is nobody's, it returns the
// reasons of all.
func (s Sources) Explain(name string) Explanation {
	nobodys := Explanation{Name: name}
	for _, source := range s {
		e := source.Explain(name)
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
