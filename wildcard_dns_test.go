package gateway

import (
	"testing"

	"github.com/miekg/dns"
)

// closest are the two sources of wildcards as RFC 4592 has them.
var closest = map[string]func(name string, addrs ...string) string{
	"DNSEndpoint": func(name string, addrs ...string) string { return anEndpoint(name, "A", addrs...) },
	"Service":     func(name string, addrs ...string) string { return aService(objectName(name), name, addrs...) },
}

// W3: the wildcard of a DNSEndpoint or a Service's annotation is for any number of labels, unless a
// name that exists is closer.
func TestDNSWildcard(t *testing.T) {
	for kind, object := range closest {
		f := newFixture(t, "resources "+kind+" Ingress", object("*.example.com", "192.0.2.1"), object("www.example.com", "192.0.2.2"),
			anIngress("a.b.example.com", "192.0.2.3"))
		f.ask(
			a("x.example.com.", "192.0.2.1"),
			a("x.y.z.example.com.", "192.0.2.1"),
			nodata("x.y.example.com.", dns.TypeMX),
			a("www.example.com.", "192.0.2.2"),
			nxdomain("x.www.example.com.", dns.TypeA),
			nodata("b.example.com.", dns.TypeA),
			nxdomain("x.b.example.com.", dns.TypeA), // the closest encloser is an empty non-terminal
			nxdomain("x.y.b.example.com.", dns.TypeA),
		)
		f.remove(object("www.example.com"))
		f.remove(anIngress("a.b.example.com"))
		f.ask(
			a("x.www.example.com.", "192.0.2.1"),
			a("b.example.com.", "192.0.2.1"),
			a("x.y.b.example.com.", "192.0.2.1"),
		)
	}
}

// W3: a wildcard further down is a closer name as well.
func TestDNSWildcardBelowAnother(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint Ingress", anEndpoint("*.example.com", "A", "192.0.2.1"), anIngress("*.sub.example.com", "192.0.2.2"))
	f.ask(
		a("x.sub.example.com.", "192.0.2.2"),
		nxdomain("x.y.sub.example.com.", dns.TypeA), // an Ingress's wildcard is for one label
		nodata("sub.example.com.", dns.TypeA),
		a("x.y.example.com.", "192.0.2.1"),
	)
}

// W3, Z12: what does not exist does not block: a pending or excluded object.
func TestDNSWildcardIsNotBlockedByNothing(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint Ingress HTTPRoute", anEndpoint("*.example.com", "A", "192.0.2.1"),
		anIngress("pending.example.com"), aRoute("HTTPRoute", "lost", "none", "lost.example.com"))
	f.ask(
		a("x.pending.example.com.", "192.0.2.1"),
		a("x.lost.example.com.", "192.0.2.1"),
		a("lost.example.com.", "192.0.2.1"),
	)
}

// W3: the nameservers' names exist.
func TestDNSWildcardBesideNameserver(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", anEndpoint("*.example.com", "A", "192.0.2.1"))
	f.ask(
		nxdomain("x.dns1.kube-system.example.com.", dns.TypeA),
		nxdomain("x.kube-system.example.com.", dns.TypeA),
	)
}

// W3: a wildcard blocks itself, RFC 4592 section 2.2.1: it does not match the names below it.
func TestDNSWildcardBlocksItself(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", anEndpoint("*.example.com", "A", "192.0.2.1"))
	f.ask(
		a("*.example.com.", "192.0.2.1"),
		nxdomain("x.*.example.com.", dns.TypeA),
		nxdomain("*.*.example.com.", dns.TypeA),
	)
}
