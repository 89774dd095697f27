package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// N6: an IPv4-mapped address is an IPv4 address, and however an address is written it is one address.
func TestAddressForms(t *testing.T) {
	f := newFixture(t, "", anIngress("web.example.com", "::ffff:192.0.2.1", "192.0.2.1", "2001:DB8:0::1", "2001:db8::1", "2001:db8:0:0:0:0:0:1"))
	f.ask(
		a("web.example.com.", "192.0.2.1"),
		aaaa("web.example.com.", "2001:db8::1"),
	)
}

// N6: what names no host is not an address, and a name with nothing else has none.
func TestNotAddresses(t *testing.T) {
	for _, bad := range []string{
		"0.0.0.0", "::", "::ffff:0.0.0.0", "fe80::1%eth0", "010.0.0.1", "1.2.3", "256.0.0.1", "0x7f.0.0.1", "1.2.3.4/32",
		" 192.0.2.1", "[2001:db8::1]", "web.example.com", "1:2:3", "3221225985",
	} {
		f := newFixture(t, "", anIngress("mixed.example.com", bad, "192.0.2.1"), anIngress("only.example.com", bad))
		f.ask(
			a("mixed.example.com.", "192.0.2.1"),
			nodata("mixed.example.com.", dns.TypeAAAA),
			nxdomain("only.example.com.", dns.TypeA),
			nxdomain("only.example.com.", dns.TypeAAAA),
		)
		if t.Failed() {
			t.Fatalf("with %q", bad)
		}
	}
}
