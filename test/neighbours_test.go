package test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// beside is a Corefile in which another plugin stands before ours.
func beside(plugin string) string {
	return strings.Replace(allKinds, "    k8s_gateway", plugin+"\n    k8s_gateway", 1)
}

// What everythingManifest answers whatever other plugin stands before ours.
var undisturbed = []struct {
	name  string
	qtype uint16
	want  string
}{
	{"ingress.$ZONE", dns.TypeA, "192.0.2.1"},
	{"endpoint.$ZONE", dns.TypeA, "192.0.2.4 192.0.2.5"},
	{"endpoint.$ZONE", dns.TypeTXT, `"some text"`},
	{"alias.$ZONE", dns.TypeA, "192.0.2.1 ingress.$ZONE."},
	{"flat.$ZONE", dns.TypeA, "192.0.2.1 192.0.2.4 192.0.2.5"},
	{"one.wild.$ZONE", dns.TypeA, "192.0.2.43"},
	{"mailed.$ZONE", dns.TypeMX, "10 mx.$ZONE. 20 mx.elsewhere.invalid."},
	{"mx.$ZONE", dns.TypeAAAA, "NODATA"},
	{"b.ent.$ZONE", dns.TypeA, "NODATA"},
	{"nothing.$ZONE", dns.TypeA, "NXDOMAIN"},
	{"$ZONE", dns.TypeNS, "dns1.kube-system.$ZONE."},
}

// Each of CoreDNS's plugins that touch replies does with ours what it does with
// those of any other plugin, and what is asked next is not changed by it.
func TestNeighbours(t *testing.T) {
	for _, tc := range []struct {
		name   string
		plugin string
		check  func(*testing.T, *corner, *server) // besides what is undisturbed
		rcodes []int                              // besides NOERROR and NXDOMAIN
	}{
		{name: "cache", plugin: "cache 1", check: checkCache},
		{name: "loadbalance", plugin: "loadbalance", check: checkLoadbalance},
		{name: "minimal", plugin: "minimal", check: checkMinimal},
		{name: "rewrite", plugin: "rewrite name suffix .old.$ZONE .$ZONE answer auto", check: checkRewrite},
		{name: "acl", plugin: "acl {\nblock type CAA\nfilter type SRV\n}", check: checkACL, rcodes: []int{dns.RcodeRefused}},
		{name: "any", plugin: "any", check: checkAny},
		{name: "header", plugin: "header {\nresponse set ra\n}", check: checkHeader},
		{name: "dns64", plugin: "dns64 {\nallow_ipv4\n}"},
		{name: "log", plugin: "metadata\nlog mailed.$ZONE \"{name} {rcode} {/forward/upstream}\""},
		{name: "together", plugin: "metadata\nlog mailed.$ZONE\nany\nloadbalance\ncache 1\nminimal"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCorner(t)
			c.apply(everythingManifest)
			s := c.serve(beside(tc.plugin))
			s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
			check := func() {
				for range 3 { // what a plugin did to one reply would show in the next
					for _, u := range undisturbed {
						if tc.name == "dns64" && u.qtype == dns.TypeAAAA {
							u.want = "64:ff9b::c000:21e"
						}
						s.await(c.expand(u.name), u.qtype, c.expand(u.want))
						s.expect("tcp", c.expand(u.name), u.qtype, c.expand(u.want))
					}
				}
				if tc.check != nil {
					tc.check(t, c, s)
				}
			}
			check()
			s.underLoad(c, append(tc.rcodes, dns.RcodeSuccess, dns.RcodeNameError), c.allQuestions()...)
			check()
		})
	}
}

// Replies are kept until their TTL is over, negative ones for that of the SOA
// (Z11), and answer in whatever case the client asks (N4).
func checkCache(t *testing.T, c *corner, s *server) {
	for _, name := range []string{"InGress.$ZONE", "ingRESS.$ZONE", "NOTHING.$ZONE"} {
		name = dns.Fqdn(c.expand(name))
		reply := s.ask("udp", name, dns.TypeA)
		if reply.Question[0].Name != name || len(reply.Answer) > 0 && !strings.EqualFold(reply.Answer[0].Header().Name, name) {
			t.Errorf("asked for %s, got %v", name, reply)
		}
	}
	if reply := s.ask("udp", c.expand("nothing.$ZONE"), dns.TypeA); len(reply.Ns) != 1 || reply.Ns[0].Header().Ttl > 5 {
		t.Errorf("NXDOMAIN from the cache: authority has %v, want a SOA with a TTL of 5 at most", reply.Ns)
	}
}

// Addresses take turns; a CNAME stays before the addresses it leads to.
func checkLoadbalance(t *testing.T, c *corner, s *server) {
	first := map[string]bool{}
	for range 200 {
		first[dig.Short(&dns.Msg{Answer: s.ask("udp", c.expand("flat.$ZONE"), dns.TypeA).Answer[:1]})] = true
		if alias := s.ask("udp", c.expand("cname.$ZONE"), dns.TypeA); alias.Answer[0].Header().Rrtype != dns.TypeCNAME {
			t.Fatalf("the CNAME is not first: %v", alias.Answer)
		}
	}
	if len(first) != 3 {
		t.Errorf("of three addresses these came first in 200 replies: %v", first)
	}
}

// Nothing comes with an answer; a negative one keeps its SOA, a referral its NS.
func checkMinimal(t *testing.T, c *corner, s *server) {
	for name, qtype := range map[string]uint16{"mailed.$ZONE": dns.TypeMX, "$ZONE": dns.TypeNS} {
		if reply := s.ask("udp", c.expand(name), qtype); len(reply.Ns)+len(reply.Extra) > 0 {
			t.Errorf("%s: got more than the answer: %v", name, reply)
		}
	}
	if reply := s.ask("udp", c.expand("nothing.$ZONE"), dns.TypeA); len(reply.Ns) != 1 {
		t.Errorf("NXDOMAIN without the SOA: %v", reply)
	}
	if reply := s.ask("udp", c.expand("child.$ZONE"), dns.TypeA); len(reply.Ns) != 2 || reply.Authoritative {
		t.Errorf("no referral: %v", reply)
	}
}

// A rewritten question is answered under the name that was asked for.
func checkRewrite(t *testing.T, c *corner, s *server) {
	for _, name := range []string{"ingress.old.$ZONE", "InGress.old.$ZONE"} {
		name = dns.Fqdn(c.expand(name))
		reply := s.ask("udp", name, dns.TypeA)
		if dig.Short(reply) != "192.0.2.1" || !strings.EqualFold(reply.Answer[0].Header().Name, name) {
			t.Errorf("%s: got %v", name, reply.Answer)
		}
	}
	s.expect("udp", c.expand("nothing.old.$ZONE"), dns.TypeA, "NXDOMAIN")
}

func checkACL(_ *testing.T, c *corner, s *server) {
	s.expect("udp", c.zone, dns.TypeCAA, "REFUSED")
	s.expect("udp", c.expand("_sip._udp.$ZONE"), dns.TypeSRV, "NODATA")
}

func checkAny(_ *testing.T, c *corner, s *server) {
	s.expect("udp", c.expand("ingress.$ZONE"), dns.TypeANY, `"ANY obsoleted" "See RFC 8482"`)
}

func checkHeader(t *testing.T, c *corner, s *server) {
	if reply := s.ask("udp", c.expand("ingress.$ZONE"), dns.TypeA); !reply.RecursionAvailable || !reply.Authoritative {
		t.Errorf("got RA=%t AA=%t, want both", reply.RecursionAvailable, reply.Authoritative)
	}
}
