package play

import (
	"context"
	"net/netip"
	"strings"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/metadata"
	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// geoip stands for CoreDNS's plugin of that name, which needs a database. Its argument is a client's place for each network:
// "geoip 10.1.0.0/16 EU DE BE 52.52 13.40" with a dash for what is not known, once for each. It reads client subnets.
type geoip struct {
	plugin.Handler
	places *[][]string
}

func init() {
	plugin.Register("geoip", func(c *caddy.Controller) error {
		g := geoip{places: &[][]string{}}
		for c.Next() {
			*g.places = append(*g.places, c.RemainingArgs())
		}
		dnsserver.GetConfig(c).AddPlugin(func(next plugin.Handler) plugin.Handler {
			g.Handler = next
			return g
		})
		return nil
	})
}

// Name implements plugin.Handler.
func (g geoip) Name() string { return "geoip" }

// Metadata implements metadata.Provider.
func (g geoip) Metadata(ctx context.Context, state request.Request) context.Context {
	client := netip.MustParseAddr(state.IP())
	if opt := state.Req.IsEdns0(); opt != nil {
		for _, o := range opt.Option {
			if subnet, ok := o.(*dns.EDNS0_SUBNET); ok {
				client, _ = netip.AddrFromSlice(subnet.Address)
			}
		}
	}
	for _, p := range *g.places {
		if !netip.MustParsePrefix(p[0]).Contains(client.Unmap()) {
			continue
		}
		for i, label := range []string{"continent/code", "country/code", "subdivisions/code", "latitude", "longitude"} {
			value := strings.TrimPrefix(p[i+1], "-")
			if strings.HasPrefix(label, "l") { // a minus is one
				value = p[i+1]
			}
			metadata.SetValueFunc(ctx, "geoip/"+label, func() string { return value })
		}
	}
	return ctx
}
