package dnsname

import "testing"

// claim is one call of Add.
type claim struct {
	name  string
	reach Reach
	ready bool
}

func table(claims ...claim) *Table {
	t := new(Table)
	for _, c := range claims {
		t.Add(c.name, c.reach, c.ready)
	}
	return t
}

// finding is the expected Result and Name of a Find.
type finding struct {
	asked  string
	result Result
	name   string
}

func check(t *testing.T, tab *Table, want ...finding) {
	t.Helper()
	for _, w := range want {
		if got := settle(tab.Find(w.asked)); got.Result != w.result || got.Name != w.name {
			t.Errorf("Find(%q) = %d %q, want %d %q", w.asked, got.Result, got.Name, w.result, w.name)
		}
	}
}

// settle leaves of a match what its Result gives a meaning to.
func settle(m Match) Match {
	switch m.Result {
	case Wildcard:
		return m
	case Exact:
		return Match{Result: Exact, Name: m.Name}
	}
	return Match{Result: m.Result}
}

func TestTableEmpty(t *testing.T) {
	var tab Table
	check(t, &tab, finding{"", Absent, ""}, finding{"a.b", Absent, ""}, finding{"*.b", Absent, ""}, finding{"*", Absent, ""})
	if tab.Len() != 0 {
		t.Errorf("%d names", tab.Len())
	}
}

// Z6, Z7, Z12: a name answers, or only names below it do, or it is claimed with nothing to answer.
func TestTableExact(t *testing.T) {
	tab := table(claim{"a.b.c", Closest, true}, claim{"p.b.c", Closest, false}, claim{"b.q", Closest, false}, claim{"x.b.q", Closest, true})
	check(t, tab,
		finding{"a.b.c", Exact, "a.b.c"},
		finding{"b.c", NonTerminal, ""},
		finding{"c", NonTerminal, ""},
		finding{"", NonTerminal, ""},
		finding{"p.b.c", Pending, ""},
		finding{"b.q", NonTerminal, ""},
		finding{"x.a.b.c", Absent, ""},
		finding{"x.c", Absent, ""},
	)
}

// Z12: a name is ready while one of its claims is.
func TestTableReady(t *testing.T) {
	tab := table(claim{"a.b", Closest, false})
	check(t, tab, finding{"a.b", Pending, ""}, finding{"b", Absent, ""})
	tab.Add("a.b", AnyDepth, true)
	check(t, tab, finding{"a.b", Exact, "a.b"}, finding{"b", NonTerminal, ""})
	tab.Remove("a.b", AnyDepth, true)
	check(t, tab, finding{"a.b", Pending, ""}, finding{"b", Absent, ""})
	tab.Remove("a.b", Closest, false)
	check(t, tab, finding{"a.b", Absent, ""})
	if tab.Len() != 0 {
		t.Errorf("%d names left", tab.Len())
	}
}

// W1, W2, W3: the three reaches of a wildcard.
func TestTableWildcards(t *testing.T) {
	between := claim{"n.x", Closest, true}
	check(t, table(claim{"*.x", OneLabel, true}, between),
		finding{"a.x", Wildcard, "*.x"}, finding{"a.b.x", Absent, ""}, finding{"a.n.x", Absent, ""}, finding{"x", NonTerminal, ""}, finding{"n.x", Exact, "n.x"})
	check(t, table(claim{"*.x", AnyDepth, true}, between),
		finding{"a.x", Wildcard, "*.x"}, finding{"a.b.x", Wildcard, "*.x"}, finding{"a.n.x", Wildcard, "*.x"}, finding{"x", NonTerminal, ""})
	check(t, table(claim{"*.x", Closest, true}, between),
		finding{"a.x", Wildcard, "*.x"}, finding{"a.b.x", Wildcard, "*.x"}, finding{"a.n.x", Absent, ""}, finding{"a.b.n.x", Absent, ""}, finding{"x", NonTerminal, ""})
}

// W3, RFC 4592 section 2.2.1: a wildcard is a name that exists, and so blocks itself below its own name.
func TestTableWildcardBlocksItself(t *testing.T) {
	check(t, table(claim{"*.x", Closest, true}), finding{"a.*.x", Absent, ""})
}

