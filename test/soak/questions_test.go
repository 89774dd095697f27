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

// questions returns all that there is to ask.
func (u universe) questions(round int) []question {
	var list []question
	for i, name := range slices.Sorted(maps.Keys(u)) {
		for _, qtype := range askedTypes {
			list = append(list, question{name, qtype})
		}
		list = append(list, question{name, rareTypes[(i+round)%len(rareTypes)]})
	}
	return list
}
