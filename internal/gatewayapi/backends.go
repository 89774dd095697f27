package gatewayapi

import (
	stdjson "encoding/json"
	"errors"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/json"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/store"
)

// The backends of a route are read only if the stanza has the filter healthy (T2), because rules are the largest part of a route.

// backedRouteObject is a route with its rules.
type backedRouteObject struct {
	object.CustomObject
	Spec struct {
		ParentRefs []gatewayv1.ParentReference `json:"parentRefs"`
		Hostnames  []string                    `json:"hostnames"`
		Rules      stdjson.RawMessage          `json:"rules"` // raw, so that a malformed rule does not prevent reading the rest of the route (N5)
	} `json:"spec"`
	Status routeStatus `json:"status"`
}

// routeRule has the fields of a rule that filters need.
type routeRule struct {
	BackendRefs []backendRef `json:"backendRefs"`
}

// backendRef has the fields of gatewayv1.BackendRef that filters need.
type backendRef struct {
	Group     *string `json:"group"`
	Kind      *string `json:"kind"`
	Namespace *string `json:"namespace"`
	Name      string  `json:"name"`
	Weight    *int32  `json:"weight"`
}

var errRules = errors.New("are no rules: want a list with backendRefs")

// backends returns the Services that the rules of a route refer to, or none if a backend is not a Service.
func backends(s *record.Skips, namespace string, rules stdjson.RawMessage) (list []store.Key) {
	if len(rules) == 0 {
		return nil
	}
	var read []routeRule
	if err := json.UnmarshalCaseSensitivePreserveInts(rules, &read); err != nil {
		s.Skip("backends", string(rules), errRules)
		return nil
	}
	for _, rule := range read {
		for _, ref := range rule.BackendRefs {
			group, kind, in := "", "Service", namespace
			setIfPresent(&group, ref.Group)
			setIfPresent(&kind, ref.Kind)
			setIfPresent(&in, ref.Namespace)
			switch {
			case ref.Weight != nil && *ref.Weight == 0: // it gets no traffic
			case group != "" || kind != "Service":
				return nil
			default:
				list = append(list, store.Key{Namespace: in, Name: ref.Name})
			}
		}
	}
	return list
}
