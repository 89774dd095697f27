package dnsname

import (
	"slices"
	"strings"
	"testing"
)

// FuzzHostname: N1: a canonical name is its own canonical form, fits into a message, and is the same
// for every case in which it may be written.
func FuzzHostname(f *testing.F) {
	for _, seed := range []string{
		"", ".", "*", "*.", "example.com", "Example.COM.", "*.example.com", "a.*.b", "_sip._tcp.example.com", "bücher.example", "*.bücher.example",
		"xn--bcher-kva.example", "1.2.3.4", "fe80::1%eth0", "a..b", "a b", "ß.example", "İ.example", "a。b", "\u200d.example", "K.example", "\xff", `a\.b`,
		strings.Repeat("x", 63) + ".com", strings.Repeat("x.", 126) + "x", strings.Repeat("ü", 60) + ".com",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, parse := range map[string]func(string) (string, error){"Hostname": Hostname, "Owner": Owner} {
			got, err := parse(s)
			if err != nil {
				if got != "" {
					t.Errorf("%s(%q) = %q and an error", name, s, got)
				}
				continue
			}
			if again, err := parse(got); err != nil || again != got {
				t.Errorf("%s(%q) = %q, whose own is %q, %v", name, s, got, again, err)
			}
			if dotted, err := parse(got + "."); err != nil || dotted != got {
				t.Errorf("%s(%q.) = %q, %v", name, got, dotted, err)
			}
			if upper, err := parse(strings.ToUpper(got)); err != nil || upper != got {
				t.Errorf("%s(%q) = %q, %v", name, strings.ToUpper(got), upper, err)
			}
			if len(got) == 0 || len(got) > 253 || strings.ToLower(got) != got {
				t.Errorf("%s(%q) = %q", name, s, got)
			}
			labels := 0
			for label, ok := got, true; ok && label != ""; label, ok = Parent(label) {
				labels++
			}
			if labels != strings.Count(got, ".")+1 {
				t.Errorf("%s(%q) = %q, %d labels", name, s, got, labels)
			}
		}
	})
}

// model is a table that keeps every claim and looks at all of them.
type model []claim

// exists: the name answers itself, or a name below it does. Wildcards are names like others.
func (m model) exists(name string) bool {
	return slices.ContainsFunc(m, func(c claim) bool { return c.ready && Within(c.name, name) })
}

func (m model) find(name string) Match {
	at := func(name string, applies [reaches]bool) Result {
		result := Absent
		for _, c := range m {
			switch {
			case c.name != name || !applies[c.reach]:
			case c.ready:
				return Exact
			default:
				result = Pending
			}
		}
		return result
	}
	every := [reaches]bool{true, true, true}
	wild := IsWildcard(name)
	switch r := at(name, every); {
	case r == Exact && wild:
		return Match{Result: Wildcard, Name: name, Applies: every}
	case r == Exact:
		return Match{Result: Exact, Name: name}
	case m.exists(name):
		return Match{Result: NonTerminal}
	case r == Pending:
		return Match{Result: Pending}
	}
	var between []string // the name, and those between it and the wildcard's suffix
	for suffix, ok := name, true; ; {
		between = append(between, suffix)
		if suffix, ok = Parent(suffix); !ok {
			return Match{Result: Absent}
		}
		applies := [reaches]bool{Closest: !slices.ContainsFunc(between, m.exists), OneLabel: len(between) == 1, AnyDepth: true}
		if slices.ContainsFunc(between, func(name string) bool { return strings.HasPrefix(name, "_") }) {
			applies[OneLabel], applies[AnyDepth] = false, false
		}
		w := Join("*", suffix)
		switch at(w, applies) {
		case Exact:
			return Match{Result: Wildcard, Name: w, Applies: applies}
		case Pending:
			return Match{Result: Pending}
		}
	}
}

// fuzzNames are few, so that they meet: three labels deep, with and without a wildcard.
var fuzzNames = func() (list []string) {
	labels := []string{"a", "b", "_c"}
	list = append(list, "", "*")
	for _, x := range labels {
		list = append(list, x, "*."+x)
		for _, y := range labels {
			list = append(list, y+"."+x, "*."+y+"."+x)
			for _, z := range labels {
				list = append(list, z+"."+y+"."+x)
			}
		}
	}
	return list
}()

// FuzzTable: Z6, Z7, Z8, Z12, W1–W7: after any adding and removing the table finds what a look at all
// claims finds, and is empty when they are gone. Each octet pair is one step.
func FuzzTable(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{4, 0, 9, 1, 4, 2, 200, 0})
	f.Add([]byte("the quick brown fox jumps over the lazy dog"))
	f.Add([]byte("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	random := make([]byte, 400)
	for i, x := 0, uint32(1); i < len(random); i++ {
		x = x*1664525 + 1013904223
		random[i] = byte(x >> 24)
	}
	f.Add(random)
	f.Fuzz(func(t *testing.T, ops []byte) {
		var tab Table
		var m model
		ops = ops[:min(len(ops), 200)] // a look at all claims takes its time
		for ; len(ops) >= 2; ops = ops[2:] {
			if len(m) > 0 && ops[1]&0x40 != 0 { // remove one
				i := int(ops[0]) % len(m)
				tab.Remove(m[i].name, m[i].reach, m[i].ready)
				m = slices.Delete(m, i, i+1)
			} else {
				c := claim{fuzzNames[int(ops[0])%len(fuzzNames)], Reach(ops[1] % uint8(reaches)), ops[1]&0x20 != 0}
				tab.Add(c.name, c.reach, c.ready)
				m = append(m, c)
			}
			for _, name := range fuzzNames {
				if got, want := settle(tab.Find(name)), m.find(name); got != want {
					t.Fatalf("%v: Find(%q) = %v, want %v", m, name, got, want)
				}
			}
		}
		for _, c := range m {
			tab.Remove(c.name, c.reach, c.ready)
		}
		if n := tab.Len(); n != 0 {
			t.Errorf("%d names left: %v", n, tab.nodes)
		}
	})
}
