package record

import (
	"errors"
	"fmt"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

var (
	errRdata  = errors.New("is not data of a record of type")
	errSize   = errors.New("is too large for a record")
	errTarget = errors.New("does not point at a name, in a record of type")
)

// maxRecord is the size of the largest record that is accepted, in octets: a reply must have room for it.
const maxRecord = MaxOctets

// ParseRR parses RDATA in presentation format (RFC 1035 section 5.1). Names may lack the trailing dot, and the RDATA of a TXT record
// may be the text itself. The result is a record without an owner name that fits into a reply.
func ParseRR(rrtype, value string) (dns.RR, error) {
	if rrtype == "TXT" {
		return parseTXT(value)
	}
	value = strings.TrimSpace(value)
	// dns.NewRR reads a line of a zone file. It would take these texts for several records, for none, for RDATA of an unknown type
	// (RFC 3597), or for the name of the zone.
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' }) ||
		value == "" || strings.HasPrefix(value, ";") || strings.HasPrefix(value, `\#`) || strings.HasSuffix(value, "@") {
		return nil, badRdata(rrtype)
	}
	rr, err := dns.NewRR(". 0 IN " + rrtype + " " + value)
	if err != nil || rr == nil || dns.TypeToString[rr.Header().Rrtype] != rrtype {
		return nil, badRdata(rrtype)
	}
	if !checkRDATA(rr) {
		return nil, fmt.Errorf("%w %s: write, for example, %s", errTarget, rrtype, examples[rrtype])
	}
	return rr, checkFits(rr)
}

// examples are RDATA of each type, as in the targets of a DNSEndpoint. Errors show them.
var examples = map[string]string{
	"CAA":   `0 issue "ca.example.net"`,
	"MX":    "10 mail.example.com",
	"NAPTR": `100 10 "S" "SIP+D2U" "" _sip._udp.example.com`,
	"NS":    "ns1.example.net",
	"PTR":   "host.example.com",
	"SRV":   "0 10 5060 sip.example.com",
}

func badRdata(rrtype string) error {
	return fmt.Errorf("%w %s: write, for example, %s", errRdata, rrtype, examples[rrtype])
}

// checkFits returns an error if no reply has room for a record.
func checkFits(rr dns.RR) error {
	for _, size := range []int{min(dns.Len(rr), maxRecord), maxRecord} { // nearly all records are short
		if _, err := dns.PackRR(rr, make([]byte, size), 0, nil, false); err == nil {
			return nil
		}
	}
	return errSize
}

// checkRDATA reports whether the RDATA of a record is valid: the name in it, or the tag of a CAA record. It makes the name canonical.
// The root stands for "none" in types whose RFC allows it: MX (RFC 7505), SRV (RFC 2782) and NAPTR (RFC 3403).
func checkRDATA(rr dns.RR) bool {
	var field *string // the name
	root := true      // it may be the root
	switch rr := rr.(type) {
	case *dns.MX:
		field = &rr.Mx
	case *dns.SRV:
		field = &rr.Target
	case *dns.NAPTR:
		field = &rr.Replacement
	case *dns.NS:
		field, root = &rr.Ns, false
	case *dns.PTR:
		field, root = &rr.Ptr, false
	case *dns.CAA: // RFC 8659 section 4.1
		return rr.Tag != "" && !strings.ContainsFunc(rr.Tag, func(r rune) bool { return !isAlphanumeric(r) })
	default:
		return true
	}
	if *field == "." {
		return root
	}
	name, err := dnsname.Owner(*field)
	if err != nil || dnsname.IsWildcard(name) {
		return false
	}
	*field = dns.Fqdn(name)
	return true
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// Header returns the header of a record of class IN.
func Header(owner string, rrtype uint16, ttl uint32) dns.RR_Header {
	return dns.RR_Header{Name: owner, Rrtype: rrtype, Class: dns.ClassINET, Ttl: ttl}
}
