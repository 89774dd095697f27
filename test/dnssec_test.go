package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// signed is a Corefile whose replies are signed with the key in $KEY.
func signed(k key) string {
	return strings.Replace(allKinds, "    k8s_gateway", "    dnssec {\nkey file "+k.file+"\n}\n    k8s_gateway", 1)
}

// Under the dnssec plugin every answer is signed: of every type and kind, at the
// apex, from a wildcard, and behind an alias. Without DO nothing is.
func TestSignedAnswers(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	k := newKey(t, c.zone)
	s := c.serve(signed(k))
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")

	for _, tc := range []struct {
		name  string
		qtype uint16
		sets  int // RRsets in the answer
	}{
		{"$ZONE", dns.TypeSOA, 1},
		{"$ZONE", dns.TypeNS, 1},
		{"$ZONE", dns.TypeDNSKEY, 1},
		{"$ZONE", dns.TypeTXT, 1},
		{"$ZONE", dns.TypeMX, 1},
		{"$ZONE", dns.TypeCAA, 1},
		{"ingress.$ZONE", dns.TypeA, 1},
		{"ingress.$ZONE", dns.TypeAAAA, 1},
		{"InGress.$ZONE", dns.TypeA, 1},
		{"db.$NAMESPACE.$ZONE", dns.TypeA, 1},
		{"http.$ZONE", dns.TypeA, 1},
		{"endpoint.$ZONE", dns.TypeTXT, 1},
		{"mailed.$ZONE", dns.TypeMX, 1},
		{"_sip._udp.$ZONE", dns.TypeSRV, 1},
		{"naptr.$ZONE", dns.TypeNAPTR, 1},
		{"pointer.$ZONE", dns.TypePTR, 1},
		{"alias.$ZONE", dns.TypeA, 2},
		{"cname.$ZONE", dns.TypeTXT, 2},
		{"flat.$ZONE", dns.TypeA, 1},
		{"one.apps.$ZONE", dns.TypeA, 1},
		{"two.one.routes.$ZONE", dns.TypeA, 1},
		{"one.wild.$ZONE", dns.TypeTXT, 1},
		{"*.wild.$ZONE", dns.TypeTXT, 1},
		{"away.$ZONE", dns.TypeA, 1},
	} {
		name := c.expand(tc.name)
		what := name + " " + dns.TypeToString[tc.qtype]
		reply := s.askSigned(name, tc.qtype)
		if got := k.verify(t, what, reply.Answer); got != tc.sets || reply.Rcode != dns.RcodeSuccess {
			t.Errorf("%s: %d RRsets in the answer, want %d: %v", what, got, tc.sets, reply)
		}
		k.verify(t, what, reply.Extra) // what comes with MX and SRV is signed as well
		for _, rr := range s.ask("udp", name, tc.qtype).Answer {
			if rr.Header().Rrtype == dns.TypeRRSIG {
				t.Errorf("%s: signed for a client that did not ask for it: %v", what, rr)
			}
		}
	}
}

