package steer

import (
	"context"
	"net/netip"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
)

// Client is who asks a question, as far as it is known.
type Client struct {
	Addr    netip.Addr // of the source or, if the question has one, the client subnet (RFC 7871)
	Bits    int        // how many bits of it are known
	FromECS bool       // it is of a client subnet
	place.Place
	Random uint64          // the random number of the question; 0 has one drawn
	Ctx    context.Context // of the question, for the Locator of the chain
}

// Locator knows where clients are. It is asked where that counts.
type Locator interface {
	// Locate returns the continent, the country and the subdivisions of a client.
	Locate(ctx context.Context) place.Place
	// Point returns where a client is on the globe, or nil.
	Point(ctx context.Context) *place.Point
}

// SetAddr notes the source address of a client.
func (c *Client) SetAddr(a netip.Addr) {
	if a.Is4In6() || a.Zone() != "" {
		a = a.Unmap().WithZone("")
	}
	c.Addr, c.Bits, c.FromECS = a, a.BitLen(), false
}

// SetPrefix notes the client subnet of a question.
func (c *Client) SetPrefix(p netip.Prefix) { c.Addr, c.Bits, c.FromECS = p.Addr(), p.Bits(), true }

// isIn reports whether all that the client may be lies in a prefix.
func (c *Client) isIn(p netip.Prefix) bool { return p.Bits() <= c.Bits && p.Contains(c.Addr) }

// String returns the address or the prefix.
func (c *Client) String() string {
	if c.FromECS {
		return netip.PrefixFrom(c.Addr, c.Bits).String()
	}
	return c.Addr.String()
}
