package soak

import (
	"net"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// elsewhere is the domain of names that only the server outside knows.
const elsewhere = "elsewhere.test"

// outsideTTL is the TTL of everything outside, and longer than all others: so that one that has aged in a cache can be
// told from them.
const (
	outsideTTL = 7200
	longestTTL = 3600 // of our own, but for what has the most there can be
)

// outside is what the server outside says: addresses for all names, of one family only for four; no such name for gone; an
// alias for alias. It has something to say for names in our zones as well, should a question fall through to it.
func outside(name string, qtype uint16) model.Outside {
	hdr := func(rrtype uint16) dns.RR_Header {
		return dns.RR_Header{Name: dns.Fqdn(name), Rrtype: rrtype, Class: dns.ClassINET, Ttl: outsideTTL}
	}
	soa := &dns.SOA{Hdr: hdr(dns.TypeSOA), Ns: "ns.test.", Mbox: "root.test.", Serial: 1, Refresh: 1, Retry: 1, Expire: 1, Minttl: outsideTTL}
	soa.Hdr.Name = "test."
	negative := model.Outside{Authority: []dns.RR{soa}}
	label, _, _ := strings.Cut(name, ".")
	switch {
	case label == "gone", label == "nothing":
		negative.Rcode = dns.RcodeNameError
		return negative
	case label == "alias":
		o := model.Outside{Answer: []dns.RR{&dns.CNAME{Hdr: hdr(dns.TypeCNAME), Target: "one." + elsewhere + "."}}}
		if qtype != dns.TypeCNAME {
			behind := outside("one."+elsewhere, qtype)
			o.Answer, o.Authority = append(o.Answer, behind.Answer...), behind.Authority
		}
		return o
	case qtype == dns.TypeA:
		return model.Outside{Answer: []dns.RR{&dns.A{Hdr: hdr(qtype), A: net.IPv4(203, 0, 113, byte(len(label)))}}}
	case qtype == dns.TypeAAAA && label != "four":
		return model.Outside{Answer: []dns.RR{&dns.AAAA{Hdr: hdr(qtype), AAAA: net.ParseIP("2001:db8:ff::1")}}}
	}
	return negative
}

// serveOutside starts that server and returns its address.
func serveOutside(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	server := &dns.Server{PacketConn: conn, NotifyStartedFunc: func() { close(started) }}
	server.Handler = dns.HandlerFunc(func(w dns.ResponseWriter, r *dns.Msg) {
		q := r.Question[0]
		m := new(dns.Msg).SetReply(r)
		m.Authoritative = true
		o := outside(strings.ToLower(strings.TrimSuffix(q.Name, ".")), q.Qtype)
		m.Rcode, m.Answer, m.Ns = o.Rcode, o.Answer, o.Authority
		if len(m.Answer) > 0 {
			m.Answer[0].Header().Name = q.Name // as it was written
		}
		_ = w.WriteMsg(m) // who asks again gets another
	})
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
	return conn.LocalAddr().String()
}
