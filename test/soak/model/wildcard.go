package model

import "slices"

// covering returns the claims on the wildcard with the longest suffix that has one that covers a name (W4), and of these
// only those that do. There may be such a wildcard without anything usable: then no other covers the name (Z12).
func (w *World) covering(name string) ([]*Claim, bool) {
	if w.excluded(name) { // L5
		return nil, false
	}
	for up := name; up != ""; {
		up = parent(up)
		var list []*Claim
		for _, c := range w.at(join("*", up)) {
			if w.covers(c, name) {
				list = append(list, c)
			}
		}
		if len(list) > 0 {
			return list, true
		}
	}
	return nil, false
}

// covers reports whether a claim on a wildcard covers a name. Which names it does depends on what kind of object it
// comes from.
func (w *World) covers(c *Claim, name string) bool {
	if !below(name, suffix(c.Name)) {
		return false
	}
	isHost := true // W7
	for up := name; up != suffix(c.Name); up = parent(up) {
		isHost = isHost && up[0] != '_'
	}
	switch {
	case c.Kind == "Ingress": // W1
		return isHost && parent(name) == suffix(c.Name)
	case !c.Blocked(): // W2
		return isHost
	}
	for up := name; up != suffix(c.Name); up = parent(up) { // W3
		if w.exists(up) {
			return false
		}
	}
	return true
}

// Blocked reports whether a claim on a wildcard covers only names that do not exist (W3), nor do those between (RFC 4592).
func (c *Claim) Blocked() bool {
	return !slices.Contains([]string{"Ingress", "HTTPRoute", "TLSRoute", "GRPCRoute", "TCPRoute", "UDPRoute"}, c.Kind)
}
