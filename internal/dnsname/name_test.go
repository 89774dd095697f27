package dnsname

import (
	"errors"
	"strings"
	"testing"
)

// N1, N2: what a host name is, and its canonical form.
func TestHostname(t *testing.T) {
	label63 := strings.Repeat("x", 63)
	name253 := strings.Repeat(label63+".", 3) + strings.Repeat("x", 61)
	for _, tc := range []struct {
		in, out string
		err     error
	}{
		{"example.com", "example.com", nil},
		{"Example.COM.", "example.com", nil},
		{"single", "single", nil},
		{"1.example.com", "1.example.com", nil},
		{"1.2.3", "1.2.3", nil},
		{"a-b.c--d.example.com", "a-b.c--d.example.com", nil},
		{"*.example.com", "*.example.com", nil},
		{"*", "*", nil},
		{"*.", "*", nil},
		{"bücher.example", "xn--bcher-kva.example", nil},
		{"BÜCHER.example.", "xn--bcher-kva.example", nil},
		{"xn--bcher-kva.example", "xn--bcher-kva.example", nil},
		{label63 + ".example", label63 + ".example", nil},
		{name253, name253, nil},
		{name253 + ".", name253, nil},

		{"", "", errEmpty},
		{".", "", errEmpty},
		{"1.2.3.4", "", errAddress},
		{"1.2.3.4.", "", errAddress},
		{"2001:db8::1", "", errAddress},
		{"fe80::1%eth0", "", errAddress},
		{"::ffff:1.2.3.4", "", errAddress},
		{label63 + "x.example", "", errLength},
		{name253 + "x", "", errLength},
		{"a..b", "", errLength},
		{".a", "", errLength},
		{"a..", "", errLength},
		{"*..a", "", errLength},
		{"a_b.example", "", errCharacter},
		{"-a.example", "", errCharacter},
		{"a-.example", "", errCharacter},
		{"a b.example", "", errCharacter},
		{`a\.b.example`, "", errCharacter},
		{"a\x00b", "", errCharacter},
		{"ü_.example", "", errCharacter},
		{"a.*.example", "", ErrWildcard},
		{"a*.example", "", ErrWildcard},
		{"*a.example", "", ErrWildcard},
		{"**", "", ErrWildcard},
		{"*.*.example", "", ErrWildcard},
	} {
		got, err := Hostname(tc.in)
		if got != tc.out || !errors.Is(err, tc.err) {
			t.Errorf("Hostname(%q) = %q, %v, want %q, %v", tc.in, got, err, tc.out, tc.err)
		}
	}
}

// N1: owner names may have underscores as well, anywhere in a label.
func TestOwner(t *testing.T) {
	for in, out := range map[string]string{
		"_sip._tcp.Example.com.": "_sip._tcp.example.com",
		"a_b.example.com":        "a_b.example.com",
		"_.example.com":          "_.example.com",
		"*._tcp.example.com":     "*._tcp.example.com",
		"example.com":            "example.com",
	} {
		if got, err := Owner(in); got != out || err != nil {
			t.Errorf("Owner(%q) = %q, %v, want %q", in, got, err, out)
		}
	}
	for _, in := range []string{"", "1.2.3.4", "_a b.example", "-_.example", "a.*.example"} {
		if got, err := Owner(in); err == nil {
			t.Errorf("Owner(%q) = %q, want an error", in, got)
		}
	}
}

// N1: U-labels may stand below a wildcard, and beside underscores.
func TestInternational(t *testing.T) {
	if got, err := Hostname("*.bücher.example"); got != "*.xn--bcher-kva.example" || err != nil {
		t.Errorf("Hostname: %q, %v", got, err)
	}
	if got, err := Owner("_sip.bücher.example"); got != "_sip.xn--bcher-kva.example" || err != nil {
		t.Errorf("Owner: %q, %v", got, err)
	}
}

// N1: an empty label is one behind a wildcard as well.
func TestEmptyLabelAfterWildcard(t *testing.T) {
	for _, in := range []string{"*..", "*..."} {
		if got, err := Hostname(in); !errors.Is(err, errLength) {
			t.Errorf("Hostname(%q) = %q, %v", in, got, err)
		}
	}
}

// N2: an address is none the more a name for being written in other characters that stand for digits and dots.
func TestAddressInOtherCharacters(t *testing.T) {
	for _, in := range []string{"１.２.３.４", "1.2.3。4"} {
		if got, err := Hostname(in); err == nil {
			t.Errorf("Hostname(%q) = %q, want an error", in, got)
		}
	}
}

// N1: folding does not take a name out of the domain that it ends in, so that a rule that allows names below one name cannot be got around.
func TestSpellingStaysInDomain(t *testing.T) {
	const own = "team-b.example.com"
	for _, spelling := range []string{
		"bank.example.com。", "bank.example.com.x", "bank.example.com\u3002x", "bank.example.com/", "bank.example.com ", "bank.example.com\x00",
		"bank.example.com\n", `bank.example.com\.`, "..", "*", "bank.example.com,x",
	} {
		if name, err := Owner(spelling + "." + own); err == nil && !Within(name, own) {
			t.Errorf("%q is %q", spelling+"."+own, name)
		}
	}
}

func TestWildcard(t *testing.T) {
	for name, want := range map[string]string{"*.example.com": "example.com", "*.com": "com", "*": ""} {
		if got, wild := CutWildcard(name); got != want || !wild || !IsWildcard(name) {
			t.Errorf("CutWildcard(%q) = %q, %t; IsWildcard: %t", name, got, wild, IsWildcard(name))
		}
	}
	for _, name := range []string{"", "example.com", "a.*.com", "*a.com", `*\.a.com`} {
		if got, wild := CutWildcard(name); got != name || wild || IsWildcard(name) {
			t.Errorf("CutWildcard(%q) = %q, %t; IsWildcard: %t", name, got, wild, IsWildcard(name))
		}
	}
}

func TestWithin(t *testing.T) {
	for _, tc := range []struct {
		name, zone string
		want       bool
	}{
		{"example.com", "example.com", true},
		{"a.example.com", "example.com", true},
		{"a.b.example.com", "example.com", true},
		{"*.example.com", "example.com", true},
		{"example.com", "", true},
		{"", "", true},
		{"", "com", false},
		{"com", "example.com", false},
		{"badexample.com", "example.com", false},
		{"example.com", "a.example.com", false},
	} {
		if got := Within(tc.name, tc.zone); got != tc.want {
			t.Errorf("Within(%q, %q) = %t", tc.name, tc.zone, got)
		}
	}
}

// Parent takes a label off until the root is reached, and knows an escaped dot from one that ends a label.
func TestParent(t *testing.T) {
	for _, chain := range [][]string{
		{"a.b.com", "b.com", "com", ""},
		{`a\.b.com`, "com", ""},
		{`a\\.b.com`, "b.com", "com", ""},
		{`a\\\.b.com`, "com", ""},
		{`\046.com`, "com", ""},
		{"*.com", "com", ""},
		{""},
	} {
		for i, name := range chain {
			parent, ok := Parent(name)
			if last := i == len(chain)-1; ok == last || !last && parent != chain[i+1] {
				t.Errorf("Parent(%q) = %q, %t", name, parent, ok)
			}
		}
	}
	if parent, ok := Parent(`a\`); parent != "" || !ok { // no name, but no reason to panic
		t.Errorf("%q, %t", parent, ok)
	}
}

func TestJoin(t *testing.T) {
	if got := Join("a.b", "example.com"); got != "a.b.example.com" {
		t.Error(got)
	}
	if got := Join("a.b", ""); got != "a.b" {
		t.Error(got)
	}
}
