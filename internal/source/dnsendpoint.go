package source

import (
	"encoding/json"
	"errors"
	"math"
	"strings"

	"github.com/miekg/dns"
	"sigs.k8s.io/external-dns/endpoint"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
)

var (
	errRecordType = errors.New("is not a record type that can be served")
	errFamily     = errors.New("is an address of the other family")
	errCut        = errors.New("cannot be delegated: it is a wildcard or the apex of a zone")
	errManyCNAME  = errors.New("comes after the first CNAME target, and a name can have one only")
	errBeside     = errors.New("gives way to the other records of the name: remove it, or these")
	errSelf       = errors.New("is the name itself")
)

// dnsEndpointRecord files the data of each endpoint under the endpoint's name (D1). A name whose targets are all malformed stays
// claimed.
func dnsEndpointRecord(b *object.Builder, obj *dnsEndpointObject) {
	steering := record.NewSteering(b.Annotations.Stated)
	for _, ep := range obj.Spec.Endpoints {
		if ep == nil {
			continue
		}
		if name, ok := b.ParseName(ep.DNSName, dnsname.Owner); ok {
			d := &record.Data{TTL: endpointTTL(ep, b.Annotations.TTL), Extra: &record.Extra{}}
			served, rrtype := false, strings.ToUpper(strings.TrimSpace(ep.RecordType))
			if b.Steers {
				d.Steering = endpointSteering(b, steering, ep, name, rrtype)
			}
			b.Skips.WithOwner(name, knownType(rrtype), func() { served = readEndpoint(b, d, name, rrtype, ep.Targets) })
			if served {
				b.File(name, d)
			}
		}
	}
	skipCNAMEsBesideData(b)
	if b.Annotations.Targets != nil { // names of the hostname annotation have no endpoint, so only these targets
		b.ClaimAnnotated(b.NewData())
	}
}

// skipCNAMEsBesideData notes each CNAME whose name has other records in the same object. Such a CNAME is not served (D3).
func skipCNAMEsBesideData(b *object.Builder) {
	beside := map[string]bool{}
	for _, e := range b.Rec.Entries {
		if e.Data.CNAME != "" {
			beside[e.Name] = false
		}
	}
	for _, e := range b.Rec.Entries {
		if _, ok := beside[e.Name]; ok && (len(e.Data.RRs) > 0 || e.Data.Targets.Usable(e.Name)) {
			beside[e.Name] = true
		}
	}
	for _, e := range b.Rec.Entries {
		if e.Data.CNAME != "" && beside[e.Name] {
			b.Skips.WithOwner(e.Name, "CNAME", func() { b.Skip("record", e.Data.CNAME, errBeside) })
		}
	}
}

// knownType returns rrtype if it is a type of DNS, or else an empty string.
func knownType(rrtype string) string {
	if _, ok := dns.StringToType[rrtype]; !ok {
		return ""
	}
	return rrtype
}

// readEndpoint reads the targets of an endpoint. It reports whether the endpoint is served.
func readEndpoint(b *object.Builder, d *record.Data, name, rrtype string, values []string) bool {
	wild := dnsname.IsWildcard(name)
	switch rrtype {
	case endpoint.RecordTypeA:
		d.EndpointType = dns.TypeA
		readFamily(&b.Skips, &d.Targets, values, target.Addr.Is4)
	case endpoint.RecordTypeAAAA:
		d.EndpointType = dns.TypeAAAA
		readFamily(&b.Skips, &d.Targets, values, target.Addr.Is6)
	case endpoint.RecordTypeCNAME:
		d.EndpointType = dns.TypeCNAME
		readCNAME(&b.Skips, d, name, values)
	case endpoint.RecordTypeNS:
		if wild || b.Zones.ByName[name] != nil {
			b.Skip("record", name, errCut)
			return false
		}
		fallthrough
	case endpoint.RecordTypeTXT, endpoint.RecordTypeMX, endpoint.RecordTypeSRV, endpoint.RecordTypePTR, endpoint.RecordTypeNAPTR, "CAA":
		for _, v := range values {
			rr, err := record.ParseRR(rrtype, v)
			if err != nil {
				b.Skip("record", v, err)
				continue
			}
			d.RRs = append(d.RRs, rr)
		}
		d.RRs = record.SortRRs(d.RRs)
	default:
		b.Skip("type", rrtype, errRecordType)
	}
	return true
}

// endpointTTL returns the TTL of an endpoint's records in seconds, at most what RFC 2181 section 8 allows (D4).
func endpointTTL(ep *dnsEndpoint, fallback uint32) uint32 {
	if ep.RecordTTL <= 0 {
		return fallback
	}
	return uint32(min(ep.RecordTTL, math.MaxInt32))
}

// readFamily reads addresses of one family.
func readFamily(s *record.Skips, t *record.Targets, values []string, is func(target.Addr) bool) {
	for _, v := range values {
		before := len(t.Addrs)
		s.AddAddress(t, strings.TrimSpace(v))
		if len(t.Addrs) > before && !is(t.Addrs[before]) {
			t.Addrs = t.Addrs[:before]
			s.Skip("address", v, errFamily)
		}
	}
	s.SettleTargets(t)
}

// readCNAME reads the targets of a CNAME. The first valid one is served (D3).
func readCNAME(s *record.Skips, d *record.Data, name string, values []string) {
	for _, v := range values {
		host, ok := s.ParseHostname(v)
		switch {
		case !ok:
		case host == name:
			s.Skip("record", v, errSelf)
		case d.CNAME != "":
			s.Skip("record", v, errManyCNAME)
		default:
			d.CNAME = host
		}
	}
}

// dnsEndpointObject is a DNSEndpoint of external-dns.
type dnsEndpointObject struct {
	object.CustomObject
	Spec struct {
		Endpoints []*dnsEndpoint `json:"endpoints"`
	} `json:"spec"`
}

// dnsEndpoint is one of the endpoints of a DNSEndpoint.
type dnsEndpoint struct {
	DNSName    string   `json:"dnsName"`
	RecordType string   `json:"recordType"`
	RecordTTL  int64    `json:"recordTTL"`
	Targets    []string `json:"targets"`

	// Only filters need these. They are decoded later, so that a malformed value does not cost the endpoint.
	SetIdentifier    json.RawMessage `json:"setIdentifier"`
	ProviderSpecific json.RawMessage `json:"providerSpecific"`
}
