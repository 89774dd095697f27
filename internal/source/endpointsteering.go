package source

import (
	"encoding/json"
	"errors"
	"strings"

	"sigs.k8s.io/external-dns/endpoint"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// The properties of an endpoint that filters need, as other software writes them: weight and geo-code by Kuadrant, the others by
// external-dns for Route 53.
const (
	propertyWeight     = "weight"
	propertyGeo        = "geo-code"
	route53Weight      = "aws/weight"
	route53Continent   = "aws/geolocation-continent-code"
	route53Country     = "aws/geolocation-country-code"
	route53Subdivision = "aws/geolocation-subdivision-code"
	geoCodeEverybody   = "*"     // all clients that no other location is for (Route 53, Kuadrant)
	geoCodeWorld       = "WORLD" // the same (Azure)
	maxIdentifier      = 128     // octets of a setIdentifier; the limit of Route 53
)

var (
	errProperties = errors.New("is not a list of names and values")
	errIdentifier = errors.New("is not a setIdentifier: want a text of at most 128 octets")
)

// endpointSteering reads the values for filters of an endpoint, which override the annotations of its object. Only addresses and
// aliases are targets, so endpoints of other types with different setIdentifiers stay one RRset. An endpoint without such values has the
// Steering of its object.
func endpointSteering(b *object.Builder, own *record.Steering, ep *dnsEndpoint, name, rrtype string) *record.Steering {
	if len(ep.SetIdentifier)+len(ep.ProviderSpecific) == 0 {
		return own
	}
	st := *b.Annotations.Stated
	b.Skips.WithOwner(name, "", func() {
		id := endpointID(&b.Skips, ep.SetIdentifier)
		switch rrtype {
		case endpoint.RecordTypeA, endpoint.RecordTypeAAAA, endpoint.RecordTypeCNAME:
			st.ID = id
		}
		list := endpointProperties(&b.Skips, ep.ProviderSpecific)
		for _, key := range []string{route53Weight, propertyWeight} {
			if value, ok := list[key]; ok {
				st.Weight = object.ReadWeight(&b.Skips, value, st.Weight)
			}
		}
		geo := list[propertyGeo]
		if continent := list[route53Continent]; geo == "" && continent != "" {
			geo = "GEO-" + continent
		}
		if country := list[route53Country]; country != "" && list[propertyGeo] == "" {
			geo = country
			if subdivision := list[route53Subdivision]; subdivision != "" {
				geo += "-" + subdivision
			}
		}
		switch strings.ToUpper(geo) {
		case "", geoCodeEverybody, geoCodeWorld:
		default:
			st.Place = object.ReadPlace(&b.Skips, geo)
		}
	})
	return record.NewSteering(&st)
}

func endpointID(s *record.Skips, raw json.RawMessage) (id string) {
	if len(raw) == 0 {
		return ""
	}
	if err := json.Unmarshal(raw, &id); err != nil || len(id) > maxIdentifier {
		s.Skip("identifier", string(raw), errIdentifier)
		return ""
	}
	return id
}

// endpointProperties returns the properties of an endpoint that have a value.
func endpointProperties(s *record.Skips, raw json.RawMessage) map[string]string {
	if len(raw) == 0 {
		return nil
	}
	var list []struct{ Name, Value string }
	if err := json.Unmarshal(raw, &list); err != nil {
		s.Skip("properties", string(raw), errProperties)
		return nil
	}
	values := map[string]string{}
	for _, p := range list {
		if v := strings.TrimSpace(p.Value); v != "" {
			values[p.Name] = v
		}
	}
	return values
}
