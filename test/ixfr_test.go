package test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// A secondary that asks for what changed gets the SOA alone when it is current,
// and the whole zone when it is not (RFC 1995 sections 2 and 4).
func TestIXFR(t *testing.T) {
	c := newCorner(t)
	c.apply(ingressManifest)
	s := c.serve(ports(primary, "0", ""))
	name := c.expand("ingress.$ZONE")
	s.await(name, dns.TypeA, "192.0.2.1")

	serial := s.mustAXFR(c.zone)[0].(*dns.SOA).Serial
	for {
		problems := s.ixfrProblems(c.zone, serial)
		now := s.ask("udp", c.zone, dns.TypeSOA).Answer[0].(*dns.SOA).Serial
		if now == serial { // else another test has changed a Node meanwhile, which is in all zones
			for _, p := range problems {
				t.Error(p)
			}
			break
		}
		serial = now
	}

	c.apply(strings.ReplaceAll(ingressManifest, "192.0.2.1", "192.0.2.9"))
	s.await(name, dns.TypeA, "192.0.2.9")
	s.awaitSerial(c.zone, serial)
	if changed := s.ixfr(c.zone, serial); len(changed) < 3 {
		t.Errorf("after a change (A3): got %v, want the zone", changed)
	}
}

// ixfrProblems returns what is wrong with the answers to a secondary, if the zone has a serial.
func (s *server) ixfrProblems(zone string, serial uint32) (problems []string) {
	for _, current := range []uint32{serial, serial + 1, serial + 1<<30} {
		rrs := s.ixfr(zone, current)
		if len(rrs) != 1 || rrs[0].Header().Rrtype != dns.TypeSOA {
			problems = append(problems, fmt.Sprintf("with serial %d when %d is current: got %v, want one SOA", current, serial, rrs))
		}
	}
	old := s.ixfr(zone, serial-1)
	if len(old) < 3 || old[0].Header().Rrtype != dns.TypeSOA || old[1].Header().Rrtype == dns.TypeSOA {
		problems = append(problems, fmt.Sprintf("with serial %d when %d is current: got %v, want the zone", serial-1, serial, old))
	}
	return problems
}

// ixfr asks for the changes since a serial.
func (s *server) ixfr(zone string, serial uint32) []dns.RR {
	s.t.Helper()
	m := new(dns.Msg)
	m.SetIxfr(dns.Fqdn(zone), serial, "ns1."+dns.Fqdn(zone), "hostmaster."+dns.Fqdn(zone))
	rrs, err := s.transfer(m)
	if err != nil {
		s.t.Fatalf("IXFR of %s since %d: %v", zone, serial, err)
	}
	return rrs
}

// awaitSerial asks for the SOA until its serial is not the old one. That may
// take a second: it runs no further ahead of the clock (A3).
func (s *server) awaitSerial(zone string, old uint32) {
	s.t.Helper()
	ticker := time.NewTicker(awaitInterval)
	defer ticker.Stop()
	for deadline := time.Now().Add(awaitTimeout); time.Now().Before(deadline); <-ticker.C {
		if s.ask("udp", zone, dns.TypeSOA).Answer[0].(*dns.SOA).Serial != old {
			return
		}
	}
	s.t.Fatalf("%s: the serial is still %d after %s", zone, old, awaitTimeout)
}
