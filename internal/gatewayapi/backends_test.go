package gatewayapi

import (
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/record"
)

// T2: the Services that the rules of a route refer to. A route with another kind of backend has none.
func TestBackends(t *testing.T) {
	for _, tc := range []struct{ rules, want string }{
		{"", ""},
		{"[]", ""},
		{"[{backendRefs: []}, {filters: [{type: RequestRedirect}]}]", ""},
		{"[{backendRefs: [{name: web, port: 80}, {name: api, kind: Service, group: '', namespace: other}]}, {backendRefs: [{name: last}]}]", "default/web other/api default/last"},
		{"[{backendRefs: [{name: web, weight: 0}, {name: api, weight: 1}]}]", "default/api"},
		{"[{backendRefs: [{name: web, weight: 0}]}]", ""},
		{"[{backendRefs: [{name: web}, {name: far, kind: ServiceImport, group: multicluster.x-k8s.io}]}]", ""},
		{"[{backendRefs: [{name: web}, {name: far, kind: ServiceImport, group: multicluster.x-k8s.io, weight: 0}]}]", "default/web"},
		{"[{backendRefs: 1}]", "skipped"},
		{"text", "skipped"},
	} {
		rules, err := yaml.YAMLToJSON([]byte(tc.rules))
		if err != nil {
			t.Fatal(err)
		}
		if tc.rules == "" {
			rules = nil
		}
		var skipped record.Skips
		var got []string
		for _, key := range backends(&skipped, "default", rules) {
			got = append(got, key.String())
		}
		if skipped.AnySkipped() {
			got = append(got, "skipped")
		}
		if got := strings.Join(got, " "); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.rules, got, tc.want)
		}
	}
}
