package soak

import (
	"maps"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// universe grows with the names that objects claim: what was once there has to be gone when it is.
type universe map[string]bool

// add adds the names of a world and those around them: the names above, one below, one that a wildcard may cover.
func (u universe) add(w *model.World) {
	for i := range w.Claims {
		u.around(w.Claims[i].Name)
	}
	for _, name := range core {
		u.around(name)
	}
	for _, z := range []string{zone, deepZone, reverseZone} {
		for _, ns := range w.Nameservers {
			u.around(ns.In(z, w.Zones))
		}
	}
	for _, label := range []string{"one", "gone", "alias"} {
		u[label+"."+elsewhere] = true
	}
}

func (u universe) around(name string) {
	if u[name] || !within(name, zone) && !within(name, reverseZone) && !within(name, reverseSix) {
		return // known, or outside
	}
	u[name] = true
	if suffix, wild := strings.CutPrefix(name, "*."); wild {
		u["x."+suffix], u["y.x."+suffix], u["x."+name], u["_x."+suffix], u["_x.y."+suffix] = true, true, true, true, true
	} else if !within(name, "tail."+zone) || len(name)%8 == 0 {
		u["nothing."+name] = true
	}
	if _, up, ok := strings.Cut(name, "."); ok {
		u.around(up)
	}
}

// questions returns what there is to ask about every name: for some or all of the types that are asked for always, and for one
// of the rare ones. Over the rounds all types have their turn. The names of the tail are many, and most of them stay as they
// are: there are fewer questions about those that nothing said anything new about.
func (u universe) questions(round int, s size, changed map[string]bool) []question {
	var list []question
	for i, name := range slices.Sorted(maps.Keys(u)) {
		types := s.types
		if strings.Contains(name, "tail") && !changed[name] {
			types = s.tailTypes
		}
		for j := range types {
			list = append(list, question{name, askedTypes[(i+round*s.tailTypes+j)%len(askedTypes)]})
		}
		list = append(list, question{name, rareTypes[(i+round)%len(rareTypes)]})
	}
	return list
}

// claimed adds the names that some objects claim.
func claimed(w *model.World, by map[model.Ref]bool, names map[string]bool) {
	for i := range w.Claims {
		if slices.ContainsFunc(w.Claims[i].From, func(r model.Ref) bool { return by[r] }) {
			names[w.Claims[i].Name] = true
		}
	}
}
