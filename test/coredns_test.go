package test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	_ "github.com/coredns/coredns/plugin/bind"   // used by every Corefile here
	_ "github.com/coredns/coredns/plugin/errors" // says in the test's output what went wrong

	"github.com/miekg/dns"

	_ "github.com/k8s-gateway/k8s_gateway/v2" // the plugin under test
	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// How long and how often await asks.
const (
	awaitTimeout  = 10 * time.Second
	awaitInterval = 5 * time.Millisecond
)

// starting serialises starts: CoreDNS reads Corefiles into package variables.
var starting sync.Mutex

func init() {
	caddy.Quiet, dnsserver.Quiet = true, true
	order := slices.DeleteFunc(slices.Clone(dnsserver.Directives), func(name string) bool { return name == "k8s_gateway" })
	order = append(slices.Insert(order, slices.Index(order, "kubernetes"), "k8s_gateway"), probe)
	if err := dnsserver.SetDirectives(order); err != nil {
		panic(err)
	}
}

// server is a CoreDNS that runs in this process.
type server struct {
	t        *testing.T
	corner   *corner
	port     string
	udp, tcp string // addresses

	instance *caddy.Instance
	stopped  bool
}

// serve starts CoreDNS with a Corefile in which $ZONE and $KUBECONFIG are
// replaced, and stops it at the end of the test. All server blocks have to
// listen on port 0 of 127.0.0.1, which is replaced by a free one that they share.
func (c *corner) serve(corefile string) *server {
	c.t.Helper()
	starting.Lock()
	defer starting.Unlock()
	port, err := coredns.FreePort()
	if err != nil {
		c.t.Fatal(err)
	}
	instance, err := caddy.Start(c.input(corefile, port))
	if err != nil {
		c.t.Fatal(err)
	}
	listener := instance.Servers()[0]
	s := &server{t: c.t, corner: c, port: port, udp: listener.LocalAddr().String(), tcp: listener.Addr().String(), instance: instance}
	c.t.Cleanup(s.shutdown)
	s.awaitServing()
	return s
}

// awaitServing returns once CoreDNS has begun to serve, over UDP and TCP: it does so a moment after it has started,
// and what is stopped before that never ends.
func (s *server) awaitServing() {
	s.t.Helper()
	m := new(dns.Msg)
	m.Id, m.Opcode = dns.Id(), dns.OpcodeStatus // the server itself answers that, with NOTIMP
	for _, network := range []string{"udp", "tcp"} {
		until(s.t, awaitTimeout, network+" is served", func() bool {
			_, _, err := (&dns.Client{Net: network, Timeout: time.Second}).Exchange(m, s.addr(network))
			return err == nil
		})
	}
}

func (c *corner) input(corefile, port string) caddy.Input {
	corefile = strings.ReplaceAll(corefile, ":0 ", ":"+port+" ") // a server block may have several zones
	return caddy.CaddyfileInput{Filepath: "Corefile", Contents: []byte(c.expand(corefile)), ServerTypeName: "dns"}
}

// reload has CoreDNS go on with another Corefile, as the reload plugin does.
func (s *server) reload(corefile string) error {
	starting.Lock()
	defer starting.Unlock()
	var err error
	s.instance, err = s.instance.Restart(s.corner.input(corefile, s.port))
	s.awaitServing()
	return err
}

// shutdown stops CoreDNS.
func (s *server) shutdown() {
	if s.stopped {
		return
	}
	s.stopped = true
	// Stop alone closes the listeners and leaves the plugins running.
	for _, err := range append(s.instance.ShutdownCallbacks(), s.instance.Stop()) {
		if err != nil {
			s.t.Error(err)
		}
	}
	s.instance.Wait()
}

// addr returns the address for "udp" or "tcp".
func (s *server) addr(network string) string {
	if network == "tcp" {
		return s.tcp
	}
	return s.udp
}

// ask asks one question over "udp" or "tcp".
func (s *server) ask(network, name string, qtype uint16) *dns.Msg {
	s.t.Helper()
	reply, err := dig.Ask(s.t.Context(), network, s.addr(network), name, qtype)
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
