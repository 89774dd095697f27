package inprocess

import (
	"context"
	"net"
	"testing"

	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/test"
	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// T7: the reply of a plugin such as file has no OPT record. If a filter let the question fall through, the reply gets the client subnet
// with the scope of the filter. The message of the plugin stays as it is.
func TestScopeOfNextPlugin(t *testing.T) {
	f := fixture.New(t, "resources Ingress\nnetwork lan 10.0.0.0/8\nsteer subnet!\nfallthrough", ingressNamed("a", "web.example.com", "10.0.0.1"))
	var made *dns.Msg
	f.Next = plugin.HandlerFunc(func(_ context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
		made = new(dns.Msg).SetReply(r)
		made.Answer = []dns.RR{test.A("web.example.com. 60 IN A 192.0.2.9")}
		return dns.RcodeSuccess, w.WriteMsg(made)
	})
	for name, want := range map[string]int{"web.example.com.": 24, "nobody.example.com.": -1} {
		req := new(dns.Msg).SetQuestion(name, dns.TypeA).SetEdns0(1232, false)
		opt := req.IsEdns0()
		opt.Option = append(opt.Option, &dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: 24, Address: net.IPv4(203, 0, 113, 0)})
		m, _ := f.Query(req)
		got := -1
		if opt := m.IsEdns0(); opt != nil {
			got = int(opt.Option[0].(*dns.EDNS0_SUBNET).SourceScope)
		}
		if got != want || len(m.Answer) != 1 {
			t.Errorf("%s: scope %d, want %d: %v", name, got, want, m)
		}
		if made.IsEdns0() != nil {
			t.Errorf("%s: the message of the next plugin was changed", name)
		}
	}
}
