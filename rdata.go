package gateway

import (
	"errors"
	"fmt"
	"strings"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
)

var (
	errRdata  = errors.New("is not data of a record of type")
	errSize   = errors.New("is too large for a record")
	errTarget = errors.New("does not point at a name, in a record of type")
)

// maxRecord is the size of a record that fits into a reply beside all that must be there: a question and
// a SOA or OPT record.
const maxRecord = maxOctets

// parseRR reads the data of a record in presentation format (RFC 1035 section 5.1), names with or without a
// trailing dot. That of TXT may be the text itself as well. The record has no owner yet, and is known to pack.
func parseRR(rrtype, value string) (dns.RR, error) {
	if rrtype == "TXT" {
		return parseTXT(value)
	}
	value = strings.TrimSpace(value)
	// Nothing that a zone file would take for more than one record, for none, for data of an unknown type, or
	// for the name of the zone.
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' }) ||
		value == "" || strings.HasPrefix(value, ";") || strings.HasPrefix(value, `\#`) || strings.HasSuffix(value, "@") {
		return nil, fmt.Errorf("%w %s", errRdata, rrtype)
	}
	rr, err := dns.NewRR(". 0 IN " + rrtype + " " + value)
	if err != nil || rr == nil || dns.TypeToString[rr.Header().Rrtype] != rrtype {
		return nil, fmt.Errorf("%w %s", errRdata, rrtype)
	}
	if !canonicalTarget(rr) {
		return nil, fmt.Errorf("%w %s", errTarget, rrtype)
	}
	return rr, packs(rr)
}

// packs returns an error for a record that no reply has room for.
func packs(rr dns.RR) error {
	for _, size := range []int{min(dns.Len(rr), maxRecord), maxRecord} { // nearly all records are short
		if _, err := dns.PackRR(rr, make([]byte, size), 0, nil, false); err == nil {
			return nil
		}
	}
	return errSize
}

// canonicalTarget makes the name in a record's data canonical, and reports whether the data are good. The root
// says "none" where an RFC lets it: MX (RFC 7505), SRV (RFC 2782) and NAPTR (RFC 3403).
func canonicalTarget(rr dns.RR) bool {
	var field *string
	root := true
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
	name, err := names.Owner(*field)
	if _, wild := names.IsWildcard(name); err != nil || wild {
		return false
	}
	*field = dns.Fqdn(name)
	return true
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
