package dnsname

// Result tells whether a name exists, and why.
type Result uint8

const (
	Absent      Result = iota // the name does not exist, and no wildcard covers it
	Pending                   // the name, or a wildcard that covers it, is claimed but not ready
	NonTerminal               // the name exists without a claim: an empty non-terminal, or a fixed name that no wildcard covers
	Exact                     // a claim on the name itself is ready
	Wildcard                  // a ready wildcard covers the name
)

// Match is the outcome of Find.
type Match struct {
	Result  Result
	Name    string        // the name that has the claims: the name in the question, or a wildcard
	Below   bool          // Exact: names below it exist as well
	Applies [reaches]bool // Wildcard: the reaches with which a wildcard of this owner name covers the name in the question
}

// Find looks up a canonical name: first the name itself, then the wildcard with the longest suffix that covers the name (RFC 1034
// section 4.3.2, RFC 4592 section 3.3).
func (t *Table) Find(name string) Match {
	if m, ok := t.at(name); ok {
		return m
	}
	none := Match{Result: Absent, Name: name}
	self := t.nodes[name]
	if self.exists() {
		none.Result = NonTerminal
	}
	if self.excluded {
		return none
	}
	return t.above(name, self.exists(), none)
}

// Covering returns the wildcard that would cover a canonical name if neither the name nor any name below it existed.
func (t *Table) Covering(name string) (wildcard string, ok bool) {
	if t.nodes[name].excluded {
		return "", false
	}
	if m := t.above(name, false, Match{}); m.Result == Wildcard {
		return m.Name, true
	}
	// A name above that exists only because this one does would not block a wildcard of RFC 4592.
	for above, ok := Parent(name); ok; above, ok = Parent(above) {
		if n := t.nodes[above]; n.claims.ready > 0 || n.below > 1 || n.fixed {
			break
		}
		if m := t.above(above, false, Match{}); m.Result == Wildcard {
			suffix, _ := Parent(m.Name)
			return m.Name, t.wild[suffix].claims[Closest].ready > 0
		}
	}
	return "", false
}

// above returns the match of the wildcard that covers a name, or none if no wildcard does. between tells that the name exists. In the
// loop it becomes true at the first existing name between the name and the wildcard, which blocks wildcards of RFC 4592.
func (t *Table) above(name string, between bool, none Match) Match {
	host := true // no label of the name below suffix begins with an underscore
	for depth, suffix := 1, name; ; depth++ {
		below := suffix
		host = host && !IsUnderscored(below)
		var ok bool
		if suffix, ok = Parent(suffix); !ok {
			return none
		}
		n, ok := t.nodes[suffix]
		switch {
		case !ok:
			continue
		case n.excludedBelow:
			return none
		case n.wild:
			w := t.wild[suffix]
			if IsWildcard(below) && depth > 1 && w.ready() {
				between = true // the wildcard's own name
			}
			m := Match{Name: w.name}
			m.Applies[Closest], m.Applies[OneLabel], m.Applies[AnyDepth] = !between, host && depth == 1, host
			if m.Result = w.match(m.Applies); m.Result != Absent {
				return m
			}
		}
		between = between || n.exists()
	}
}

// at returns the match of the name itself. It is not ok if a wildcard above the name may cover it.
func (t *Table) at(name string) (Match, bool) {
	if suffix, ok := CutWildcard(name); ok {
		w := t.wild[suffix]
		if w == nil {
			return Match{}, false
		}
		all := [reaches]bool{true, true, true}
		return Match{Result: w.match(all), Name: w.name, Applies: all}, true
	}
	n, ok := t.nodes[name]
	switch {
	case !ok:
		return Match{}, false
	case n.claims.ready > 0:
		return Match{Result: Exact, Name: name, Below: n.below > 0}, true
	case n.claims.all > 0 && (n.below == 0 || n.fixed):
		return Match{Result: Pending, Name: name}, true
	case n.below > 0 && !n.fixed:
		return Match{Result: NonTerminal, Name: name}, true
	}
	return Match{}, false
}

func (w *wildcard) match(applies [reaches]bool) Result {
	result := Absent
	for s, c := range w.claims {
		switch {
		case !applies[s] || c.all == 0:
		case c.ready > 0:
			return Wildcard
		default:
			result = Pending
		}
	}
	return result
}
