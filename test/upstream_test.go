package test

import (
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// elsewhere is the domain of names that an upstream server knows.
const elsewhere = "elsewhere.test."

// upstream is a DNS server for names that are not ours.
type upstream struct {
	addr   string
	silent atomic.Bool  // answers nothing at all
	host   atomic.Int32 // last octet of the IPv4 address that it answers with
	asked  atomic.Int32 // questions for names below silent.elsewhere.test
}

// newUpstream starts a server for elsewhere.test: 203.0.113.1 for every name, with a
// TTL of one second for those that begin with brief; NXDOMAIN for gone; never an answer
// for names below silent.
func newUpstream(t *testing.T) *upstream {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := &upstream{addr: conn.LocalAddr().String()}
	u.host.Store(1)
	started := make(chan struct{})
	server := &dns.Server{PacketConn: conn, Handler: u, NotifyStartedFunc: func() { close(started) }}
	stopped := make(chan error, 1)
	go func() { stopped <- server.ActivateAndServe() }()
	<-started
	t.Cleanup(func() {
		if err := server.Shutdown(); err != nil {
			t.Error(err)
		}
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
	return u
}

// ServeDNS implements dns.Handler.
func (u *upstream) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	q := r.Question[0]
	if dns.IsSubDomain("silent."+elsewhere, q.Name) {
		u.asked.Add(1)
		return
	}
	if u.silent.Load() {
		return
	}
	m := new(dns.Msg).SetReply(r)
	hdr := dns.RR_Header{Name: q.Name, Rrtype: q.Qtype, Class: dns.ClassINET, Ttl: 300}
	switch {
	case strings.HasPrefix(q.Name, "gone."):
		m.Rcode = dns.RcodeNameError
		hdr.Name, hdr.Rrtype = elsewhere, dns.TypeSOA
		m.Ns = []dns.RR{&dns.SOA{Hdr: hdr, Ns: "ns." + elsewhere, Mbox: "root." + elsewhere, Minttl: 300}}
	case q.Qtype == dns.TypeA && strings.HasPrefix(q.Name, "brief."):
		hdr.Ttl = 1
		fallthrough
	case q.Qtype == dns.TypeA:
		m.Answer = []dns.RR{&dns.A{Hdr: hdr, A: net.IPv4(203, 0, 113, byte(u.host.Load()))}}
	case q.Qtype == dns.TypeAAAA:
		m.Answer = []dns.RR{&dns.AAAA{Hdr: hdr, AAAA: net.ParseIP("2001:db8:ff::1")}}
	}
	_ = w.WriteMsg(m) // who asks again gets another
}

// timed asks one question over UDP and returns how long the reply took.
func (s *server) timed(name string, qtype uint16) (*dns.Msg, time.Duration) {
	s.t.Helper()
	start := time.Now()
	reply := s.exchange("udp", new(dns.Msg).SetQuestion(dns.Fqdn(name), qtype))
	return reply, time.Since(start)
}

// median returns the median and the longest of some times.
func median(times []time.Duration) (middle, longest time.Duration) {
	slices.Sort(times)
	return times[len(times)/2], times[len(times)-1]
}
