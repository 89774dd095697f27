package gateway_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coredns/caddy"
	"github.com/miekg/dns"

	gateway "github.com/k8s-gateway/k8s_gateway/v2"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
)

// Every error names the property, what is wrong with it, and what to write.
func TestParseErrors(t *testing.T) {
	for _, tc := range []struct {
		stanza string
		want   []string
	}{
		{"resource Ingress", []string{`"resource"`, `did you mean "resources"?`}},
		{"upstream", []string{`"upstream"`, "resources", "apex", "kubeconfig", "fallthrough"}},

		{"resources", []string{"resources", "missing", "KIND"}},
		{"resources Ingres", []string{"resources", `"Ingres"`, `did you mean "Ingress"?`}},
		{"resources ingress", []string{"resources", `"ingress"`, "Ingress"}},
		{"resources Ingress Service Ingress", []string{"resources", "Ingress", "more than once"}},
		{"resources Ingress\nresources Service", []string{"resources", "more than once"}},

		{"ttl", []string{"ttl", "missing", "TTL"}},
		{"ttl 60 5 7", []string{"ttl", "unexpected argument", `"7"`, "TTL [NEGATIVE]"}},
		{"ttl sixty", []string{"ttl", `"sixty"`, "0 to 3600"}},
		{"ttl -1", []string{"ttl", `"-1"`, "0 to 3600"}},
		{"ttl 3601", []string{"ttl", `"3601"`, "0 to 3600"}},
		{"ttl 60 5s", []string{"ttl", `"5s"`, "0 to 3600"}},
		{"ttl 4294967297", []string{"ttl", `"4294967297"`, "0 to 3600"}},
		{"ttl 60\nttl 60", []string{"ttl", "more than once"}},

		{"apex", []string{"apex", "missing", "NAME [ADDRESS...]"}},
		{"apex .", []string{"apex", `"."`, "relative", "dns1.kube-system", "ends in a dot"}},
		{"apex *.ns1", []string{"apex", `"*.ns1"`, "relative"}},
		{"apex *", []string{"apex", `"*"`, "relative"}},
		{"apex ns_1", []string{"apex", `"ns_1"`, "relative"}},
		{"apex ns..1", []string{"apex", `"ns..1"`, "relative"}},
		{"apex 192.0.2.53", []string{"apex", `"192.0.2.53"`, "relative"}},
		{"apex ns1 192.0.2", []string{"apex", `"192.0.2"`, "IPv4 or IPv6"}},
		{"apex ns1 0.0.0.0", []string{"apex", `"0.0.0.0"`, "IPv4 or IPv6"}},
		{"apex ns1 fe80::1%eth0", []string{"apex", `"fe80::1%eth0"`, "IPv4 or IPv6"}},
		{"apex ns1 192.0.2.53 ns2", []string{"apex", `"ns2"`, "IPv4 or IPv6"}},
		{"apex ns1\napex ns2", []string{"apex", "more than once"}},
		{"secondary", []string{"secondary", "missing", "NAME [ADDRESS...]"}},
		{"secondary ns2 x", []string{"secondary", `"x"`, "IPv4 or IPv6"}},
		{"secondary dns1.kube-system", []string{"secondary", `"dns1.kube-system"`, "apex"}},
		{"secondary NS1\napex ns1", []string{"secondary", `"ns1"`, "apex"}},
		{"secondary ns1.example.com\napex ns1", []string{"secondary", `"ns1.example.com."`, "apex"}},
		{"secondary ns2\nsecondary ns3\nsecondary ns2", []string{"secondary", `"ns2"`, "secondary before"}},

		{"kubeconfig", []string{"kubeconfig", "missing", "FILE [CONTEXT]"}},
		{"kubeconfig file context more", []string{"kubeconfig", "unexpected argument", `"more"`, "FILE [CONTEXT]"}},

		{"ingressClasses", []string{"ingressClasses", "missing", "CLASS"}},
		{"ingressClasses a\ningressClasses b", []string{"ingressClasses", "more than once"}},
		{"gatewayClasses", []string{"gatewayClasses", "missing", "CLASS"}},
		{"serviceLabelSelectors", []string{"serviceLabelSelectors", "missing", "SELECTOR"}},
		{`serviceLabelSelectors "app in (web"`, []string{"serviceLabelSelectors", `"app in (web"`, "label selector"}},
		{`serviceLabelSelectors app=web a=b=c`, []string{"serviceLabelSelectors", `"a=b=c"`, "label selector"}},
		{"loadBalancerAddressPreference", []string{"loadBalancerAddressPreference", "missing", "ip|hostname"}},
		{"loadBalancerAddressPreference IP", []string{"loadBalancerAddressPreference", `"IP"`, "ip or hostname"}},
		{"loadBalancerAddressPreference ip hostname", []string{"loadBalancerAddressPreference", "unexpected argument", `"hostname"`}},
		{"nodeAddressType", []string{"nodeAddressType", "missing", "InternalIP"}},
		{"nodeAddressType Hostname", []string{"nodeAddressType", `"Hostname"`, "InternalIP", "ExternalIP"}},
		{"nodeAddressType InternalIP ExternalIP", []string{"nodeAddressType", "unexpected argument", `"ExternalIP"`}},

		{"startupTimeout", []string{"startupTimeout", "missing", "DURATION"}},
		{"startupTimeout 5", []string{"startupTimeout", `"5"`, "0s to 10m"}},
		{"startupTimeout -1s", []string{"startupTimeout", `"-1s"`, "0s to 10m"}},
		{"startupTimeout 1h", []string{"startupTimeout", `"1h"`, "0s to 10m"}},
		{"startupTimeout 5s 6s", []string{"startupTimeout", "unexpected argument", `"6s"`}},
		{"status", []string{"status", "missing", "[HOST]:PORT"}},
		{"status 8080", []string{"status", `"8080"`, "[HOST]:PORT"}},
		{"status :http", []string{"status", `"http"`}},
		{"status example.com:8080", []string{"status", `"example.com"`}},

		{"fallthrough a..b", []string{"fallthrough", `"a..b"`, "domain name"}},
		{"fallthrough ???", []string{"fallthrough", `"???"`, "character"}},
		{"fallthrough example.com a..b", []string{"fallthrough", `"a..b"`, "domain name"}},
		{"fallthrough\nfallthrough example.com", []string{"fallthrough", "more than once"}},

		{"k8s_gateway a..b", []string{"zone", `"a..b"`, "domain name"}},
		{"k8s_gateway example.com " + strings.Repeat("x", 64) + ".com", []string{"zone", "x.com", "domain name"}},
	} {
		stanza := tc.stanza
		if !strings.HasPrefix(stanza, "k8s_gateway") {
			stanza = "k8s_gateway example.com {\n" + stanza + "\n}"
		}
		_, err := gateway.Parse(caddy.NewTestController("dns", stanza))
		if err == nil {
			t.Errorf("%q: no error", tc.stanza)
			continue
		}
		for _, want := range append(tc.want, "Testfile:") { // and its position
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q: error %q does not say %q", tc.stanza, err, want)
			}
		}
	}
}

