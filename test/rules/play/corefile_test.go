package play

import (
	"strings"
	"testing"
)

// What is added to a Corefile: where to listen, the plugin at the end of each block, and where the clusters are.
func TestCorefile(t *testing.T) {
	for _, tc := range []struct{ in, has string }{
		{"example.com {\n    k8s_gateway\n}\n", "k8s_gateway {\n kubeconfig main\n }\n}"},
		{"example.com {\n    k8s_gateway {\n        ttl 5\n    }\n}\n", "k8s_gateway {\n kubeconfig main\n ttl 5\n }\n}"},
		{"example.com {\n    k8s_gateway {\n        kubeconfig boston\n    }\n}\n", "k8s_gateway {\n kubeconfig boston-file\n }\n}"},
		{"example.com {\n    k8s_gateway\n}\n", "example.com {\n bind 127.0.0.1\n errors\n next_plugin\n"},
		{"example.com {\n    k8s_gateway\n}\n", "}\n. {\n bind 127.0.0.1\n errors\n outside\n}"},
		{". {\n    k8s_gateway\n}\n", ". {\n bind 127.0.0.1\n errors\n next_plugin\n outside\n k8s_gateway"},
	} {
		out := corefile(tc.in, true, func(name string) string {
			if name == "" {
				return "main"
			}
			return name + "-file"
		})
		squashed := func(text string) string { return strings.Join(strings.Fields(text), " ") }
		if got := squashed(out); !strings.Contains(got, squashed(tc.has)) {
			t.Errorf("%q becomes\n%s\nwithout\n%s", tc.in, out, tc.has)
		}
	}
}
