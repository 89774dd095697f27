package model

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"sigs.k8s.io/external-dns/endpoint"
)

// dnsEndpoints claims what each endpoint of a DNSEndpoint says (D1).
func (w *World) dnsEndpoints() {
	for _, obj := range w.DNSEndpoints {
		if !w.counts(&obj.ObjectMeta) {
			continue
		}
		a := w.annotations("DNSEndpoint", &obj.ObjectMeta)
		from := []Ref{ref("DNSEndpoint", &obj.ObjectMeta)}
		for _, ep := range obj.Spec.Endpoints {
			name, ok := canonical(ep.DNSName, true)
			if !ok {
				continue
			}
			c := Claim{Name: name, Kind: "DNSEndpoint", From: from, TTL: a.ttl, stated: w.stated(&obj.ObjectMeta)}
			c.stated.id = ep.SetIdentifier
			if ep.RecordTTL > 0 { // D4
				c.TTL = uint32(min(ep.RecordTTL, math.MaxInt32))
			}
			if w.endpoint(&c, ep) {
				w.claim(c)
			}
		}
		if a.replaced() {
			for _, name := range a.names {
				w.claim(Claim{Name: name, Kind: "DNSEndpoint", From: from, TTL: a.ttl, Addresses: a.addresses, Hosts: a.hosts, stated: w.stated(&obj.ObjectMeta)})
			}
		}
	}
}

// endpoint reads the targets of an endpoint (D2, D3). It reports whether the endpoint claims its name.
func (w *World) endpoint(c *Claim, ep *endpoint.Endpoint) bool {
	rrtype := strings.ToUpper(ep.RecordType)
	if rrtype == "NS" && (isWildcard(c.Name) || slices.Contains(w.Zones, c.Name)) { // Z5
		return false
	}
	for _, target := range ep.Targets {
		switch rrtype {
		case "A", "AAAA":
			if a, ok := address(target); ok && a.Is4() == (rrtype == "A") {
				c.Addresses = append(c.Addresses, a)
			}
		case "CNAME":
			if name, ok := targetName(target); ok && c.CNAME == "" && name != c.Name {
				c.CNAME = name
			}
		default:
			if rr := record(rrtype, target); rr != nil {
				c.Records = append(c.Records, rr)
			}
		}
	}
	return true
}

// record reads the data of a record, nil if they are bad.
func record(rrtype, value string) dns.RR {
	h := dns.RR_Header{Rrtype: dns.StringToType[rrtype], Class: dns.ClassINET}
	if rrtype == "TXT" {
		if list, ok := text(value); ok {
			return &dns.TXT{Hdr: h, Txt: list}
		}
		return nil
	}
	f := strings.Fields(value)
	switch {
	case rrtype == "MX" && len(f) == 2:
		if n, name, ok := numbersAndName(f[:1], f[1]); ok {
			return &dns.MX{Hdr: h, Preference: n[0], Mx: name}
		}
	case rrtype == "SRV" && len(f) == 4:
		if n, name, ok := numbersAndName(f[:3], f[3]); ok {
			return &dns.SRV{Hdr: h, Priority: n[0], Weight: n[1], Port: n[2], Target: name}
		}
	case rrtype == "NS" && len(f) == 1:
		if _, name, ok := numbersAndName(nil, f[0]); ok {
			return &dns.NS{Hdr: h, Ns: name}
		}
	case rrtype == "PTR" && len(f) == 1:
		if _, name, ok := numbersAndName(nil, f[0]); ok {
			return &dns.PTR{Hdr: h, Ptr: name}
		}
	case rrtype == "NAPTR" && len(f) == 6:
		if n, name, ok := numbersAndName(f[:2], f[5]); ok {
			return &dns.NAPTR{Hdr: h, Order: n[0], Preference: n[1], Flags: unquote(f[2]), Service: unquote(f[3]), Regexp: unquote(f[4]), Replacement: name}
		}
	case rrtype == "CAA" && len(f) == 3:
		if n, err := strconv.ParseUint(f[0], 10, 8); err == nil {
			return &dns.CAA{Hdr: h, Flag: uint8(n), Tag: f[1], Value: unquote(f[2])}
		}
	}
	return nil
}

func numbersAndName(numbers []string, host string) (list []uint16, name string, ok bool) {
	for _, s := range numbers {
		n, err := strconv.ParseUint(s, 10, 16)
		if err != nil {
			return nil, "", false
		}
		list = append(list, uint16(n))
	}
	if host == "." && len(numbers) > 0 { // none, as MX, SRV and NAPTR may say
		return list, host, true
	}
	name, ok = canonical(host, true)
	return list, dns.Fqdn(name), ok && !isWildcard(name)
}

func unquote(s string) string { return strings.Trim(s, `"`) }

// text returns the character-strings of a target (D5), escaped as the library has them, and whether it is good.
func text(value string) (list []string, ok bool) {
	if !strings.HasPrefix(value, `"`) {
		return split(value), true
	}
	const outside, inside, escaped = 0, 1, 2
	state, said, number := outside, "", ""
	for _, c := range []byte(value) {
		switch {
		case state == outside && c == '"':
			state, said = inside, ""
		case state == outside && !strings.ContainsRune(" \t\r\n", rune(c)):
			return nil, false
		case state == inside && c == '"':
			state, list = outside, append(list, split(said)...)
		case state == inside && c == '\\':
			state, number = escaped, ""
		case state == inside:
			said += string([]byte{c})
		case state == escaped && number == "" && (c < '0' || c > '9'):
			state, said = inside, said+string([]byte{c})
		case state == escaped:
			if number += string([]byte{c}); len(number) < 3 {
				continue
			}
			n, err := strconv.ParseUint(number, 10, 8)
			if err != nil {
				return nil, false
			}
			state, said = inside, said+string([]byte{byte(n)})
		}
	}
	return list, state == outside
}

// split splits a text at 255 octets. One of none is one empty string.
func split(text string) []string {
	list := []string{}
	for len(text) > 255 {
		list, text = append(list, text[:255]), text[255:]
	}
	list = append(list, text)
	for i := range list {
		list[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(list[i])
	}
	return list
}
