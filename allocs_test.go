package gateway

import (
	"context"
	"testing"

	"github.com/miekg/dns"
)

// R6: what a reply may allocate, whatever the number of objects. The server adds its own to it. A change
// that needs more has to say here what for.
func TestAllocs(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	const (
		reply    = 2 // the message and its question
		records  = 2 // the answer section, and the records in one piece with their addresses
		positive = reply + records
		negative = reply + 2 // the authority section and the SOA in it
	)
	f := newFixture(t, "resources Ingress DNSEndpoint HTTPRoute",
		anIngress("one.example.com", "192.0.2.1"),
		anIngress("more.example.com", "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"),
		anIngress("*.wild.example.com", "192.0.2.1"),
		aGateway("gw", "192.0.2.1"), aRoute("HTTPRoute", "web", "gw", "route.example.com"), aRoute("HTTPRoute", "other", "gw", "route.example.com"))
	for _, tc := range []struct {
		qname   string
		qtype   uint16
		answers int
		budget  float64
	}{
		{"one.example.com.", dns.TypeA, 1, positive},
		{"more.example.com.", dns.TypeA, 3, positive},
		{"more.example.com.", dns.TypeAAAA, 1, positive},
		{"x.wild.example.com.", dns.TypeA, 1, positive},
		{"route.example.com.", dns.TypeA, 1, positive},
		{"nowhere.example.com.", dns.TypeA, 0, negative},
		{"a.b.c.d.example.com.", dns.TypeA, 0, negative},
		{"one.example.com.", dns.TypeTXT, 0, negative},
		{"wild.example.com.", dns.TypeA, 0, negative},
	} {
		req := new(dns.Msg).SetQuestion(tc.qname, tc.qtype)
		w := &counting{}
		ctx := context.Background()
		n := testing.AllocsPerRun(200, func() { _, _ = f.ServeDNS(ctx, w, req) })
		if w.answers != tc.answers {
			t.Errorf("%s %s: %d answers, want %d", tc.qname, dns.TypeToString[tc.qtype], w.answers, tc.answers)
		}
		if n > tc.budget {
			t.Errorf("%s %s: %v allocations, want at most %v", tc.qname, dns.TypeToString[tc.qtype], n, tc.budget)
		}
	}
}
