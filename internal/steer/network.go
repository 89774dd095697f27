package steer

import (
	"bytes"
	"math/bits"
	"net/netip"
	"slices"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

// linearSearch is up to how many addresses of a target are searched one by one.
const linearSearch = 8

// Networks are the networks of a stanza. Each has some prefixes. An address is in the network with the longest prefix that contains the
// address (T3).
type Networks struct {
	Names    []string
	prefixes []declared
	spans    [][]span // for each network, the addresses that are in it, in order
}

// declared is a prefix of a network.
type declared struct {
	netip.Prefix
	network int
}

// span is a range of addresses of one family.
type span struct {
	first, last target.Addr
	v4          bool
}

func newSpan(first, last netip.Addr) span { return span{first.As16(), last.As16(), first.Is4()} }

// Add adds a network.
func (n *Networks) Add(name string, prefixes []netip.Prefix) {
	for _, p := range prefixes {
		n.prefixes = append(n.prefixes, declared{p, len(n.Names)})
	}
	n.Names = append(n.Names, name)
	n.spans = make([][]span, len(n.Names))
	for _, v4 := range []bool{true, false} {
		n.divide(v4)
	}
}

// Owner returns the name of the network that has a prefix.
func (n *Networks) Owner(p netip.Prefix) (string, bool) {
	i := slices.IndexFunc(n.prefixes, func(d declared) bool { return d.Prefix == p })
	if i < 0 {
		return "", false
	}
	return n.Names[n.prefixes[i].network], true
}

// divide adds the spans of a family. The network of an address differs from that of the address before it only where a prefix begins, or
// after one ends.
func (n *Networks) divide(v4 bool) {
	var points []netip.Addr
	for _, d := range n.prefixes {
		if d.Addr().Is4() != v4 {
			continue
		}
		points = append(points, d.Addr())
		if next := lastOf(d.Prefix).Next(); next.IsValid() {
			points = append(points, next)
		}
	}
	slices.SortFunc(points, netip.Addr.Compare)
	points = slices.Compact(points)
	for i, p := range points {
		at, ok := n.longest(p, p.BitLen())
		if !ok {
			continue
		}
		last := lastOf(netip.PrefixFrom(p, 0))
		if i+1 < len(points) {
			last = points[i+1].Prev()
		}
		n.spans[at.network] = append(n.spans[at.network], newSpan(p, last))
	}
}

// lastOf returns the last address of a prefix.
func lastOf(p netip.Prefix) netip.Addr {
	octets := p.Addr().AsSlice()
	for i := range octets {
		if free := 8*(i+1) - p.Bits(); free > 0 {
			octets[i] |= byte(0xff >> (8 - min(free, 8)))
		}
	}
	a, _ := netip.AddrFromSlice(octets)
	return a
}

// longest returns the longest prefix of a network that contains the prefix a/bits.
func (n *Networks) longest(a netip.Addr, bits int) (found declared, ok bool) {
	for _, d := range n.prefixes {
		if d.Bits() <= bits && d.Contains(a) && (!ok || d.Bits() > found.Bits()) {
			found, ok = d, true
		}
	}
	return found, ok
}

// of returns the network of a client, or -1. within is the length of the shortest prefix around the client for which this holds, at most
// the number of bits that are known of the client.
func (n *Networks) of(c *Client) (network, within int) {
	at, ok := n.longest(c.Addr, c.Bits)
	if !ok {
		return -1, c.Bits
	}
	if within = at.Bits(); !c.FromECS {
		return at.network, within
	}
	for _, d := range n.prefixes {
		if d.network != at.network && d.Bits() > at.Bits() && d.Overlaps(at.Prefix) {
			within = max(within, min(common(c.Addr, d.Addr())+1, c.Bits))
		}
	}
	return at.network, within
}

// common returns how many leading bits two addresses of a family have in common.
func common(a, b netip.Addr) (n int) {
	x, y := a.As16(), b.As16()
	for i := range x {
		if d := x[i] ^ y[i]; d != 0 {
			n = 8*i + bits.LeadingZeros8(d)
			break
		}
		n = 8 * (i + 1)
	}
	return n - (128 - a.BitLen())
}

// find returns the range of indices at which the addresses of a sorted list lie in the span.
func (s *span) find(addrs []target.Addr) (first, end int) {
	if len(addrs) <= linearSearch {
		for first < len(addrs) && !s.has(&addrs[first]) {
			first++
		}
		for end = first; end < len(addrs) && s.has(&addrs[end]); {
			end++
		}
		return first, end
	}
	first, _ = slices.BinarySearchFunc(addrs, s.first, target.Addr.Compare)
	end, found := slices.BinarySearchFunc(addrs[first:], s.last, target.Addr.Compare)
	if end += first; found {
		end++
	}
	return first, end
}

// has reports whether the span contains an address.
func (s *span) has(a *target.Addr) bool {
	return a.Is4() == s.v4 && bytes.Compare(a[:], s.first[:]) >= 0 && bytes.Compare(a[:], s.last[:]) <= 0
}
