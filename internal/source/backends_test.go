package source

import (
	"maps"
	"slices"
	"strings"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"
)

// T2: the Services behind each host of an Ingress, and behind all other names.
func TestBackendsByHost(t *testing.T) {
	const web, api = "{http: {paths: [{backend: {service: {name: web}}}, {backend: {service: {name: other}}}]}", "http: {paths: [{backend: {service: {name: api}}}]}"
	for _, tc := range []struct{ spec, want string }{
		{"", "=?"},
		{"defaultBackend: {service: {name: fallback}}", "=fallback"},
		{"rules: [" + web + ", host: a}]", "=? a=web+other"},
		{"rules: [{host: a}, {host: b, http: {paths: []}}, {" + api + ", host: c}], defaultBackend: {service: {name: fallback}}", "=fallback a=fallback b=fallback c=api"},
		{"rules: [{host: a, " + api + "}, " + web + ", host: a}]", "=? a=api+web+other"},
		{"rules: [" + web + "}], defaultBackend: {service: {name: fallback}}", "=web+other"},
		{"rules: [{host: a, http: {paths: [{backend: {service: {name: web}}}, {backend: {resource: {kind: Bucket, name: b}}}]}}]", "=? a=?"},
		{"rules: [{host: a}]", "=? a=?"},
	} {
		var ing networkingv1.Ingress
		if err := yaml.UnmarshalStrict([]byte("spec: {"+tc.spec+"}"), &ing); err != nil {
			t.Fatalf("%s: %v", tc.spec, err)
		}
		hosts := backendsByHost(&ing)
		var got []string
		for _, host := range slices.Sorted(maps.Keys(hosts)) {
			var names []string
			for _, key := range hosts[host].list() {
				names = append(names, key.Name)
			}
			if names == nil {
				names = []string{"?"}
			}
			got = append(got, host+"="+strings.Join(names, "+"))
		}
		if got := strings.Join(got, " "); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.spec, got, tc.want)
		}
	}
}
