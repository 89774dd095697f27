package play

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/scenario"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testserver"
)

// server is a CoreDNS that scenarios ask.
type server struct{ *testserver.Server }

func startServer(corefile string) (*server, error) {
	s, err := testserver.Start(corefile)
	if err != nil {
		return nil, err
	}
	return &server{s}, nil
}

// ask asks a question as dig does: over UDP, and over TCP if the reply is truncated. A question for AXFR is a transfer.
func (s *server) ask(q *scenario.Question) (scenario.Reply, error) {
	m := new(dns.Msg).SetQuestion(q.Name, q.Type)
	m.Question[0].Qclass = q.Class
	if q.Type == dns.TypeAXFR {
		return s.transfer(m)
	}
	if q.Want.NamesEDE() {
		m.SetEdns0(dns.DefaultMsgSize, false)
	}
	if q.Subnet.IsValid() {
		if m.IsEdns0() == nil {
			m.SetEdns0(dns.DefaultMsgSize, false)
		}
		m.IsEdns0().Option = append(m.IsEdns0().Option, subnetOption(q))
	}
	for _, network := range []string{"udp", "tcp"} {
		client := &dns.Client{Net: network, Timeout: patience, Dialer: &net.Dialer{Timeout: patience, LocalAddr: source(network, q.From)}}
		reply, _, err := client.Exchange(m, s.Addr)
		if err != nil {
			return scenario.Reply{}, err
		}
		if !reply.Truncated {
			return scenario.ReplyOf(reply, rcodeNext), nil
		}
	}
	return scenario.Reply{}, errors.New("truncated over TCP")
}

// subnetOption returns the client subnet of a question as it stands, with whatever is set behind its length.
func subnetOption(q *scenario.Question) dns.EDNS0 {
	p, family := q.Subnet, byte(1)
	if p.Addr().Is6() {
		family = 2
	}
	data := append([]byte{0, family, byte(p.Bits()), q.SubnetScope}, p.Addr().AsSlice()[:(p.Bits()+7)/8]...)
	return &dns.EDNS0_LOCAL{Code: dns.EDNS0SUBNET, Data: data}
}

// source returns the address that a question is asked from, which has to be one of loopback; nil for any.
func source(network string, from netip.Addr) net.Addr {
	switch {
	case !from.IsValid():
		return nil
	case network == "tcp":
		return &net.TCPAddr{IP: from.AsSlice()}
	}
	return &net.UDPAddr{IP: from.AsSlice()}
}

// transfer asks for a zone. The SOA that ends a transfer is left out.
func (s *server) transfer(m *dns.Msg) (scenario.Reply, error) {
	conn, err := dns.DialTimeout("tcp", s.Addr, patience)
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
