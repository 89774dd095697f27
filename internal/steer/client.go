package steer

import (
	"net/netip"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/place"
)

// Client is who asks a question, as far as it is known.
type Client struct {
	Addr netip.Addr // of the source or, if the question has one, the client subnet (RFC 7871)
	Bits int        // how many bits of it are known
	Sent bool       // it is of a client subnet
	place.Place
	Latitude, Longitude string // in degrees; empty where they are not known

	Number uint64 // the random number of the question; 0 has one drawn
}

// ClientAt returns a client of which the source address is known.
func ClientAt(a netip.Addr) Client {
	a = a.Unmap().WithZone("")
	return Client{Addr: a, Bits: a.BitLen()}
}

// ClientIn returns a client that sent a prefix.
func ClientIn(p netip.Prefix) Client { return Client{Addr: p.Addr(), Bits: p.Bits(), Sent: true} }

// isIn reports whether all that the client may be lies in a prefix.
func (c *Client) isIn(p netip.Prefix) bool { return p.Bits() <= c.Bits && p.Contains(c.Addr) }

// String returns the address or the prefix.
func (c *Client) String() string {
	if c.Sent {
		return netip.PrefixFrom(c.Addr, c.Bits).String()
	}
	return c.Addr.String()
}

// point returns where the client is on the globe, or nil.
func (c *Client) point() *place.Point { return place.ParsePoint(c.Latitude, c.Longitude) }
