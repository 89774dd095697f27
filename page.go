package gateway

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"github.com/coredns/coredns/plugin/pkg/transport"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// listen serves the status pages that stanzas ask for. Those that name the same address share one.
func (i *instance) listen() error {
	pages := map[string]statuspage.Sources{}
	var addresses []string
	for _, g := range i.gateways() {
		if g.status == "" {
			continue
		}
		if pages[g.status] == nil {
			addresses = append(addresses, g.status)
		}
		pages[g.status] = append(pages[g.status], overview{g})
	}
	before := running.predecessor(i)
	for _, address := range addresses {
		if i.ctx.Err() != nil {
			return nil
		}
		if server := i.serverAt(address); server != "" {
			return fmt.Errorf("%s: property status: the DNS server of the block %s listens on %s, too: use another port", pluginName, server, address)
		}
		page := statuspage.New(pages[address], log.Errorf)
		if err := page.Listen(address, before.page(address)); errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("%s: property status: %w: stop what listens there, or use another port", pluginName, err)
		} else if err != nil {
			return fmt.Errorf("%s: property status: %w", pluginName, err)
		}
		if i.pages == nil {
			i.pages = map[string]*statuspage.Server{}
		}
		i.pages[address] = page
		log.Infof("status page at http://%s/", page.Addr())
	}
	return nil
}

// page returns the status page at an address of a Corefile, or nil.
func (i *instance) page(address string) *statuspage.Server {
	if i == nil {
		return nil
	}
	return i.pages[address]
}

// serverAt returns the server block whose DNS server listens on a TCP address, or "".
func (i *instance) serverAt(address string) string {
	at, err := netip.ParseAddrPort(address)
	if err != nil || at.Port() == 0 {
		return ""
	}
	for _, b := range i.blocks {
		switch b.config.Transport {
		case transport.QUIC, transport.HTTPS3: // over UDP only
			continue
		}
		for _, host := range b.config.ListenHosts {
			ip, err := netip.ParseAddr(host)
			everywhere := err != nil || ip.IsUnspecified() || at.Addr().IsUnspecified()
			if _, port, _ := net.SplitHostPort(address); port == b.config.Port && (everywhere || ip == at.Addr()) {
				return shown(canonicalZone(b.config.Zone)) + ":" + port
			}
		}
	}
	return ""
}
