package gateway

import (
	"errors"
	"math"
	"net/netip"
	"strings"

	dnsendpointv1alpha1 "sigs.k8s.io/external-dns/apis/v1alpha1"
	"sigs.k8s.io/external-dns/endpoint"

	"github.com/k8s-gateway/k8s_gateway/internal/names"
	"github.com/k8s-gateway/k8s_gateway/internal/target"
)

var (
	errRecordType = errors.New("is not a record type that can be served")
	errFamily     = errors.New("is an address of the other family")
)

// dnsEndpointRecord files what each endpoint holds under the endpoint's own name (D1). A name whose
// targets are all bad stays claimed.
func dnsEndpointRecord(b *builder, obj *dnsendpointv1alpha1.DNSEndpoint) {
	for _, ep := range obj.Spec.Endpoints {
		if ep == nil {
			continue
		}
		name, ok := b.name(ep.DNSName, names.Owner)
		if !ok {
			continue
		}
		d := &data{ttl: endpointTTL(ep, b.ttl)}
		switch strings.ToUpper(ep.RecordType) {
		case endpoint.RecordTypeA:
			d.addrs = b.endpointAddresses(ep.Targets, netip.Addr.Is4)
		case endpoint.RecordTypeAAAA:
			d.addrs = b.endpointAddresses(ep.Targets, netip.Addr.Is6)
		case endpoint.RecordTypeTXT:
			for _, text := range ep.Targets {
				d.txt = append(d.txt, characterStrings(text))
			}
		default:
			b.skip("type", ep.RecordType, errRecordType)
		}
		b.file(name, d)
	}
}

// endpointTTL returns the TTL of an endpoint's records in seconds, at most what RFC 2181 section 8 allows (D4).
func endpointTTL(ep *endpoint.Endpoint, missing uint32) uint32 {
	if ep.RecordTTL <= 0 {
		return missing
	}
	return uint32(min(ep.RecordTTL, math.MaxInt32))
}

func (s *skips) endpointAddresses(targets []string, family func(netip.Addr) bool) []netip.Addr {
	var addrs []netip.Addr
	for _, t := range targets {
		before := len(addrs)
		s.address(&addrs, strings.TrimSpace(t))
		if len(addrs) > before && !family(addrs[before]) {
			addrs = addrs[:before]
			s.skip("address", t, errFamily)
		}
	}
	return target.Sort(addrs)
}

// characterStrings returns a text as the character-strings of one TXT record (RFC 1035 section 3.3.14), at most
// 255 octets each, escaped as miekg/dns holds them (D5).
func characterStrings(text string) []string {
	if n := len(text); n >= 2 && text[0] == '"' && text[n-1] == '"' {
		text = text[1 : n-1]
	}
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	var list []string
	for {
		n := min(len(text), 255)
		list = append(list, escape.Replace(text[:n]))
		if text = text[n:]; text == "" {
			return list
		}
	}
}
