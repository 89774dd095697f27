package soak

import (
	"maps"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/test/soak/model"
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
			u.around(ns.Name + "." + z)
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
		u["x."+suffix], u["y.x."+suffix], u["x."+name] = true, true, true
	} else if !within(name, "tail."+zone) || len(name)%8 == 0 {
		u["nothing."+name] = true
	}
	if _, up, ok := strings.Cut(name, "."); ok {
		u.around(up)
	}
}

// questions returns what there is to ask: every name, for some or all of the types that are asked for always, and one of the
// rare ones.
func (u universe) questions(round, types int) []question {
	var list []question
	for i, name := range slices.Sorted(maps.Keys(u)) {
		for j := range types {
			list = append(list, question{name, askedTypes[(i+round+j)%len(askedTypes)]})
		}
		list = append(list, question{name, rareTypes[(i+round)%len(rareTypes)]})
	}
	return list
}
