package gateway

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
)

// G6, Z7: a host that many routes share is served until the last of them is gone, in whatever order
// they and their Gateway come and go, and leaves nothing behind.
func TestManyRoutesShareAHost(t *testing.T) {
	const n = 50
	host := "web.shared.example.com"
	route := func(i int) string {
		return aRoute("HTTPRoute", fmt.Sprint("route", i), "gw", host, "*.shared.example.com")
	}
	for _, order := range []struct {
		name   string
		remove func(i int) int
	}{
		{"first to last", func(i int) int { return i }},
		{"last to first", func(i int) int { return n - 1 - i }},
		{"mixed", func(i int) int { return i * 7 % n }},
	} {
		f := newFixture(t, "resources HTTPRoute", aGateway("gw", "192.0.2.1"))
		empty := f.Names.Len()
		for i := range n {
			f.apply(route(i))
			f.ask(a(host+".", "192.0.2.1"))
		}
		f.apply(aGateway("gw", "192.0.2.2"))
		for i := range n {
			f.ask(a(host+".", "192.0.2.2"), a("x.y.shared.example.com.", "192.0.2.2"))
			f.remove(route(order.remove(i)))
			switch i { // in the middle of it the Gateway comes and goes
			case n / 4:
				f.apply(aGateway("gw"))
				f.ask(nxdomain(host+".", dns.TypeA))
				f.apply(aGateway("gw", "192.0.2.2"))
			case n / 2:
				f.remove(aGateway("gw"))
				f.ask(nxdomain(host+".", dns.TypeA))
				f.apply(aGateway("gw", "192.0.2.2"))
			}
		}
		f.ask(nxdomain(host+".", dns.TypeA), nxdomain("shared.example.com.", dns.TypeA))
		if got := f.Names.Len(); got != empty {
			t.Errorf("%s: %d names in the table, %d at the start", order.name, got, empty)
		}
	}
}

// G6: routes that share a host may do so through different Gateways.
func TestRoutesShareAHostOverGateways(t *testing.T) {
	f := newFixture(t, "resources HTTPRoute", aGateway("one", "192.0.2.1"), aGateway("two", "192.0.2.2"),
		aRoute("HTTPRoute", "a", "one", "web.example.com"), aRoute("HTTPRoute", "b", "one", "web.example.com"), aRoute("HTTPRoute", "c", "two", "web.example.com"))
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"))
	f.remove(aRoute("HTTPRoute", "a", "one"))
	f.ask(a("web.example.com.", "192.0.2.1", "192.0.2.2"))
	f.remove(aRoute("HTTPRoute", "b", "one"))
	f.ask(a("web.example.com.", "192.0.2.2"))
	f.apply(aRoute("HTTPRoute", "c", "one", "web.example.com"))
	f.ask(a("web.example.com.", "192.0.2.1"))
}
