package test

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// axfr transfers a zone and returns what came, in order.
func (s *server) axfr(zone string) ([]dns.RR, error) {
	m := new(dns.Msg)
	m.SetAxfr(dns.Fqdn(zone))
	return s.transfer(m)
}

func (s *server) transfer(m *dns.Msg) ([]dns.RR, error) {
	envelopes, err := new(dns.Transfer).In(m, s.Addr)
	if err != nil {
		return nil, err
	}
	var rrs []dns.RR
	for e := range envelopes {
		if e.Error != nil {
			err = e.Error
		}
		rrs = append(rrs, e.RR...)
	}
	return rrs, err
}

// mustAXFR is axfr that has to succeed, and be well-formed: the SOA first and
// last, and every other record once (RFC 5936 section 2.2).
func (s *server) mustAXFR(zone string) []dns.RR {
	s.t.Helper()
	rrs, err := s.axfr(zone)
	if err != nil {
		s.t.Fatalf("AXFR of %s: %v", zone, err)
	}
	if len(rrs) < 2 || rrs[0].Header().Rrtype != dns.TypeSOA || rrs[0].String() != rrs[len(rrs)-1].String() {
		s.t.Fatalf("AXFR of %s does not begin and end with the SOA: %v", zone, rrs)
	}
	seen := map[string]bool{}
	ttls := map[string]uint32{}
	for i, rr := range rrs[:len(rrs)-1] {
		h := rr.Header()
		if h.Rrtype == dns.TypeSOA && i > 0 || !dns.IsSubDomain(dns.Fqdn(zone), h.Name) {
			s.t.Errorf("AXFR of %s has %v in it", zone, rr)
		}
		if seen[rr.String()] {
			s.t.Errorf("AXFR of %s has %v twice", zone, rr)
		}
		seen[rr.String()] = true
		set := fmt.Sprint(h.Name, h.Rrtype)
		if ttl, ok := ttls[set]; ok && ttl != h.Ttl {
			s.t.Errorf("AXFR of %s has %v beside a TTL of %d (Z15)", zone, rr, ttl)
		}
		ttls[set] = h.Ttl
	}
	return rrs
}

// A transfer has everything that answers, as a zone file would: aliases as
// such or, where no CNAME may be, the addresses behind them; wildcards as
// such; of a delegated name the NS and its glue, and nothing that lies below.
func TestAXFR(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	s := c.serve(ports(primary, "0", ""))
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")

	zone := map[string]*dns.Msg{} // by name and type
	for _, rr := range s.mustAXFR(c.zone) {
		key := rr.Header().Name + " " + dns.TypeToString[rr.Header().Rrtype]
		if zone[key] == nil {
			zone[key] = new(dns.Msg)
		}
		zone[key].Answer = append(zone[key].Answer, rr)
	}
	for key, want := range map[string]string{
		"$ZONE. NS":                   "ns1.$ZONE. ns2.$ZONE.",
		"$ZONE. MX":                   "10 mx.$ZONE.",
		"$ZONE. TXT":                  `"v=spf1 -all"`,
		"ns1.$ZONE. A":                "192.0.2.53",
		"ns1.$ZONE. AAAA":             "2001:db8::53",
		"ns2.$ZONE. A":                "192.0.2.54",
		"ingress.$ZONE. A":            "192.0.2.1",
		"db.$NAMESPACE.$ZONE. AAAA":   "2001:db8::2",
		"http.$ZONE. A":               "192.0.2.3",
		"$NAMESPACE.$ZONE. A":         "192.0.2.6",
		"endpoint.$ZONE. A":           "192.0.2.4 192.0.2.5",
		"endpoint.$ZONE. TXT":         `"some text"`,
		"mx.$ZONE. TXT":               `"plain" "quoted; and; more"`,
		"mailed.$ZONE. MX":            "10 mx.$ZONE. 20 mx.elsewhere.invalid.",
		"_sip._udp.$ZONE. SRV":        "0 10 5060 endpoint.$ZONE.",
		"pointer.$ZONE. PTR":          "endpoint.$ZONE.",
		"naptr.$ZONE. NAPTR":          `10 100 "s" "SIP+D2U" "" _sip._udp.$ZONE.`,
		"cname.$ZONE. CNAME":          "endpoint.$ZONE.",
		"alias.$ZONE. CNAME":          "ingress.$ZONE.",
		"away.$ZONE. CNAME":           "lb.elsewhere.invalid.",
		"dangling.$ZONE. CNAME":       "nothing.$ZONE.",
		"flat.$ZONE. A":               "192.0.2.1 192.0.2.4 192.0.2.5",
		"*.apps.$ZONE. A":             "192.0.2.20",
		"*.routes.$ZONE. A":           "192.0.2.3",
		"*.wild.$ZONE. TXT":           `"from the wildcard"`,
		"child.$ZONE. NS":             "ns.child.$ZONE. ns.elsewhere.invalid.",
		"ns.child.$ZONE. A":           "192.0.2.40",
		"hidden.child.$ZONE. A":       "",
		"pending.$ZONE. A":            "",
		"a.b.ent.$ZONE. A":            "192.0.2.42",
		"b.ent.$ZONE. A":              "",
		"cname.$ZONE. A":              "",
		"alias.$ZONE. A":              "",
		"flat.$ZONE. CNAME":           "",
		"lb.elsewhere.invalid. A":     "",
		"_postgres._tcp.db.$ZONE. NS": "",
	} {
		got := ""
		if m := zone[c.expand(key)]; m != nil {
			got = dig.Short(m)
		}
		if want = c.expand(want); got != want {
			t.Errorf("%s: got %q, want %q", c.expand(key), got, want)
		}
	}
}

// Two stanzas in one server block are one plugin to CoreDNS: the zones of both
// can be transferred.
func TestAXFROfTwoStanzas(t *testing.T) {
	c := newCorner(t)
	c.apply(otherManifest)
	s := c.serve(`
.:0 {
    bind 127.0.0.1
    errors
    transfer {
        to *
    }
    k8s_gateway one.$ZONE {
        kubeconfig $KUBECONFIG
    }
    k8s_gateway two.$ZONE {
        kubeconfig $KUBECONFIG
    }
}
`)
	for _, zone := range []string{"one.$ZONE", "two.$ZONE"} {
		zone = c.expand(zone)
		s.await("web."+zone, dns.TypeA, "192.0.2.7")
		found := false
		for _, rr := range s.mustAXFR(zone) {
			found = found || rr.Header().Name == "web."+zone+"." && rr.Header().Rrtype == dns.TypeA
		}
		if !found {
			t.Errorf("AXFR of %s has no address of web.%s", zone, zone)
		}
	}
	if rrs, err := s.axfr("three." + c.zone); err == nil {
		t.Errorf("a zone that nobody serves was transferred: %v", rrs)
	}
}
