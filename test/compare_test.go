package test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// comparedTypes are asked for at every name when two servers are compared.
var comparedTypes = []uint16{
	dns.TypeA, dns.TypeAAAA, dns.TypeTXT, dns.TypeMX, dns.TypeSRV, dns.TypeCNAME, dns.TypeNS,
	dns.TypeSOA, dns.TypePTR, dns.TypeNAPTR, dns.TypeCAA, dns.TypeDS,
}

// walk returns the names to compare in a transferred zone: every owner and every
// name above it, which is an empty non-terminal or the apex; a name below each,
// which is NXDOMAIN or what a wildcard has; and for every wildcard one name of
// one label in its place. Deeper ones are where wildcards differ (W1, W2).
func walk(zone string, rrs []dns.RR) []string {
	apex := dns.Fqdn(zone)
	var names []string
	for _, rr := range rrs {
		owner := rr.Header().Name
		names = append(names, owner)
		if suffix, wild := strings.CutPrefix(owner, "*."); wild {
			names = append(names, "in-its-place."+suffix)
		} else {
			names = append(names, "nothing."+owner)
		}
		for up := owner; up != apex; {
			_, up, _ = strings.Cut(up, ".")
			names = append(names, up, "nothing."+up)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// compare asks a server and a secondary about every name of a zone, and fails
// the test where they differ. It returns how many questions it asked.
func (s *server) compare(other *server, zone string) int {
	s.t.Helper()
	s.awaitCopy(other, zone)
	asked, differ := 0, 0
	for _, name := range walk(zone, s.mustAXFR(zone)) {
		for _, qtype := range comparedTypes {
			ours, theirs := essence(s.askWhole(name, qtype)), essence(other.askWhole(name, qtype))
			if ours != theirs {
				s.t.Errorf("%s %s:\nwe say   %s\nthey say %s", name, dns.TypeToString[qtype], ours, theirs)
				if differ++; differ == 10 {
					s.t.Fatal("and so on")
				}
			}
			asked++
		}
	}
	return asked
}

// awaitCopy waits until a secondary has a zone as it will stay: the serials are
// the same, and ours is over, so that no change waits for the clock to show (A3).
func (s *server) awaitCopy(other *server, zone string) {
	s.t.Helper()
	ticker := time.NewTicker(awaitInterval)
	defer ticker.Stop()
	for deadline := time.Now().Add(awaitTimeout); time.Now().Before(deadline); <-ticker.C {
		now := time.Now().Unix()
		ours, theirs := s.ask("udp", zone, dns.TypeSOA).Answer, other.ask("udp", zone, dns.TypeSOA).Answer
		if serial := ours[0].(*dns.SOA).Serial; int64(serial) < now && len(theirs) == 1 && theirs[0].(*dns.SOA).Serial == serial {
			return
		}
	}
	s.t.Fatalf("%s: the secondary does not have what the primary has after %s", zone, awaitTimeout)
}

// askWhole asks over UDP and, where the reply does not fit, over TCP.
func (s *server) askWhole(name string, qtype uint16) *dns.Msg {
	s.t.Helper()
	reply := s.ask("udp", name, qtype)
	if reply.Truncated {
		reply = s.ask("tcp", name, qtype)
	}
	return reply
}

// essence is what a reply says, whoever says it: RCODE, AA, the answer as a set
// with its TTLs and, where there is none, the authority section, which tells
// NODATA from a referral. Not all servers cut the TTL of the SOA there to what it
// says by itself (RFC 2308 section 5 has resolvers do it).
func essence(m *dns.Msg) string {
	var answer, authority []string
	for _, rr := range m.Answer {
		answer = append(answer, strings.Join(strings.Fields(rr.String()), " "))
	}
	if len(m.Answer) == 0 {
		for _, rr := range m.Ns {
			h := rr.Header()
			authority = append(authority, h.Name+" "+strings.TrimPrefix(rr.String(), h.String()))
		}
	}
	slices.Sort(answer)
	slices.Sort(authority)
	return fmt.Sprintf("%s aa=%t tc=%t answer %q authority %q",
		dns.RcodeToString[m.Rcode], m.Authoritative, m.Truncated, answer, authority)
}
