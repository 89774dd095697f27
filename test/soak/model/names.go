package model

import (
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// canonical returns the form of a name in which it is compared, and whether it is one (N1, N2).
func canonical(s string, underscore bool) (string, bool) {
	s = strings.TrimSuffix(strings.TrimSpace(s), ".")
	if _, err := netip.ParseAddr(s); err == nil {
		return "", false
	}
	labels := strings.Split(s, ".")
	for i, label := range labels {
		ascii, err := idna.Lookup.ToASCII(label)
		if isASCII(label) {
			ascii, err = strings.ToLower(label), nil
		}
		if err != nil || !isLabel(ascii, underscore) && (ascii != "*" || i > 0) {
			return "", false
		}
		labels[i] = ascii
	}
	s = strings.Join(labels, ".")
	return s, len(s) <= 253
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 }) }

func isLabel(s string, underscore bool) bool {
	if len(s) < 1 || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for _, c := range s {
		letter, digit := c >= 'a' && c <= 'z', c >= '0' && c <= '9'
		if !letter && !digit && c != '-' && (c != '_' || !underscore) {
			return false
		}
	}
	return true
}

// targetName is canonical for what an alias leads to (C5). A name whose last label is a number is an address gone wrong.
func targetName(s string) (string, bool) {
	name, ok := canonical(s, true)
	last := name[strings.LastIndex(name, ".")+1:]
	return name, ok && !isWildcard(name) && strings.Trim(last, "0123456789") != ""
}

// address reads an address that a name can have (N6).
func address(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(strings.TrimSpace(s))
	if err != nil || a.Zone() != "" || a.Unmap().IsUnspecified() {
		return netip.Addr{}, false
	}
	return a.Unmap(), true
}

func isWildcard(name string) bool { return name == "*" || strings.HasPrefix(name, "*.") }

// suffix returns the name that a wildcard stands below.
func suffix(wildcard string) string {
	return strings.TrimPrefix(strings.TrimPrefix(wildcard, "*"), ".")
}

// below reports whether a name lies below another one.
func below(name, other string) bool {
	return name != other && (other == "" || strings.HasSuffix(name, "."+other))
}

func atOrBelow(name, other string) bool { return name == other || below(name, other) }

func join(label, name string) string { return strings.TrimSuffix(label+"."+name, ".") }

func parent(name string) string {
	_, up, _ := strings.Cut(name, ".")
	return up
}

// zone returns the longest zone that a name lies in, "" for none (N3).
func (w *World) zone(name string) string {
	best := ""
	for _, z := range w.Zones {
		if atOrBelow(name, z) && len(z) > len(best) {
			best = z
		}
	}
	return best
}

// forward returns the zones in which Services and Nodes have names of their own.
func (w *World) forward() []string {
	var list []string
	for _, z := range w.Zones {
		if !isReverse(z) {
			list = append(list, z)
		}
	}
	return list
}

func isReverse(zone string) bool {
	return atOrBelow(zone, "in-addr.arpa") || atOrBelow(zone, "ip6.arpa")
}

// relative returns what a name stands for that is taken as relative to every zone unless it lies in one (S1, K1).
func (w *World) relative(s string) []string {
	name, ok := canonical(s, false)
	if !ok {
		return nil
	}
	if w.zone(name) != "" {
		return []string{name}
	}
	var list []string
	for _, z := range w.forward() {
		list = append(list, name+"."+z)
	}
	return list
}

// sorted returns a list in order, each element once.
func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
