package steer

import (
	"context"
	"net/netip"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
)

// Client is the client of a question.
type Client struct {
	Addr    netip.Addr // the client subnet of the question (RFC 7871) or, if the question has none, its source address
	Bits    int        // how many bits of Addr are known
	FromECS bool       // Addr is a client subnet
	place.Place
	Random uint64          // the random number of the question; 0 until one is drawn
	Ctx    context.Context // of the question, for the Locator of the chain
}

// Locator finds the places of clients. Only filters that need a place call it.
type Locator interface {
	// Locate returns the continent, the country and the subdivisions of a client.
	Locate(ctx context.Context) place.Place
	// Point returns the latitude and longitude of a client, or nil.
	Point(ctx context.Context) *place.Point
}

// SetAddr sets the client to the source address of a question.
func (c *Client) SetAddr(a netip.Addr) {
	if a.Is4In6() || a.Zone() != "" {
		a = a.Unmap().WithZone("")
	}
	c.Addr, c.Bits, c.FromECS = a, a.BitLen(), false
}

// SetPrefix sets the client to the client subnet of a question.
func (c *Client) SetPrefix(p netip.Prefix) { c.Addr, c.Bits, c.FromECS = p.Addr(), p.Bits(), true }

// isIn reports whether every address that the client may have lies in a prefix.
func (c *Client) isIn(p netip.Prefix) bool { return p.Bits() <= c.Bits && p.Contains(c.Addr) }

// String returns the source address or the client subnet.
func (c *Client) String() string {
	if c.FromECS {
		return netip.PrefixFrom(c.Addr, c.Bits).String()
	}
	return c.Addr.String()
}
