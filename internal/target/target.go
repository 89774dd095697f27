// Package target parses, orders and unites the addresses that names point at.
package target

import (
	"cmp"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
)

// ErrAddress is the error for a string that is not an IP address that a name can have.
var ErrAddress = errors.New("is not an IP address a name can have")

// Addr is an IPv6 address, or an IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2). Unlike a netip.Addr it has no pointer, so
// the garbage collector need not scan lists of addresses.
type Addr [16]byte

// Parse reads an IPv4 or IPv6 address. An IPv4-mapped IPv6 address is an IPv4 address. Zones, the
// unspecified address and forms that netip does not accept (such as 010.0.0.1) are errors.
func Parse(s string) (Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" || a.Unmap().IsUnspecified() {
		return Addr{}, ErrAddress
	}
	return a.As16(), nil
}

// From returns the address in the RDATA of an A or AAAA record, and whether it is one.
func From(rdata []byte) (Addr, bool) {
	a, ok := netip.AddrFromSlice(rdata)
	if !ok {
		return Addr{}, false
	}
	return a.As16(), true
}

// mapped is the prefix of an IPv4-mapped address.
var mapped = [12]byte{10: 0xff, 11: 0xff}

// Is4 reports whether the address is an IPv4 address.
func (a Addr) Is4() bool { return [12]byte(a[:12]) == mapped }

// Is6 reports whether the address is an IPv6 address.
func (a Addr) Is6() bool { return !a.Is4() }

// As4 returns the RDATA of the A record of an IPv4 address.
func (a Addr) As4() [4]byte { return [4]byte(a[12:]) }

// String implements fmt.Stringer, in the form of RFC 5952.
func (a Addr) String() string { return netip.AddrFrom16(a).Unmap().String() }

// Compare orders addresses: IPv4 before IPv6.
func (a Addr) Compare(b Addr) int {
	switch v4 := a.Is4(); {
	case v4 != b.Is4() && v4:
		return -1
	case v4 != b.Is4():
		return 1
	}
	if high := cmp.Compare(binary.BigEndian.Uint64(a[:8]), binary.BigEndian.Uint64(b[:8])); high != 0 {
		return high
	}
	return cmp.Compare(binary.BigEndian.Uint64(a[8:]), binary.BigEndian.Uint64(b[8:]))
}

// Sort orders addresses, IPv4 before IPv6, and drops repeated ones. It works in place.
func Sort(addrs []Addr) []Addr {
	slices.SortFunc(addrs, Addr.Compare)
	return slices.Clip(slices.Compact(addrs))
}

// Split returns the IPv4 and the IPv6 addresses of a sorted list. It searches for the first IPv6 address by halves, because
// thousands of names may share a list of thousands of addresses.
func Split(addrs []Addr) (v4, v6 []Addr) {
	first, end := 0, len(addrs)
	for first < end {
		if middle := (first + end) / 2; addrs[middle].Is6() {
			end = middle
		} else {
			first = middle + 1
		}
	}
	return addrs[:first:first], addrs[first:]
}
