package gateway

import (
	"slices"
	"strings"
	"testing"

	"github.com/coredns/caddy"
)

// The properties that choose objects and clusters say what is wrong, and what would be right.
func TestParseFilterErrors(t *testing.T) {
	for stanza, want := range map[string][]string{
		"namespaces":                            {"property namespaces", "missing", "NAMESPACE..."},
		"namespaces Shop":                       {"property namespaces", `"Shop"`, "namespace"},
		"namespaces a/b":                        {"property namespaces", `"a/b"`},
		"namespaces shop *":                     {"property namespaces", `"*"`},
		"namespaces shop shop":                  {"property namespaces", `"shop"`, "more than once"},
		"namespaces a\nnamespaces b":            {"property namespaces", "more than once"},
		"namespaces " + strings.Repeat("x", 64): {"property namespaces"},
		`namespaces ""`:                         {"property namespaces", "an argument is empty"},

		"labelSelector":                        {"property labelSelector", "missing", "SELECTOR"},
		"labelSelector a=b c=d":                {"property labelSelector", "a=b,c=d"},
		`labelSelector "app in (web"`:          {"property labelSelector", `"app in (web"`, "label selector"},
		"labelSelector a=b=c":                  {"property labelSelector", `"a=b=c"`},
		"labelSelector a=b\nlabelSelector c=d": {"property labelSelector", "more than once"},

		"gateways":                   {"property gateways", "missing", "NAMESPACE/NAME"},
		"gateways edge":              {"property gateways", `"edge"`, "NAMESPACE/NAME"},
		"gateways infra/":            {"property gateways", `"infra/"`, "NAMESPACE/NAME"},
		"gateways /edge":             {"property gateways", `"/edge"`, "NAMESPACE/NAME"},
		"gateways a/b/c":             {"property gateways", `"a/b/c"`, "NAMESPACE/NAME"},
		"gateways a/b a/b":           {"property gateways", `"a/b"`, "more than once"},
		"gateways a/b\ngateways c/d": {"property gateways", "more than once"},

		"externalDNSAnnotations":                                    {"property externalDNSAnnotations", "missing", "KEY..."},
		"externalDNSAnnotations all":                                {"property externalDNSAnnotations", `"all"`, "hostname, target, ttl, controller"},
		"externalDNSAnnotations target TTL":                         {"property externalDNSAnnotations", `"TTL"`, "ttl"},
		"externalDNSAnnotations ttl ttl":                            {"property externalDNSAnnotations", `"ttl"`, "more than once"},
		"externalDNSAnnotations ttl\nexternalDNSAnnotations target": {"property externalDNSAnnotations", "more than once"},

		"gatewayClasses a a":            {"property gatewayClasses", `"a"`, "more than once"},
		"ingressClasses a a":            {"property ingressClasses", `"a"`, "more than once"},
		"serviceLabelSelectors a=b a=b": {"property serviceLabelSelectors", `"a=b"`, "more than once"},

		"kubeconfig /a\nkubeconfig /a":     {"property kubeconfig", "/a", "more than once"},
		"kubeconfig /a x\nkubeconfig /a x": {"property kubeconfig", "/a x", "more than once"},
		`kubeconfig ""`:                    {"property kubeconfig", "empty"},
		"kubeconfig":                       {"property kubeconfig", "missing", "FILE [CONTEXT]"},
		"kubeconfig /a\nkubeconfig /b x y": {"property kubeconfig", "surplus", `"y"`},
		"explain yes":                      {"property explain", "surplus", `"yes"`},
	} {
		_, err := Parse(caddy.NewTestController("dns", "k8s_gateway example.com {\n"+stanza+"\n}"))
		if err == nil {
			t.Errorf("%q: no error", stanza)
			continue
		}
		for _, w := range append(want, "Testfile:") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q: error %q does not say %q", stanza, err, w)
			}
		}
	}
}

// `kubeconfig` may stand more than once: each file and context is a cluster.
func TestParseClusters(t *testing.T) {
	for stanza, want := range map[string][]string{
		"":                                 {" "},
		"kubeconfig /a":                    {"/a "},
		"kubeconfig /a x":                  {"/a x"},
		"kubeconfig /a\nkubeconfig /b":     {"/a ", "/b "},
		"kubeconfig /a x\nkubeconfig /a y": {"/a x", "/a y"},
		"kubeconfig /a\nkubeconfig /a x\nttl 5\nkubeconfig /b": {"/a ", "/a x", "/b "},
	} {
		gateways, err := Parse(caddy.NewTestController("dns", "k8s_gateway example.com {\n"+stanza+"\n}"))
		if err != nil {
			t.Errorf("%q: %v", stanza, err)
			continue
		}
		var got []string
		for _, c := range gateways[0].Clusters {
			got = append(got, c.Kubeconfig+" "+c.Context)
			if len(c.Demanded()) != 3 { // Ingresses, Services and the nameserver's
				t.Errorf("%q: %d watches in a cluster", stanza, len(c.Demanded()))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: clusters %q, want %q", stanza, got, want)
		}
	}
}

// All of them may stand together, and each stanza has its own.
func TestParseFilters(t *testing.T) {
	gateways, err := Parse(caddy.NewTestController("dns", `k8s_gateway example.com {
		resources HTTPRoute TCPRoute UDPRoute Gateway
		namespaces shop blog-2
		labelSelector "app in (web, shop),tier!=test"
		gateways infra/edge shop/edge
		gatewayClasses public
		externalDNSAnnotations hostname target ttl controller
		kubeconfig /a
		kubeconfig /b ctx
	}
	k8s_gateway example.org {
		resources HTTPRoute
	}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range gateways[1].Clusters[0].Demanded() {
		if i.Resource.Labels != "" || i.Resource.Namespace != "" && i.Resource.Name == "" {
			t.Errorf("%s of the second stanza: %+v", i.Title, i.Resource)
		}
	}
	for _, c := range gateways[0].Clusters {
		for _, i := range c.Demanded() {
			if i.Title == "HTTPRoute" && (i.Resource.Labels != "app in (web, shop),tier!=test" || i.Resource.Namespace == "") {
				t.Errorf("%s of the first stanza: %+v", i.Title, i.Resource)
			}
		}
	}
}
