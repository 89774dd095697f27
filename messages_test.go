package gateway_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/coredns/caddy"

	gateway "github.com/k8s-gateway/k8s_gateway/v2"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

const (
	propertyList = "apex, clientFiltering, clientFilteringMode, exclude, explain, externalDNSAnnotations, fallthrough, gatewayClasses, gateways, ingressClasses, kubeconfig, labelSelector, loadBalancerAddressPreference, location, namespaces, network, nodeAddressType, resources, secondary, serviceLabelSelectors, startupTimeout, status, steer, ttl"
	kindList     = "Ingress, Service, HTTPRoute, TLSRoute, GRPCRoute, TCPRoute, UDPRoute, Gateway, DNSEndpoint, Node"
)

// The error for a likely mistake is one sentence that names the property, what is wrong with it and what to write.
func TestErrorMessages(t *testing.T) {
	parseErrors(t, map[string]string{
		// A misspelt word: the nearest one.
		"resource Ingress":                 `unknown property "resource": did you mean "resources"?`,
		"Resources Ingress":                `unknown property "Resources": did you mean "resources"?`,
		"ingressclass nginx":               `unknown property "ingressclass": did you mean "ingressClasses"?`,
		"kubeConfig /etc/kubeconfig":       `unknown property "kubeConfig": did you mean "kubeconfig"?`,
		"fallthru":                         `unknown property "fallthru": did you mean "fallthrough"?`,
		"domain example.com":               `unknown property "domain": want one of ` + propertyList,
		"resources Ingresses":              `property resources: unknown kind "Ingresses": did you mean "Ingress"?`,
		"resources httproute":              `property resources: unknown kind "httproute": did you mean "HTTPRoute"?`,
		"resources VirtualServer":          `property resources: unknown kind "VirtualServer": want some of ` + kindList,
		"externalDNSAnnotations hostnames": `property externalDNSAnnotations: unknown annotation "hostnames": did you mean "hostname"?`,

		// Another plugin inside the braces.
		"forward . 9.9.9.9": `"forward" is a plugin of CoreDNS, not a property of k8s_gateway: write it outside the braces`,
		"errors":            `"errors" is a plugin of CoreDNS, not a property of k8s_gateway: write it outside the braces`,
		"cache 30":          `"cache" is a plugin of CoreDNS, not a property of k8s_gateway: write it outside the braces`,

		// A property or a kind in place of a zone.
		"k8s_gateway resources Ingress {\n}": `"resources" is a property, not a zone: write it inside the braces, on a line of its own (or "resources." where it is a zone)`,
		"k8s_gateway example.com ttl 60":     `"ttl" is a property, not a zone: write it inside the braces, on a line of its own (or "ttl." where it is a zone)`,
		"k8s_gateway Ingress Service":        `"Ingress" is a kind, not a zone: write 'resources Ingress' inside the braces (or "Ingress." where it is a zone)`,

		// Empty or missing arguments.
		`serviceLabelSelectors ""`:      `property serviceLabelSelectors: an argument is empty: want 'serviceLabelSelectors SELECTOR...', or leave the property out`,
		`serviceLabelSelectors a=b " "`: `property serviceLabelSelectors: an argument is empty: want 'serviceLabelSelectors SELECTOR...', or leave the property out`,
		`labelSelector ""`:              `property labelSelector: an argument is empty: want 'labelSelector SELECTOR', or leave the property out`,
		`ingressClasses ""`:             `property ingressClasses: an argument is empty: want 'ingressClasses CLASS...', or leave the property out`,
		`gatewayClasses a ""`:           `property gatewayClasses: an argument is empty: want 'gatewayClasses CLASS...', or leave the property out`,
		`gateways ""`:                   `property gateways: an argument is empty: want 'gateways NAMESPACE/NAME...', or leave the property out`,
		`namespaces ""`:                 `property namespaces: an argument is empty: want 'namespaces NAMESPACE...', or leave the property out`,
		`kubeconfig ""`:                 `property kubeconfig: an argument is empty: want 'kubeconfig FILE [CONTEXT]', or leave the property out`,
		`kubeconfig /etc/kubeconfig ""`: `property kubeconfig: an argument is empty: want 'kubeconfig FILE [CONTEXT]', or leave the property out`,
		`fallthrough ""`:                `property fallthrough: an argument is empty: want 'fallthrough [ZONE...]', or leave the property out`,
		`resources ""`:                  `property resources: an argument is empty: want 'resources KIND...', or leave the property out`,
		`exclude ""`:                    `property exclude: an argument is empty: want 'exclude NAME...', or leave the property out`,
		`status ""`:                     `property status: an argument is empty: want 'status [HOST]:PORT', or leave the property out`,
		`externalDNSAnnotations ""`:     `property externalDNSAnnotations: an argument is empty: want 'externalDNSAnnotations KEY...', or leave the property out`,
		`k8s_gateway ""`:                `a zone is empty: want 'k8s_gateway [ZONES...]'`,

		// Text that a shell would have expanded or quoted.
		"kubeconfig ~/.kube/config":                        `property kubeconfig: "~/.kube/config" begins with ~, which a Corefile does not expand: write {$HOME}/.kube/config, or the whole path`,
		"kubeconfig $HOME/.kube/config":                    `property kubeconfig: "$HOME/.kube/config" begins with $HOME, which a Corefile does not expand: write {$HOME}/.kube/config, or the whole path`,
		"labelSelector app in (web, api)":                  `property labelSelector: a selector with spaces in it has to be quoted: want 'labelSelector "app in (web, api)"'`,
		"serviceLabelSelectors app in (web, api)":          `property serviceLabelSelectors: a selector with spaces in it has to be quoted: want 'serviceLabelSelectors "app in (web, api)"'`,
		"serviceLabelSelectors app = web":                  `property serviceLabelSelectors: a selector with spaces in it has to be quoted: want 'serviceLabelSelectors "app = web"'`,
		"serviceLabelSelectors tier=front app notin (web)": `property serviceLabelSelectors: a selector with spaces in it has to be quoted: want 'serviceLabelSelectors "app in (web, api)"'`,

		"labelSelector app=web tier=front": `property labelSelector: want one selector: write 'labelSelector app=web,tier=front' for objects that match all of these`,

		// Commas between values.
		"resources Ingress,Service":            `property resources: "Ingress,Service" has a comma: separate values with spaces: 'Ingress Service'`,
		"namespaces a, b":                      `property namespaces: "a," has a comma: separate values with spaces: 'a b'`,
		"k8s_gateway example.com, example.org": `"example.com," has a comma: separate values with spaces: 'example.com example.org'`,

		// Misplaced braces.
		"resources Ingress {\n}":      `property resources: "{" opens a block, and a property has none: remove it`,
		"explain {\n}":                `property explain: "{" opens a block, and a property has none: remove it`,
		"kubeconfig K }":              `property kubeconfig: "}" must be on a line of its own`,
		"k8s_gateway example.com }":   `"}" must be on a line of its own`,
		"k8s_gateway example.com{\n}": `"example.com{" ends in a brace: write a space before it`,

		// A repeated property.
		"apex ns1\napex ns2":                   `property apex is given more than once: write 'secondary NAME [ADDRESS...]' for another nameserver`,
		"resources Ingress\nresources Service": `property resources is given more than once: write all values on one line, as in 'resources KIND...'`,
		"explain\nexplain":                     `property explain is given more than once`,

		// Values that are nearly right.
		"status 8053":        `property status: address "8053" is not [HOST]:PORT: write ":8053"`,
		"namespaces Default": `property namespaces: "Default" is not a namespace: did you mean "default"?`,
		"namespaces a_b":     `property namespaces: "a_b" is not a namespace: want lower-case letters, digits and -, at most 63 of them, such as kube-system`,

		// Filters, and what they read.
		"steer subnet !":                `property steer: "!" is not a filter: write it at the end of a filter's name, without a space: 'subnet!'`,
		"steer healthy ! first":         `property steer: "!" is not a filter: write it at the end of a filter's name, without a space: 'healthy! first'`,
		"steer ! healthy":               `property steer: "!" is not a filter: write it at the end of a filter's name, without a space: 'subnet! healthy'`,
		"network lan 192.168.0.0":       `property network: "192.168.0.0" has no length: write "192.168.0.0/32" for this one address`,
		"network lan 10.0.0.0/8 fd7a::": `property network: "fd7a::" has no length: write "fd7a::/128" for this one address`,
		"network lan 192.168.0.1/16":    `property network: "192.168.0.1/16" has bits set behind its length: did you mean "192.168.0.0/16"?`,
		"steer geo\nkubeconfig /a berlin\nkubeconfig /b berlin\nlocation berlin GB":                                `property location: "berlin" is the context of several clusters: write one of "/a berlin", "/b berlin"`,
		"steer geo\nkubeconfig /a berlin\nkubeconfig /b berlin\nlocation \"/b berlim\" GB":                         `property location: unknown cluster "/b berlim": did you mean "/b berlin"?`,
		"steer geo\nlocation berlin DE\nkubeconfig /a berlin\nlocation \"/a berlin\" GB":                           `property location: "/a berlin" has a location already`,
		"steer geo\nkubeconfig /a\nkubeconfig /b berlin\nkubeconfig /b rome\nkubeconfig /c rome\nlocation York GB": `property location: unknown cluster "York": want one of /a, berlin, /b rome, /c rome`,
		"steer geo\nlocation berlin GB": `property location: unknown cluster "berlin": want one of in-cluster`,

		// fallthrough is not a switch.
		"fallthrough true": `property fallthrough: "true" is not a zone: want 'fallthrough' alone, for all zones of the stanza`,
		"fallthrough off":  `property fallthrough: "off" is not a zone: leave the property out, nothing falls through then`,
	})
}