// parseErrors parses stanzas, `k8s_gateway example.com` where one is only the inside, and compares the errors.
func parseErrors(t *testing.T, errors map[string]string) {
	t.Helper()
	for stanza, want := range errors {
		whole := stanza
		if !strings.HasPrefix(stanza, "k8s_gateway") {
			whole = "k8s_gateway example.com {\n" + stanza + "\n}"
		}
		_, err := gateway.Parse(caddy.NewTestController("dns", whole))
		if err == nil {
			t.Errorf("%q: no error, want %s", stanza, want)
			continue
		}
		if _, got, _ := strings.Cut(err.Error(), " - Error during parsing: "); got != want {
			t.Errorf("%q: error\n%q, want\n%q", stanza, got, want)
		}
	}
}

// The error names an address that is given twice.
func TestParseRepeatedAddress(t *testing.T) {
	for _, args := range []string{"192.0.2.1 192.0.2.53 192.0.2.53", "192.0.2.1 ::ffff:192.0.2.53 192.0.2.53"} {
		_, err := gateway.Parse(caddy.NewTestController("dns", "k8s_gateway example.com {\napex ns1 "+args+"\n}"))
		if err == nil || !strings.Contains(err.Error(), "property apex") || !strings.Contains(err.Error(), "192.0.2.53") {
			t.Errorf("%s: %v", args, err)
		}
	}
}

// A2: a nameserver's name must fit into the zone, or no reply could be packed.
func TestParseLongNameserver(t *testing.T) {
	label := strings.Repeat("x", 63)
	_, err := gateway.Parse(caddy.NewTestController("dns", "k8s_gateway "+strings.Repeat(label+".", 3)+"com {\napex "+label+".ns1\n}"))
	if err == nil || !strings.Contains(err.Error(), "property apex") {
		t.Errorf("got %v, want an error", err)
	}
}

