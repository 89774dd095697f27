package test

import (
	"errors"
	"sync"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/ready"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testserver"
)

// probe is a plugin that does nothing with questions. It shows tests what CoreDNS
// sees of the plugins in its server block, and `probe fail` does not start.
const probe = "probe"

// probed are the server blocks with a probe, by zone, as they were last loaded.
var probed sync.Map

func init() { testserver.Register(probe, setupProbe) }

func setupProbe(c *caddy.Controller) error {
	config := dnsserver.GetConfig(c)
	for c.Next() {
		if c.NextArg() && c.Val() == "fail" {
			c.OnStartup(func() error { return errors.New("this plugin never starts") })
		} else {
			probed.Store(config.Zone, config)
		}
	}
	return nil
}

// ready reports whether the plugin is ready, as the ready plugin asks it.
func (s *server) ready() bool {
	s.t.Helper()
	config, ok := probed.Load(dns.Fqdn(s.corner.zone))
	if !ok {
		s.t.Fatal("no probe in this server block")
	}
	return config.(*dnsserver.Config).Handler("k8s_gateway").(ready.Readiness).Ready()
}