// A Corefile that is probably not what its author meant is reported when CoreDNS starts. Any other is not.
func TestWarnings(t *testing.T) {
	const routes = "HTTPRoute or TLSRoute or GRPCRoute or TCPRoute or UDPRoute or Gateway"
	for _, tc := range []struct {
		keys     string
		stanzas  string
		warnings []string
	}{
		{"example.com.:53", "k8s_gateway", nil},
		{".:53", "k8s_gateway", []string{`Testfile:1: k8s_gateway names no zones in the server block for ".", so it answers NXDOMAIN for every name that no object has: write the zones after k8s_gateway, or 'fallthrough' inside the braces`}},
		{".:53", "k8s_gateway {\nfallthrough\n}", nil},
		{".:53", "k8s_gateway .", nil},
		{".:53", "k8s_gateway example.com", nil},
		{"Example.com.:53", "k8s_gateway sub.example.com", nil},
		{"example.com.:53", "k8s_gateway example.com example.org", []string{`Testfile:1: zone "example.org" lies outside the server block for example.com: CoreDNS never asks for it`}},
		{"sub.example.com.:53", "k8s_gateway example.com", []string{`Testfile:1: zone "example.com" is larger than the server block for sub.example.com: CoreDNS asks only for the names in the block, and not for the SOA and NS of the zone`}},
		{"192.0.2.0/24", "k8s_gateway 2.0.192.in-addr.arpa", nil},

		// A nameserver's name without its final dot.
		{"", "k8s_gateway example.com {\napex ns.example.net\n}", []string{`Testfile:1: property apex: "ns.example.net" is relative to the zone, so the nameserver is ns.example.net.example.com.: write 'apex ns.example.net.' if that is the whole name, or "ns.example.net.example.com" if not`}},
		{"", "k8s_gateway example.com {\nsecondary ns.example.net 192.0.2.1\n}", []string{`Testfile:1: property secondary: "ns.example.net" is relative to the zone, so the nameserver is ns.example.net.example.com.: write 'secondary ns.example.net.' if that is the whole name, or "ns.example.net.example.com" if not`}},
		{"", "k8s_gateway example.com {\napex ns.example.net.\nsecondary ns2.dns.example.com 192.0.2.1\nsecondary dns1.kube-system\n}", nil},
		{"", "k8s_gateway . {\napex ns.example.net\n}", nil},

		{"", "k8s_gateway example.com\nk8s_gateway example.com", []string{`Testfile:2: zone "example.com" is already in the stanza at Testfile:1, which has no 'fallthrough' for it: this one is never asked for it`}},
		{"", "k8s_gateway example.com {\nfallthrough\n}\nk8s_gateway example.com", nil},
		{"", "k8s_gateway example.com {\nfallthrough sub.example.com\n}\nk8s_gateway example.com", nil},
		{"", "k8s_gateway example.com example.org {\nfallthrough example.org\n}\nk8s_gateway example.com example.org", []string{`Testfile:4: zone "example.com" is already in the stanza at Testfile:1, which has no 'fallthrough' for it: this one is never asked for it`}},
		{"", "k8s_gateway example.com\nk8s_gateway sub.example.com", nil},

		{"", "k8s_gateway example.com {\nfallthrough example.org\n}", []string{`Testfile:1: property fallthrough: zone "example.org" has no name in common with the zones of the stanza (example.com), so nothing falls through for it: write a zone at, above or below one of them, or 'fallthrough' alone`}},
		{"", "k8s_gateway example.com {\nfallthrough com sub.example.com Example.com\n}", nil},

		{"", "k8s_gateway example.com {\nresources Service\ningressClasses nginx\n}", []string{`Testfile:1: property ingressClasses has no effect: add Ingress to 'resources Service'`}},
		{"", "k8s_gateway example.com {\ngatewayClasses a\ngateways a/b\nnodeAddressType InternalIP\n}", []string{
			`Testfile:1: property gatewayClasses has no effect: add ` + routes + ` to 'resources Ingress Service'`,
			`Testfile:1: property gateways has no effect: add ` + routes + ` to 'resources Ingress Service'`,
			`Testfile:1: property nodeAddressType has no effect: add Node to 'resources Ingress Service'`,
		}},
		{"", "k8s_gateway example.com {\nresources TLSRoute\nserviceLabelSelectors a=b\ngateways a/b\n}", []string{`Testfile:1: property serviceLabelSelectors has no effect: add Service to 'resources TLSRoute'`}},
		{"", "k8s_gateway example.com {\nresources Ingress Service Gateway Node\ningressClasses a\ngatewayClasses a\ngateways a/b\nserviceLabelSelectors a=b\nnodeAddressType ExternalIP\n}", nil},

		// T6: what weighted draws is one target, and nothing is left to decide.
		{"", "k8s_gateway example.com {\nsteer weighted healthy! first\n}", []string{`Testfile:1: property steer: "first" comes after 'weighted', which leaves it only one target: write 'weighted' last`}},
		{"", "k8s_gateway example.com {\nsteer healthy weighted\n}", nil},

		// T4: two contexts of one name, each by its whole name.
		{"", "k8s_gateway example.com {\nsteer geo\nkubeconfig /a berlin\nkubeconfig /b berlin\nlocation \"/b berlin\" GB\nlocation \"/a berlin\" DE\n}", nil},
	} {
		c := caddy.NewTestController("dns", tc.stanzas)
		c.ServerBlockKeys = strings.Fields(tc.keys)
		gateways, err := gateway.Parse(c)
		if err != nil {
			t.Errorf("%q: %v", tc.stanzas, err)
			continue
		}
		var got []string
		for _, g := range gateways {
			got = append(got, g.Warnings()...)
		}
		if !slices.Equal(got, tc.warnings) {
			t.Errorf("%s %q: warnings\n%s\nwant\n%s", tc.keys, tc.stanzas, strings.Join(got, "\n"), strings.Join(tc.warnings, "\n"))
		}
	}
}