// The shortest stanza has the zones of its server block, Ingresses and Services, and no fallthrough.
func TestParseDefaults(t *testing.T) {
	c := caddy.NewTestController("dns", "k8s_gateway")
	c.ServerBlockKeys = []string{"example.com.:53", "example.org.:53"}
	gateways, err := gateway.Parse(c)
	if err != nil {
		t.Fatal(err)
	}
	f := (&fixture.Stanza{Gateway: gateways[0], T: t}).Chain()
	f.List("Ingress", "Service", "nameserver Service")
	f.Apply(fixture.AnIngress("ingress.example.com", "192.0.2.1"))
	f.Apply(fixture.AService("web", "", "192.0.2.2"))
	f.Ask(
		fixture.A("ingress.example.com.", "192.0.2.1"),
		fixture.A("web.default.example.org.", "192.0.2.2"),
		fixture.NXDomain("nowhere.example.com.", dns.TypeA),
		fixture.Next("www.example.net.", dns.TypeA),
	)
	if !f.Ready() {
		t.Error("waits for more than Ingresses and Services")
	}
}

// A stanza may have every property, with quoted arguments or not.
func TestParseEverything(t *testing.T) {
	_, err := gateway.Parse(caddy.NewTestController("dns", `k8s_gateway example.com Example.ORG. {
		resources Node DNSEndpoint GRPCRoute TLSRoute HTTPRoute Service Ingress
		ttl 3600 0
		apex a.b.c 192.0.2.53 2001:db8::53
		secondary "ns2"
		kubeconfig "/some/where/my config" context
		ingressClasses nginx traefik
		startupTimeout 1m30s
		status :0
		gatewayClasses public
		serviceLabelSelectors app=web "env in (prod, stage)"
		nodeAddressType ExternalIP
		loadBalancerAddressPreference hostname
		fallthrough example.org
	}`))
	if err != nil {
		t.Error(err)
	}
}

const kubeconfig = `
apiVersion: v1
kind: Config
clusters: [{name: one, cluster: {server: "https://192.0.2.1:6443"}}, {name: two, cluster: {server: "https://192.0.2.2:6443"}}]
contexts: [{name: one, context: {cluster: one}}, {name: two, context: {cluster: two}}]
current-context: one
`

func writeFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// R1: a valid kubeconfig is read without a request to the API server, which may be down.
func TestKubeconfig(t *testing.T) {
	for context, host := range map[string]string{"": "https://192.0.2.1:6443", "one": "https://192.0.2.1:6443", "two": "https://192.0.2.2:6443"} {
		c := &kube.Cluster{Kubeconfig: writeFile(t, kubeconfig), Context: context}
		if err := c.Connect(); err != nil {
			t.Error(err)
		} else if c.Conn.Load().Config.Host != host {
			t.Errorf("context %q: %s, want %s", context, c.Conn.Load().Config.Host, host)
		}
	}
}

// R1: a bad kubeconfig is a startup error, which says what was read and what is wrong with it.
func TestBadKubeconfig(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	for _, tc := range []struct {
		file, context string
		want          []string
	}{
		{missing, "", []string{missing, "no such file"}},
		{writeFile(t, "{"), "", []string{"config"}},
		{writeFile(t, "apiVersion: v1\nkind: Secret\n"), "", []string{"config"}},
		{writeFile(t, ""), "", []string{"config"}},
		{writeFile(t, kubeconfig), "three", []string{"config", `"three"`}},
		{writeFile(t, strings.Replace(kubeconfig, "cluster: one", "cluster: none", 1)), "", []string{"config"}},
		{writeFile(t, strings.Replace(kubeconfig, `"https://192.0.2.1:6443"`, `"https://192.0.2.1:6443", certificate-authority: /nowhere/ca.crt`, 1)), "", []string{"config", "/nowhere/ca.crt"}},
	} {
		err := (&kube.Cluster{Kubeconfig: tc.file, Context: tc.context}).Connect()
		if err == nil {
			t.Errorf("%s: no error", tc.file)
			continue
		}
		for _, want := range append(tc.want, "kubeconfig", tc.file) {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error %q does not say %q", err, want)
			}
		}
	}
}

// R1: setup fails as parsing and connecting do, and says which plugin it was.
func TestSetupErrors(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	for stanza, want := range map[string]string{
		"k8s_gateway example.com {\nttl x\n}":                                  "property ttl",
		"k8s_gateway example.com {\nkubeconfig " + t.TempDir() + "/missing\n}": "kubeconfig",
		"k8s_gateway example.com":                                              "not running in a cluster",
	} {
		err := gateway.Setup(caddy.NewTestController("dns", stanza))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plugin/k8s_gateway: ") {
			t.Errorf("%q: got %v", stanza, err)
		}
	}
}
