package gateway

import (
	"fmt"
	"testing"

	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// Sixty addresses at one name are answered in full. What does not fit is cut by the server, with TC, and is whole over
// TCP and with a large EDNS size.
func TestManyAddresses(t *testing.T) {
	var addrs, lines []string
	for i := range 60 {
		addrs = append(addrs, fmt.Sprintf("192.0.2.%d", i+1))
		lines = append(lines, "web.example.com. 60 IN A "+addrs[i])
	}
	for _, f := range []*fixture{
		newFixture(t, "resources Ingress", ingressAt("web", "web.example.com", addrs...)),
		newFixture(t, "resources Service", serviceAt("a", "web.example.com", addrs[:40]...), serviceAt("b", "web.example.com", addrs[20:]...)),
		newFixture(t, "resources HTTPRoute", gatewayAt("web", "*.example.com", addrs...)),
		newFixture(t, "resources DNSEndpoint", oneEndpoint(t, "web.example.com", "A", addrs...)),
	} {
		f.check(expect("web.example.com. A", lines...))
		for _, tc := range []struct {
			tcp  bool
			size uint16
			full bool
		}{{false, 0, false}, {false, 512, false}, {false, 4096, true}, {true, 0, true}, {true, 512, true}} {
			req := expect("web.example.com. A").Msg()
			if tc.size > 0 {
				req.SetEdns0(tc.size, false)
			}
			rec := &wireRecorder{ResponseWriter: &test.ResponseWriter{TCP: tc.tcp}}
			if _, err := f.ServeDNS(t.Context(), request.NewScrubWriter(req, rec), req); err != nil {
				t.Fatal(err)
			}
			m := new(dns.Msg)
			if err := m.Unpack(rec.wire); err != nil {
				t.Fatal(err)
			}
			limit := max(512, int(tc.size))
			if m.Truncated == tc.full || (len(m.Answer) == 60) != tc.full || !tc.tcp && len(rec.wire) > limit {
				t.Errorf("%+v: TC %t with %d records and %d octets", tc, m.Truncated, len(m.Answer), len(rec.wire))
			}
		}
	}
}
