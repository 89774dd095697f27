package gateway

import (
	"errors"
	"net"
	"slices"
	"syscall"

	"github.com/coredns/coredns/plugin/pkg/transport"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// warnOfNamespaces warns of namespaces of the `namespaces` property that no cluster has. An API server lists such a namespace as
// empty, so it is asked for each once, when it has listed everything. Who may not read Namespaces is told nothing.
func (g *Gateway) warnOfNamespaces() {
	for _, c := range g.clusters {
		if c.Await(g.ctx.Done()); g.ctx.Err() != nil {
			return
		}
	}
	for _, name := range g.filters.Namespaces {
		if !slices.ContainsFunc(g.clusters, func(c *kube.Cluster) bool { return !c.LacksNamespace(g.ctx, name) }) {
			log.Warningf("property namespaces: there is no namespace %q, nothing is served from it until there is", name)
		}
	}
}

// warnOfSharedPorts warns of a port on which somebody listens already when CoreDNS starts, before its own servers do. It sets
// SO_REUSEPORT, with which the kernel lets both listen and gives each a part of the questions. A socket without that option
// cannot be bound then.
func warnOfSharedPorts(blocks []*block) {
	var done []string
	for _, b := range blocks {
		for _, host := range b.config.ListenHosts {
			network, address := "udp", net.JoinHostPort(host, b.config.Port)
			switch b.config.Transport {
			case transport.TLS, transport.HTTPS, transport.GRPC:
				network = "tcp"
			}
			if slices.Contains(done, network+address) || b.config.Port == "0" {
				continue
			}
			done = append(done, network+address)
			if isBound(network, address) {
				log.Warningf("another process listens on %s %s: it gets a part of the questions, which this one never sees: stop it, or use another port", network, address)
			}
		}
	}
}

func isBound(network, address string) bool {
	var err error
	if network == "udp" {
		var socket net.PacketConn
		if socket, err = net.ListenPacket(network, address); err == nil {
			socket.Close()
		}
	} else {
		var socket net.Listener
		if socket, err = net.Listen(network, address); err == nil {
			socket.Close()
		}
	}
	return errors.Is(err, syscall.EADDRINUSE)
}