// Under the dnssec plugin a negative answer proves itself. The plugin says
// NODATA for NXDOMAIN as well, with a NSEC made up for the question ("black
// lies"): it names the question and must not deny a type that is there.
func TestSignedDenial(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	k := newKey(t, c.zone)
	s := c.serve(signed(k))
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")

	for _, tc := range []struct {
		name   string
		qtype  uint16
		exists []uint16 // types that the name has
	}{
		{"mx.$ZONE", dns.TypeAAAA, []uint16{dns.TypeA, dns.TypeTXT}}, // NODATA, one family missing
		{"http.$ZONE", dns.TypeTXT, []uint16{dns.TypeA, dns.TypeAAAA}},
		{"endpoint.$ZONE", dns.TypeSRV, []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeTXT}},
		{"_sip._udp.$ZONE", dns.TypeA, []uint16{dns.TypeSRV}},
		{"one.wild.$ZONE", dns.TypeAAAA, []uint16{dns.TypeA, dns.TypeTXT}},
		{"flat.$ZONE", dns.TypeTXT, []uint16{dns.TypeA}},
		{"$ZONE", dns.TypeSRV, []uint16{dns.TypeA, dns.TypeSOA, dns.TypeNS, dns.TypeMX, dns.TypeTXT, dns.TypeDNSKEY}},
		{"$ZONE", dns.TypeDS, []uint16{dns.TypeSOA, dns.TypeNS, dns.TypeMX, dns.TypeTXT, dns.TypeDNSKEY}},
		{"b.ent.$ZONE", dns.TypeA, nil}, // Z7
		{"ent.$ZONE", dns.TypeTXT, nil},
		{"_udp.$ZONE", dns.TypeA, nil},
		{"nothing.$ZONE", dns.TypeA, nil},
		{"NoThing.$ZONE", dns.TypeMX, nil},
		{"deep.down.nothing.$ZONE", dns.TypeAAAA, nil},
		{"pending.$ZONE", dns.TypeA, nil}, // Z12
		{"two.one.apps.$ZONE", dns.TypeA, nil},
	} {
		name := dns.Fqdn(c.expand(tc.name))
		what := name + " " + dns.TypeToString[tc.qtype]
		reply := s.askSigned(name, tc.qtype)
		if dig.Short(reply) != "NODATA" || k.verify(t, what, reply.Ns) != 2 {
			t.Errorf("%s: want NODATA with SOA and NSEC, got %v", what, reply)
			continue
		}
		i := slices.IndexFunc(reply.Ns, func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeNSEC })
		if i < 0 {
			t.Errorf("%s: no NSEC: %v", what, reply.Ns)
			continue
		}
		nsec := reply.Ns[i].(*dns.NSEC)
		if nsec.Hdr.Name != name || nsec.NextDomain != `\000.`+name {
			t.Errorf("%s: %v is about another name", what, nsec)
		}
		if slices.Contains(nsec.TypeBitMap, tc.qtype) {
			t.Errorf("%s: %v says that the type is there", what, nsec)
		}
		for _, qtype := range tc.exists {
			if !slices.Contains(nsec.TypeBitMap, qtype) {
				t.Errorf("%s: %v denies %s, which is there", what, nsec, dns.TypeToString[qtype])
			}
		}
	}
}

// A referral is not signed, but that there is no DS is: what is delegated is
// not secure (RFC 4035 section 3.1.4).
func TestSignedReferral(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	k := newKey(t, c.zone)
	s := c.serve(signed(k))
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")

	for _, name := range []string{"child.$ZONE", "hidden.child.$ZONE"} {
		reply := s.askSigned(c.expand(name), dns.TypeA)
		var unsigned, rest []dns.RR
		for _, rr := range reply.Ns {
			if rr.Header().Rrtype == dns.TypeNS {
				unsigned = append(unsigned, rr)
			} else {
				rest = append(rest, rr)
			}
		}
		if len(unsigned) != 2 || reply.Authoritative || k.verify(t, name, rest) != 1 {
			t.Errorf("%s: got %v, want two NS and a signed NSEC", name, reply)
		}
	}
	reply := s.askSigned(c.expand("child.$ZONE"), dns.TypeDS)
	if !reply.Authoritative || dig.Short(reply) != "NODATA" || k.verify(t, "DS", reply.Ns) != 2 {
		t.Errorf("DS at the cut: got %v, want NODATA with signed SOA and NSEC", reply)
	}
}

// Signing while objects change reaches nothing that later replies are made of,
// and a signature is always one of what it comes with.
func TestSignedUnderLoad(t *testing.T) {
	c := newCorner(t)
	c.apply(everythingManifest)
	k := newKey(t, c.zone)
	s := c.serve(strings.Replace(signed(k), "dnssec {", "loadbalance\n    cache 1\n    dnssec {", 1))
	s.await(c.expand("ingress.$ZONE"), dns.TypeA, "192.0.2.1")
	s.underLoad(c, []int{dns.RcodeSuccess, dns.RcodeNameError}, c.allQuestions()...)
	for range 3 {
		for _, name := range []string{"ingress.$ZONE", "endpoint.$ZONE", "alias.$ZONE", "one.wild.$ZONE"} {
			reply := s.askSigned(c.expand(name), dns.TypeA)
			if k.verify(t, name, reply.Answer) == 0 {
				t.Errorf("%s: %v", name, reply)
			}
		}
	}
}
