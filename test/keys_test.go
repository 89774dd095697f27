package test

import (
	"crypto/ecdsa"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// key is a DNSSEC key for a zone.
type key struct {
	dnskey *dns.DNSKEY
	file   string // as the dnssec plugin takes it
}

// newKey makes a key, and the files of it that dnssec-keygen would.
func newKey(t *testing.T, zone string) key {
	t.Helper()
	k := key{
		dnskey: &dns.DNSKEY{
			Hdr:       dns.RR_Header{Name: dns.Fqdn(zone), Rrtype: dns.TypeDNSKEY, Class: dns.ClassINET, Ttl: 3600},
			Flags:     dns.ZONE | dns.SEP,
			Protocol:  3,
			Algorithm: dns.ECDSAP256SHA256,
		},
		file: filepath.Join(t.TempDir(), "key"),
	}
	private, err := k.dnskey.Generate(256)
	if err != nil {
		t.Fatal(err)
	}
	for suffix, content := range map[string]string{
		".key":     k.dnskey.String() + "\n",
		".private": k.dnskey.PrivateKeyString(private.(*ecdsa.PrivateKey)),
	} {
		if err := os.WriteFile(k.file+suffix, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// askSigned asks for signatures as well.
func (s *server) askSigned(name string, qtype uint16) *dns.Msg {
	s.t.Helper()
	return s.exchange("udp", new(dns.Msg).SetQuestion(dns.Fqdn(name), qtype).SetEdns0(4096, true))
}

// verify fails the test unless every RRset of a section has a signature that
// is good. It returns how many RRsets there are.
func (k key) verify(t *testing.T, what string, rrs []dns.RR) int {
	t.Helper()
	type set struct {
		name  string
		qtype uint16
	}
	sets, sigs := map[set][]dns.RR{}, map[set]*dns.RRSIG{}
	for _, rr := range rrs {
		h := rr.Header()
		if sig, ok := rr.(*dns.RRSIG); ok {
			sigs[set{h.Name, sig.TypeCovered}] = sig
		} else if h.Rrtype != dns.TypeOPT {
			sets[set{h.Name, h.Rrtype}] = append(sets[set{h.Name, h.Rrtype}], rr)
		}
	}
	for s, rrset := range sets {
		sig := sigs[s]
		if sig == nil {
			t.Errorf("%s: %s %s is not signed", what, s.name, dns.TypeToString[s.qtype])
		} else if err := sig.Verify(k.dnskey, rrset); err != nil || !sig.ValidityPeriod(time.Now()) {
			t.Errorf("%s: signature of %s %s: %v", what, s.name, dns.TypeToString[s.qtype], err)
		}
	}
	return len(sets)
}
