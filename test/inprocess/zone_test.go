package inprocess

import (
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// Z1: only class IN is answered, whatever the name.
func TestOtherClasses(t *testing.T) {
	f := fixture.New(t, "", fixture.AnIngress("www.example.com", "192.0.2.1")).Chain()
	for _, class := range []uint16{dns.ClassCHAOS, dns.ClassHESIOD, dns.ClassANY} {
		for _, name := range []string{"www.example.com.", "example.com.", "nowhere.example.com."} {
			req := new(dns.Msg).SetQuestion(name, dns.TypeA)
			req.Question[0].Qclass = class
			if m, rcode := f.Query(req); m != nil || rcode != fixture.FromNext {
				t.Errorf("%s: got %v, %s, want it to go to the next plugin", req.Question[0].String(), m, dns.RcodeToString[rcode])
			}
		}
	}
}

// Z1: nor is anything but a query with a question.
func TestNotAQuery(t *testing.T) {
	f := fixture.New(t, "k8s_gateway .").Chain()
	notify := new(dns.Msg).SetQuestion("example.com.", dns.TypeSOA)
	notify.Opcode = dns.OpcodeNotify
	for _, req := range []*dns.Msg{notify, {}} {
		if m, rcode := f.Query(req); m != nil || rcode != fixture.FromNext {
			t.Errorf("got %v, %s, want it to go to the next plugin", m, dns.RcodeToString[rcode])
		}
	}
}

// Z1: without a next plugin the server refuses, as it does for every plugin.
func TestNoNextPlugin(t *testing.T) {
	f := fixture.New(t, "fallthrough")
	req := new(dns.Msg).SetQuestion("www.example.net.", dns.TypeA)
	if rcode, err := f.ServeDNS(t.Context(), nil, req); err == nil || rcode != dns.RcodeServerFailure {
		t.Errorf("got %s, %v", dns.RcodeToString[rcode], err)
	}
	f.Ask(fixture.NXDomain("www.example.com.", dns.TypeA)) // nowhere to fall through to
}
