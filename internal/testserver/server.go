// Package testserver runs CoreDNS with the plugin inside the process of a test.
package testserver

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	_ "github.com/coredns/coredns/plugin/bind"   // every Corefile of a test binds to loopback
	_ "github.com/coredns/coredns/plugin/errors" // the output of a failed test shows what went wrong

	"github.com/miekg/dns"

	_ "github.com/k8s-gateway/k8s_gateway/v2" // the plugin under test
	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/telemetry"
)

const (
	serveTimeout  = 10 * time.Second // bounds the wait until CoreDNS serves, which takes a moment
	serveInterval = 5 * time.Millisecond
)

// starting serializes starts and reloads, because CoreDNS reads Corefiles into package variables.
var starting sync.Mutex

func init() {
	caddy.Quiet, dnsserver.Quiet = true, true
	order := slices.DeleteFunc(slices.Clone(dnsserver.Directives), func(name string) bool { return name == telemetry.Plugin })
	setDirectives(slices.Insert(order, slices.Index(order, "kubernetes"), telemetry.Plugin))
}

func setDirectives(order []string) {
	if err := dnsserver.SetDirectives(order); err != nil {
		panic(err)
	}
}

// Register makes a plugin of a test known to CoreDNS, as the last one of every chain. Call it before the first Start.
func Register(name string, setup caddy.SetupFunc) {
	setDirectives(append(slices.Clone(dnsserver.Directives), name))
	plugin.Register(name, setup)
}

// Server is a running CoreDNS.
type Server struct {
	Addr string // where it listens, over UDP and TCP

	port     string
	instance *caddy.Instance
}

// Start starts CoreDNS with a Corefile, and returns once it serves. Server blocks that name no port, or port 0, share one
// that was free.
func Start(corefile string) (*Server, error) {
	starting.Lock()
	defer starting.Unlock()
	s, err := start(corefile)
	for range 10 { // what asks questions beside this test may have taken the port
		if err == nil || !strings.Contains(err.Error(), ":"+s.port+": bind: address already in use") {
			break
		}
		s.instance.ShutdownCallbacks()
		s, err = start(corefile)
	}
	if err != nil {
		return nil, err
	}
	s.Addr = s.instance.Servers()[0].Addr().String()
	if err := s.awaitServing(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// start starts CoreDNS on a port that was free.
func start(corefile string) (*Server, error) {
	port, err := coredns.FreePort()
	s := &Server{port: port}
	if err == nil {
		s.instance, err = caddy.Start(s.input(corefile))
	}
	return s, err
}

// Reload continues with another Corefile, as the reload plugin does. After an error the old one stays in use.
func (s *Server) Reload(corefile string) (err error) {
	starting.Lock()
	defer starting.Unlock()
	s.instance, err = s.instance.Restart(s.input(corefile))
	return errors.Join(err, s.awaitServing())
}

// Stop stops CoreDNS and its plugins. Stop of the instance alone closes the listeners and leaves the plugins running.
func (s *Server) Stop() error {
	err := errors.Join(errors.Join(s.instance.ShutdownCallbacks()...), s.instance.Stop())
	s.instance.Wait()
	return err
}

// input returns a Corefile with the port of the server.
func (s *Server) input(corefile string) caddy.Input {
	dnsserver.Port = s.port
	corefile = strings.ReplaceAll(corefile, ":0 ", ":"+s.port+" ")
	return caddy.CaddyfileInput{Filepath: "Corefile", Contents: []byte(corefile), ServerTypeName: "dns"}
}

// awaitServing returns once CoreDNS serves over UDP and TCP. It does so a moment after it has started, and an instance
// that is stopped earlier never ends.
func (s *Server) awaitServing() error {
	m := new(dns.Msg)
	m.Id, m.Opcode = dns.Id(), dns.OpcodeStatus // the server itself replies NOTIMP, without any plugin
	for _, network := range []string{"udp", "tcp"} {
		for began := time.Now(); ; time.Sleep(serveInterval) {
			_, _, err := (&dns.Client{Net: network, Timeout: time.Second}).Exchange(m, s.Addr)
			if err == nil {
				break
			}
			if time.Since(began) > serveTimeout {
				return fmt.Errorf("CoreDNS does not serve over %s: %w", network, err)
			}
		}
	}
	return nil
}
