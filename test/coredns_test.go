package test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	_ "github.com/coredns/coredns/plugin/bind"   // used by every Corefile here
	_ "github.com/coredns/coredns/plugin/errors" // says in the test's output what went wrong

	"github.com/miekg/dns"

	_ "github.com/k8s-gateway/k8s_gateway" // the plugin under test
	"github.com/k8s-gateway/k8s_gateway/internal/dig"
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
	if err := dnsserver.SetDirectives(slices.Insert(order, slices.Index(order, "kubernetes"), "k8s_gateway")); err != nil {
		panic(err)
	}
}

// server is a CoreDNS that runs in this process.
type server struct {
	t        *testing.T
	udp, tcp string // addresses
}

// serve starts CoreDNS with a Corefile in which $ZONE and $KUBECONFIG are
// replaced, and stops it at the end of the test. All server blocks have to
// listen on port 0 of 127.0.0.1, and share one port.
func (c *corner) serve(corefile string) *server {
	c.t.Helper()
	starting.Lock()
	defer starting.Unlock()
	instance, err := caddy.Start(caddy.CaddyfileInput{
		Filepath:       "Corefile",
		Contents:       []byte(c.expand(corefile)),
		ServerTypeName: "dns",
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		// Stop alone closes the listeners and leaves the plugins running.
		for _, err := range append(instance.ShutdownCallbacks(), instance.Stop()) {
			if err != nil {
				c.t.Error(err)
			}
		}
		instance.Wait()
	})
	listener := instance.Servers()[0]
	return &server{t: c.t, udp: listener.LocalAddr().String(), tcp: listener.Addr().String()}
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
