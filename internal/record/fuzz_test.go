package record_test

import (
	"bytes"
	"testing"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// FuzzRecord reads any value as a record of any type: what is taken packs, and means the same on the wire.
func FuzzRecord(f *testing.F) {
	for _, rrtype := range []string{"TXT", "MX", "SRV", "NS", "PTR", "NAPTR", "CAA"} {
		for _, value := range []string{
			"", " ", ".", "text", `"text"`, `"`, `\`, `\000`, `\"`, `"a" "b"`, `"\255\"" "\\"`, `"a`, `"\256"`, `"a" b`, `"a""" `, "\x00\xff", ";", "()", "( 10 mail.example.net )", "10 mail.example.net ; comment",
			"10 mail.example.net.", "0 .", "10 mail\\.x.example.net", "10 mail.example.net\n$INCLUDE x", "10 *.example.net", "10 @", "@",
			"1 2 3 host.example.net", "0 0 0 .", "host.example.net", "1.2.3.4", `1 2 "u" "E2U+sip" "!^(.*)$!sip:\\1@example.com!" .`,
			`1 2 "s" "SIP+D2U" "" _sip._udp.example.net`, `1 2 "\"" "\\" "\200" x`, `0 issue "ca.example.net; a=b"`, `0 issue ";"`, `0 "" ""`, `0 bad-tag "x"`, `0 "a b" "x"`, `1 tbs "\255"`,
			`\# 4 00010000`, `\# 0`, "$TTL 5", "10 mäil.example.net", "10 \u2460.example.net",
		} {
			f.Add(rrtype, value)
		}
	}
	f.Fuzz(func(t *testing.T, rrtype, value string) {
		if _, ok := map[string]bool{"TXT": true, "MX": true, "SRV": true, "NS": true, "PTR": true, "NAPTR": true, "CAA": true}[rrtype]; !ok {
			return // the builder hands no other on
		}
		rr, err := record.ParseRR(rrtype, value)
		if err != nil {
			return
		}
		rr = dns.Copy(rr)
		*rr.Header() = record.Header("web.example.com.", rr.Header().Rrtype, 60)
		wire := make([]byte, dns.MaxMsgSize)
		n, err := dns.PackRR(rr, wire, 0, nil, false)
		if err != nil {
			t.Fatalf("does not pack: %v", err)
		}
		wire = wire[:n]
		unpacked, end, err := dns.UnpackRR(wire, 0)
		if err != nil || end != n {
			t.Fatalf("%s: does not unpack: %v, %d of %d octets", rr, err, end, n)
		}
		if dns.Type(unpacked.Header().Rrtype).String() != rrtype {
			t.Fatalf("became %s", unpacked)
		}
		again := make([]byte, dns.MaxMsgSize)
		n, err = dns.PackRR(unpacked, again, 0, nil, false)
		if err != nil || !bytes.Equal(again[:n], wire) {
			t.Fatalf("%s: changes on the wire to %s: %v", rr, unpacked, err)
		}
		// What a secondary writes to its zone file, and loads again.
		loaded, err := dns.NewRR(unpacked.String())
		if err != nil || loaded == nil {
			t.Fatalf("%s: does not load: %v", unpacked, err)
		}
		if n, err = dns.PackRR(loaded, again, 0, nil, false); err != nil || !bytes.Equal(again[:n], wire) {
			t.Fatalf("%s: as text it is %s: %v", unpacked, loaded, err)
		}
	})
}