// An error that is found at the end of a stanza names the line of the property.
func TestErrorLines(t *testing.T) {
	long := strings.Repeat("a.", 123) + "a"
	for stanza, want := range map[string]string{
		"ttl 5\napex " + long + "\nexplain\n":               "Testfile:3 - Error during parsing: property apex: ",
		"apex ns1\nsecondary ns2\nsecondary ns1\nexplain\n": "Testfile:4 - Error during parsing: property secondary: ",
		"ttl 5\nexclude www.example.org\nexplain\n":         "Testfile:3 - Error during parsing: property exclude: ",
	} {
		_, err := gateway.Parse(caddy.NewTestController("dns", "k8s_gateway example.com {\n"+stanza+"}"))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", stanza, err, want)
		}
	}
}

// A file that is no kubeconfig, and no credentials at all: the error says what to write, without the words of a Go library.
func TestKubeconfigMessages(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	for _, text := range []string{"just text\n", "[1, 2]\n", "apiVersion: v1\nkind: Secret\n", "{"} {
		file := writeFile(t, text)
		err := (&kube.Cluster{Kubeconfig: file}).Connect()
		if want := "kubeconfig " + wording.Quote(file) + " is not a kubeconfig: want a file that kubectl can use, with apiVersion: v1 and kind: Config"; err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	err := (&kube.Cluster{}).Connect()
	if want := "not running in a cluster, and no kubeconfig given: write 'kubeconfig FILE' inside the braces: "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// The error for an unknown context names those of the kubeconfig.
func TestContextMessages(t *testing.T) {
	file := writeFile(t, kubeconfig)
	without := writeFile(t, strings.Replace(kubeconfig, "current-context: one", "", 1))
	gone := writeFile(t, strings.Replace(kubeconfig, "current-context: one", "current-context: gone", 1))
	for _, tc := range []struct{ file, context, want string }{
		{file, "three", `has no context "three": want one of one, two`},
		{file, "towo", `has no context "towo": did you mean "two"? It has one, two`},
		{without, "", `has no current context: write one after the file: want one of one, two`},
		{gone, "", `has no context "gone", which is its current one: write one after the file: want one of one, two`},
	} {
		err := (&kube.Cluster{Kubeconfig: tc.file, Context: tc.context}).Connect()
		if want := "kubeconfig " + wording.Quote(tc.file) + " " + tc.want; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// The errors of properties that choose objects and clusters say what is wrong, and what to write.
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
		"kubeconfig /a\nkubeconfig /b x y": {"property kubeconfig", "unexpected argument", `"y"`},
		"explain yes":                      {"property explain", "unexpected argument", `"yes"`},
	} {
		_, err := gateway.Parse(caddy.NewTestController("dns", "k8s_gateway example.com {\n"+stanza+"\n}"))
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

// `kubeconfig` may be repeated: each file and context is a cluster.
func TestParseClusters(t *testing.T) {
	for stanza, want := range map[string][]string{
		"":                                 {" "},
		"kubeconfig /a":                    {"/a "},
		"kubeconfig /a x":                  {"/a x"},
		"kubeconfig /a\nkubeconfig /b":     {"/a ", "/b "},
		"kubeconfig /a x\nkubeconfig /a y": {"/a x", "/a y"},
		"kubeconfig /a\nkubeconfig /a x\nttl 5\nkubeconfig /b": {"/a ", "/a x", "/b "},
	} {
		gateways, err := gateway.Parse(caddy.NewTestController("dns", "k8s_gateway example.com {\n"+stanza+"\n}"))
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

// All properties may be used together, and each stanza has its own.
func TestParseFilters(t *testing.T) {
	gateways, err := gateway.Parse(caddy.NewTestController("dns", `k8s_gateway example.com {
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
