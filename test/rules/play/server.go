package play

import (
	"errors"
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
	if q.Want.EDE != "" {
		m.SetEdns0(dns.DefaultMsgSize, false)
	}
	for _, network := range []string{"udp", "tcp"} {
		client := &dns.Client{Net: network, Timeout: patience}
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
