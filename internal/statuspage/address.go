package statuspage

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// ParseAddress returns the canonical form of an address to listen on, [HOST]:PORT. By default the page is private: without a host it
// listens on loopback, and on all interfaces only if 0.0.0.0 or [::] is given. Names other than localhost are errors, because resolving
// one could need the server that is about to start.
func ParseAddress(s string) (string, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		if _, err := strconv.ParseUint(s, 10, 16); err == nil {
			return "", fmt.Errorf("address %q is not [HOST]:PORT: write \":%s\"", s, s)
		}
		return "", fmt.Errorf("address %q is not [HOST]:PORT", s)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return "", fmt.Errorf("address %q: port %q is not a number from 0 to 65535", s, port)
	}
	ip := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if host != "" && host != "localhost" {
		if ip, err = netip.ParseAddr(host); err != nil {
			return "", fmt.Errorf("address %q: host %q is neither an IP address nor localhost", s, host)
		}
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(number)).String(), nil
}
