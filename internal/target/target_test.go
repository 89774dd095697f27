package target

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
)

// N6: which strings are addresses, and the one form of each.
func TestAddr(t *testing.T) {
	for in, out := range map[string]string{
		"192.0.2.1":          "192.0.2.1",
		"255.255.255.255":    "255.255.255.255",
		"127.0.0.1":          "127.0.0.1",
		"2001:DB8::1":        "2001:db8::1",
		"2001:db8:0:0::0:1":  "2001:db8::1",
		"::ffff:192.0.2.1":   "192.0.2.1",
		"::ffff:c000:201":    "192.0.2.1",
		"fe80::1":            "fe80::1",
		"64:ff9b::192.0.2.1": "64:ff9b::c000:201",
	} {
		if got, err := Parse(in); err != nil || got.String() != out || got != netip.MustParseAddr(out).As16() || got.Is4() != netip.MustParseAddr(out).Is4() || got.Is6() == got.Is4() {
			t.Errorf("Parse(%q) = %v, %v, want %s", in, got, err, out)
		}
	}
	for _, in := range []string{
		"", " ", "0.0.0.0", "::", "::ffff:0.0.0.0", "fe80::1%eth0", "::ffff:192.0.2.1%eth0", "010.0.0.1", "1.2.3", "1.2.3.256", "0x1.2.3.4",
		"192.0.2.1/32", "192.0.2.1:53", " 192.0.2.1", "192.0.2.1 ", "[2001:db8::1]", "example.com", "3221225985",
	} {
		if got, err := Parse(in); !errors.Is(err, ErrAddress) || got != (Addr{}) {
			t.Errorf("Parse(%q) = %v, %v, want an error", in, got, err)
		}
	}
}

func addrs(list ...string) (out []Addr) {
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s).As16())
	}
	return out
}

// Z15: addresses have one order, by number and IPv4 first, and each stands once.
func TestSort(t *testing.T) {
	got := Sort(addrs("2001:db8::2", "192.0.2.10", "192.0.2.9", "10.0.0.1", "2001:db8::1", "192.0.2.10", "2001:db8::2"))
	if want := addrs("10.0.0.1", "192.0.2.9", "192.0.2.10", "2001:db8::1", "2001:db8::2"); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if len(Sort(nil)) != 0 {
		t.Error("something of nothing")
	}
	if cap(got) != len(got) {
		t.Error("not capped: who appends would write to it")
	}
}

func TestSplit(t *testing.T) {
	for _, tc := range []struct{ all, v4, v6 []Addr }{
		{nil, nil, nil},
		{addrs("192.0.2.1", "192.0.2.2"), addrs("192.0.2.1", "192.0.2.2"), nil},
		{addrs("2001:db8::1"), nil, addrs("2001:db8::1")},
		{addrs("192.0.2.1", "2001:db8::1", "2001:db8::2"), addrs("192.0.2.1"), addrs("2001:db8::1", "2001:db8::2")},
	} {
		v4, v6 := Split(tc.all)
		if !slices.Equal(v4, tc.v4) || !slices.Equal(v6, tc.v6) {
			t.Errorf("%v: %v and %v", tc.all, v4, v6)
		}
		_ = append(v4, netip.IPv6Loopback().As16())
		if !slices.Equal(v6, tc.v6) {
			t.Errorf("%v: appending to the IPv4 addresses writes to the others", tc.all)
		}
	}
}
