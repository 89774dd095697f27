// Package target reads what an object points a name at.
package target

import (
	"errors"
	"net/netip"
	"slices"
)

// ErrAddress says that a string is not an address that a name can have.
var ErrAddress = errors.New("is not an IP address a name can have")

// Addr parses an IPv4 or IPv6 address. An IPv4-mapped IPv6 address is an IPv4 address. Zones, the
// unspecified address and forms that netip does not accept (such as 010.0.0.1) are errors.
func Addr(s string) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, ErrAddress
	}
	if a = a.Unmap(); a.IsUnspecified() {
		return netip.Addr{}, ErrAddress
	}
	return a, nil
}

// Sort orders addresses, IPv4 before IPv6, and drops repeated ones. It works in place.
func Sort(addrs []netip.Addr) []netip.Addr {
	slices.SortFunc(addrs, netip.Addr.Compare)
	return slices.Clip(slices.Compact(addrs))
}

// Split returns the IPv4 and the IPv6 addresses of a sorted list.
func Split(addrs []netip.Addr) (v4, v6 []netip.Addr) {
	i := len(addrs)
	for j, a := range addrs {
		if a.Is6() {
			i = j
			break
		}
	}
	return addrs[:i:i], addrs[i:]
}
