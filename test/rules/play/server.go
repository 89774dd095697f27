package play

import (
	"errors"
	"fmt"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/coredns"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/scenario"
)

// server is a CoreDNS that runs in this process.
type server struct {
	instance *caddy.Instance
	udp, tcp string // addresses
}

func input(corefile string) caddy.Input {
	return caddy.CaddyfileInput{Filepath: "Corefile", Contents: []byte(corefile), ServerTypeName: "dns"}
}

func startServer(corefile string) (*server, error) {
	port, err := coredns.FreePort()
	if err != nil {
		return nil, err
	}
	dnsserver.Port = port // of server blocks that name none
	instance, err := caddy.Start(input(corefile))
	if err != nil {
		return nil, err
	}
	s := &server{instance: instance}
	s.listeners()
	return s, s.awaitServing()
}

func (s *server) listeners() {
	listener := s.instance.Servers()[0]
	s.udp, s.tcp = listener.LocalAddr().String(), listener.Addr().String()
}

func (s *server) reload(corefile string) (err error) {
	if s.instance, err = s.instance.Restart(input(corefile)); err != nil {
		return err
	}
	s.listeners()
	return s.awaitServing()
}

func (s *server) stop() error {
	// Stop alone closes the listeners and leaves the plugins running.
	err := errors.Join(errors.Join(s.instance.ShutdownCallbacks()...), s.instance.Stop())
	s.instance.Wait()
	return err
}

// awaitServing returns once CoreDNS serves. It does so a moment after it has started, and what is stopped before that
// never ends.
func (s *server) awaitServing() error {
	m := new(dns.Msg)
	m.Id, m.Opcode = dns.Id(), dns.OpcodeStatus // the server itself answers that, with NOTIMP
	for _, network := range []string{"udp", "tcp"} {
		for began := time.Now(); ; {
			_, _, err := (&dns.Client{Net: network, Timeout: time.Second}).Exchange(m, s.addr(network))
			if err == nil {
				break
			}
			if time.Since(began) > patience {
				return fmt.Errorf("CoreDNS does not serve: %w", err)
			}
			time.Sleep(interval)
		}
	}
	return nil
}

func (s *server) addr(network string) string {
	if network == "tcp" {
		return s.tcp
	}
	return s.udp
}

// ask asks a question as dig does: over UDP, and over TCP if the reply is truncated. A question for AXFR is a transfer.
func (s *server) ask(q *scenario.Question) (scenario.Reply, error) {
	m := new(dns.Msg).SetQuestion(q.Name, q.Type)
	m.Question[0].Qclass = q.Class
	if q.Type == dns.TypeAXFR {
		return s.transfer(m)
	}
	if q.Want.EDE != "" {
		m.SetEdns0(dns.DefaultMsgSize, false)
	}
	for _, network := range []string{"udp", "tcp"} {
		client := &dns.Client{Net: network, Timeout: patience}
		reply, _, err := client.Exchange(m, s.addr(network))
		if err != nil {
			return scenario.Reply{}, err
		}
		if !reply.Truncated {
			return scenario.ReplyOf(reply, rcodeNext), nil
		}
	}
	return scenario.Reply{}, errors.New("truncated over TCP")
}

// transfer asks for a zone. The SOA that ends a transfer is left out.
func (s *server) transfer(m *dns.Msg) (scenario.Reply, error) {
	conn, err := dns.DialTimeout("tcp", s.tcp, patience)
	if err != nil {
		return scenario.Reply{}, err
	}
	defer conn.Close()
	if err := conn.WriteMsg(m); err != nil {
		return scenario.Reply{}, err
	}
	all := new(dns.Msg)
	for soas := 0; soas < 2; {
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		part, err := conn.ReadMsg()
		if err != nil {
			return scenario.Reply{}, err
		}
		if part.Rcode != dns.RcodeSuccess || len(part.Answer) == 0 {
			return scenario.ReplyOf(part, rcodeNext), nil
		}
		for _, rr := range part.Answer {
			if rr.Header().Rrtype == dns.TypeSOA {
				soas++
			}
			if soas < 2 {
				all.Answer = append(all.Answer, rr)
			}
		}
		all.Authoritative = part.Authoritative
	}
	return scenario.ReplyOf(all, rcodeNext), nil
}
