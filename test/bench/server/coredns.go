package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// How long and how often an answer is waited for.
const (
	answerTimeout  = 3 * time.Minute
	answerInterval = 2 * time.Millisecond
)

// server is a CoreDNS process.
type server struct {
	name, addr string
	*coredns.Process
}

// serve runs CoreDNS with some plugins for the zone of the names.
func (b *bench) serve(name, plugins string) (*server, error) {
	port, err := coredns.FreePort()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.dir, "Corefile."+name)
	corefile := fmt.Sprintf("%s:%s {\nbind 127.0.0.1\n%s\n}\n", zone, port, plugins)
	process, err := coredns.Start(b.coredns, file, corefile)
	return &server{name: name, addr: net.JoinHostPort("127.0.0.1", port), Process: process}, err
}

// serveIngresses runs CoreDNS with the plugin in front of an API server, and returns when the last of all names
// answers.
func (b *bench) serveIngresses(ctx context.Context, kubeconfig, more string) (*server, error) {
	s, err := b.serve(pluginName, fmt.Sprintf("k8s_gateway {\nresources Ingress\nkubeconfig %q\napex ns1 192.0.2.53\n}\n%s", kubeconfig, more))
	if err != nil {
		return nil, err
	}
	if err := s.await(ctx, host(b.last()), dns.TypeA, ""); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// await returns when a question has the answer wanted, or any if none is.
func (s *server) await(ctx context.Context, name string, qtype uint16, want string) error {
	timeout := time.After(answerTimeout)
	ticker := time.NewTicker(answerInterval)
	defer ticker.Stop()
	got := ""
	for {
		if reply, err := dig.Ask(ctx, "udp", s.addr, name, qtype); err != nil {
			got = err.Error()
		} else {
			got = dig.Short(reply)
			if got == want || want == "" && len(reply.Answer) > 0 {
				return nil
			}
		}
		select {
		case <-ticker.C:
		case <-s.Exited:
			return s.Failure()
		case <-timeout:
			return fmt.Errorf("%s: %s has %s after %s", s.name, name, got, answerTimeout)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