// W4: the longest suffix that reaches the name wins; Applies tells which reaches match it.
func TestTableLongestWildcard(t *testing.T) {
	tab := table(claim{"*.x", AnyDepth, true}, claim{"*.b.x", OneLabel, true}, claim{"*.b.x", Closest, true})
	check(t, tab, finding{"a.b.x", Wildcard, "*.b.x"}, finding{"c.x", Wildcard, "*.x"}, finding{"a.a.b.x", Wildcard, "*.b.x"})
	if m := tab.Find("a.a.b.x"); m.Applies[OneLabel] || !m.Applies[Closest] {
		t.Errorf("applies: %v", m.Applies)
	}
	tab.Remove("*.b.x", Closest, true)
	check(t, tab, finding{"a.a.b.x", Wildcard, "*.x"}, finding{"a.b.x", Wildcard, "*.b.x"})
}

// Z12: a pending wildcard holds back what it would cover.
func TestTablePendingWildcard(t *testing.T) {
	tab := table(claim{"*.x", AnyDepth, true}, claim{"*.b.x", OneLabel, false})
	check(t, tab,
		finding{"a.b.x", Pending, ""},
		finding{"a.a.b.x", Wildcard, "*.x"},
		finding{"b.x", Wildcard, "*.x"}, // nothing ready below it
		finding{"*.b.x", Pending, ""},
	)
}

// W6: the wildcard itself is a name.
func TestTableLiteralWildcard(t *testing.T) {
	tab := table(claim{"*.x", OneLabel, true}, claim{"*", AnyDepth, true})
	check(t, tab, finding{"*.x", Wildcard, "*.x"}, finding{"*", Wildcard, "*"}, finding{"*.y", Wildcard, "*"})
	if m := tab.Find("*.x"); m.Applies != [reaches]bool{true, true, true} {
		t.Errorf("applies: %v", m.Applies)
	}
}

// A name that is fixed exists for good, and its wildcards are none the worse for it.
func TestTableFix(t *testing.T) {
	var tab Table
	tab.Fix("b.c")
	check(t, &tab, finding{"c", NonTerminal, ""}, finding{"x.b.c", Absent, ""})
	before := tab.Len()
	tab.Add("b.c", Closest, true)
	check(t, &tab, finding{"b.c", Exact, "b.c"})
	tab.Add("*.c", Closest, true)
	check(t, &tab, finding{"a.c", Wildcard, "*.c"}, finding{"x.b.c", Absent, ""})
	tab.Remove("*.c", Closest, true)
	tab.Remove("b.c", Closest, true)
	check(t, &tab, finding{"c", NonTerminal, ""})
	if tab.Len() != before {
		t.Errorf("%d names, before %d", tab.Len(), before)
	}
}

// W2, W3: a fixed name with nothing of its own is covered by a wildcard of the Gateway API, but not by a
// DNS one: it exists.
func TestTableFixUnderWildcard(t *testing.T) {
	for reach, want := range map[Reach]finding{
		Closest:  {"b.c", NonTerminal, ""},
		AnyDepth: {"b.c", Wildcard, "*.c"},
		OneLabel: {"b.c", Wildcard, "*.c"},
	} {
		var tab Table
		tab.Fix("b.c")
		tab.Add("*.c", reach, true)
		check(t, &tab, want)
	}
}

// W7: wildcards over host names do not match a label that begins with an underscore; those of RFC 4592 do.
func TestTableAttributes(t *testing.T) {
	tab := table(claim{"*.one", OneLabel, true}, claim{"*.any", AnyDepth, true}, claim{"*.dns", Closest, true}, claim{"*._tcp.one", OneLabel, true},
		claim{"*.mixed", OneLabel, true}, claim{"*.mixed", Closest, true}, claim{"*.long.dns", AnyDepth, true})
	check(t, tab,
		finding{"_a.one", Absent, ""},
		finding{"a_.one", Wildcard, "*.one"},
		finding{"_a.any", Absent, ""},
		finding{"x._a.any", Absent, ""},
		finding{"_a.x.any", Absent, ""},
		finding{"_a.dns", Wildcard, "*.dns"},
		finding{"_a.x.dns", Wildcard, "*.dns"},
		finding{"x._tcp.one", Wildcard, "*._tcp.one"}, // the asterisk stands for x
		finding{"_x._tcp.one", Absent, ""},
		finding{"_a.mixed", Wildcard, "*.mixed"},
		finding{"_a.long.dns", Absent, ""}, // W3: long.dns exists
	)
	if m := tab.Find("_a.mixed"); m.Applies[OneLabel] || !m.Applies[Closest] {
		t.Errorf("applies %v", m.Applies)
	}
}
