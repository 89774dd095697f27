package test

import (
	"context"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testserver"
)

// How long and how often await asks.
const (
	awaitTimeout  = 10 * time.Second
	awaitInterval = 5 * time.Millisecond
)

// server is a CoreDNS that a test asks.
type server struct {
	*testserver.Server
	t       *testing.T
	corner  *corner
	stopped bool
}

// serve starts CoreDNS with a Corefile in which $ZONE and $KUBECONFIG are
// replaced, and stops it at the end of the test. All server blocks have to
// listen on port 0 of 127.0.0.1, which stands for a free one that they share.
func (c *corner) serve(corefile string) *server {
	c.t.Helper()
	running, err := testserver.Start(c.expand(corefile))
	if err != nil {
		c.t.Fatal(err)
	}
	s := &server{Server: running, t: c.t, corner: c}
	c.t.Cleanup(s.shutdown)
	return s
}

// reload has CoreDNS go on with another Corefile, as the reload plugin does.
func (s *server) reload(corefile string) error { return s.Reload(s.corner.expand(corefile)) }

// shutdown stops CoreDNS, unless the test has.
func (s *server) shutdown() {
	if s.stopped {
		return
	}
	s.stopped = true
	if err := s.Stop(); err != nil {
		s.t.Error(err)
	}
}

// ask asks one question over "udp" or "tcp".
func (s *server) ask(network, name string, qtype uint16) *dns.Msg {
	s.t.Helper()
	reply, err := dig.Ask(s.t.Context(), network, s.Addr, name, qtype)
	if err != nil {
		s.t.Fatalf("%s %s over %s: %v", name, dns.TypeToString[qtype], network, err)
	}
	return reply
}

// expect fails the test if the answer, as dig.Short puts it, is not the wanted one.
func (s *server) expect(network, name string, qtype uint16, want string) {
	s.t.Helper()
	if got := dig.Short(s.ask(network, name, qtype)); got != want {
		s.t.Errorf("%s %s over %s: got %s, want %s", name, dns.TypeToString[qtype], network, got, want)
	}
}

// awaitReady waits until the plugin is ready.
func (s *server) awaitReady(limit time.Duration) {
	s.t.Helper()
	until(s.t, limit, "ready", s.ready)
}

// until waits until something holds, and returns how long it took.
func until(t *testing.T, limit time.Duration, what string, holds func() bool) time.Duration {
	t.Helper()
	ticker := time.NewTicker(awaitInterval)
	defer ticker.Stop()
	for start := time.Now(); ; <-ticker.C {
		switch took := time.Since(start); {
		case holds():
			return took
		case took > limit:
			t.Fatalf("not %s after %s", what, limit)
		}
	}
}

// await asks over UDP until the answer is the wanted one, and returns it.
func (s *server) await(name string, qtype uint16, want string) *dns.Msg {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), awaitTimeout)
	defer cancel()
	ticker := time.NewTicker(awaitInterval)
	defer ticker.Stop()
	for {
		reply := s.ask("udp", name, qtype)
		got := dig.Short(reply)
		if got == want {
			return reply
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			s.t.Fatalf("%s %s: still %s after %s, want %s", name, dns.TypeToString[qtype], got, awaitTimeout, want)
		}
	}
}
