package gateway

import (
	"errors"
	"math"
	"strings"

	"github.com/miekg/dns"

	"sigs.k8s.io/external-dns/endpoint"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/names"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

var (
	errRecordType = errors.New("is not a record type that can be served")
	errFamily     = errors.New("is an address of the other family")
	errCut        = errors.New("cannot be delegated: it is a wildcard or the apex of a zone")
	errManyCNAME  = errors.New("comes after the first CNAME target, and a name can have one only")
	errSelf       = errors.New("is the name itself")
)

// dnsEndpointRecord files what each endpoint holds under the endpoint's own name (D1). A name whose
// targets are all bad stays claimed.
func dnsEndpointRecord(b *builder, obj *dnsEndpointObject) {
	for _, ep := range obj.Spec.Endpoints {
		if ep == nil {
			continue
		}
		if name, ok := b.name(ep.DNSName, names.Owner); ok {
			d := &data{ttl: endpointTTL(ep, b.annotations.ttl), others: &others{}}
			if b.endpoint(d, name, strings.ToUpper(strings.TrimSpace(ep.RecordType)), ep.Targets) {
				b.file(name, d)
			}
		}
	}
	if b.annotations.targets != nil { // the only ones that names without an endpoint can have
		b.claimAnnotated(b.newData())
	}
}

// endpoint reads the targets of an endpoint. It reports whether the endpoint counts.
func (b *builder) endpoint(d *data, name, rrtype string, values []string) bool {
	_, wild := names.IsWildcard(name)
	switch rrtype {
	case endpoint.RecordTypeA:
		d.endpoint = dns.TypeA
		b.family(&d.targets, values, target.Addr.Is4)
	case endpoint.RecordTypeAAAA:
		d.endpoint = dns.TypeAAAA
		b.family(&d.targets, values, target.Addr.Is6)
	case endpoint.RecordTypeCNAME:
		d.endpoint = dns.TypeCNAME
		b.cname(d, name, values)
	case endpoint.RecordTypeNS:
		if wild || b.zones.byName[name] != nil {
			b.skip("record", name, errCut)
			return false
		}
		fallthrough
	case endpoint.RecordTypeTXT, endpoint.RecordTypeMX, endpoint.RecordTypeSRV, endpoint.RecordTypePTR, endpoint.RecordTypeNAPTR, "CAA":
		for _, v := range values {
			rr, err := parseRR(rrtype, v)
			if err != nil {
				b.skip("record", v, err)
				continue
			}
			d.rrs = append(d.rrs, rr)
		}
		d.rrs = sortRRs(d.rrs)
	default:
		b.skip("type", rrtype, errRecordType)
	}
	return true
}

// endpointTTL returns the TTL of an endpoint's records in seconds, at most what RFC 2181 section 8 allows (D4).
func endpointTTL(ep *dnsEndpoint, missing uint32) uint32 {
	if ep.RecordTTL <= 0 {
		return missing
	}
	return uint32(min(ep.RecordTTL, math.MaxInt32))
}

// family reads addresses of one family.
func (s *skips) family(t *targets, values []string, is func(target.Addr) bool) {
	for _, v := range values {
		before := len(t.addrs)
		s.address(t, strings.TrimSpace(v))
		if len(t.addrs) > before && !is(t.addrs[before]) {
			t.addrs = t.addrs[:before]
			s.skip("address", v, errFamily)
		}
	}
	s.settle(t)
}

// cname reads the targets of a CNAME: the first good one counts (D3).
func (s *skips) cname(d *data, name string, values []string) {
	for _, v := range values {
		host, ok := s.hostname(v)
		switch {
		case !ok:
		case host == name:
			s.skip("record", v, errSelf)
		case d.cname != "":
			s.skip("record", v, errManyCNAME)
		default:
			d.cname = host
		}
	}
}
