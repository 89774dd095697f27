package chart

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"helm.sh/helm/v3/pkg/action"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/kubectl/pkg/cmd"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
)

// NOTES.txt prints the kinds, the question to try, and the records that delegate each zone.
func TestNotesHaveTheDelegation(t *testing.T) {
	const fromService = "address=$(kubectl --namespace dns get service k8s-gateway --output jsonpath='{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}')"
	for values, wants := range map[string][]string{
		`{domain: [example.com, example.org], apex: "ns1 192.0.2.53 2001:db8::53", secondary: ns2.dns, statusPage: true}`: {
			"Served: Ingress, Service. watchedResources replaces this list. To add HTTPRoute:", "--set 'watchedResources={Ingress,Service,HTTPRoute}'",
			fromService, "dig +short @$address example.com NS", "example.org. NS ns1.example.org.", "ns1.example.org. A 192.0.2.53", "ns1.example.com. AAAA 2001:db8::53",
			"example.com. NS ns2.dns.example.com.", "dig +noall +additional @$address example.org NS",
			"kubectl --namespace dns port-forward deployment/k8s-gateway 8053",
		},
		"{domain: ., watchedResources: [HTTPRoute]}": {
			"--set 'watchedResources={HTTPRoute,Ingress}'", "dig +short @$address . NS", "k8s-gateway.dns.",
		},
		"{domain: example.com, apex: ns1.example.com, secondary: ns.example.net.}": {"ns1.example.com.", "example.com. NS ns1.example.com.", "ns.example.net."},
		"{domain: example.com, service: {externalIPs: [192.0.2.1]}}":               {"address=192.0.2.1"},
		"{domain: example.com, service: {type: ClusterIP}}": {
			"kubectl --namespace dns port-forward service/k8s-gateway 5353:53", "address=127.0.0.1", "dig +short +tcp -p 5353 @$address example.com NS",
		},
		"{domain: example.com, service: {type: NodePort}}": {
			"address=$(kubectl get nodes --output jsonpath='{.items[0].status.addresses[0].address}')",
			"dig +short -p $(kubectl --namespace dns get service k8s-gateway --output jsonpath='{.spec.ports[?(@.port==53)].nodePort}' | cut -d ' ' -f 1) @$address example.com NS",
		},
		"{domain: example.com, hostNetwork: true, apex: ns1 192.0.2.53, service: {enabled: false}}": {
			"address=$(kubectl --namespace dns get pods --selector app.kubernetes.io/instance=k8s-gateway --output jsonpath='{.items[0].status.hostIP}')",
		},
		"{domain: example.com, scheme: 'tls://', service: {port: 853}}": {"dig +short +tls -p 853 @$address example.com NS"},
		"{domain: example.com, steer: subnet}": {
			"subnet looks at the client's address. A node may replace it with its own, unless the Service has", "--set service.externalTrafficPolicy=Local.",
		},
		`{domain: example.com, steer: ["subnet!", geo], geoip: {volume: {emptyDir: {}}}, service: {type: NodePort}}`: {
			"subnet and geo look at the client's address. A node may replace it with its own, unless the Service has",
		},
		`
servers:
- zones: [{zone: example.com}, {zone: example.org}]
  plugins: [{name: k8s_gateway, configBlock: "apex ns1 192.0.2.53\nresources HTTPRoute Ingress"}]
- zones: [{zone: example.com, scheme: "tls://"}]
  port: 853
  plugins: [{name: k8s_gateway, configBlock: "apex ns1 192.0.2.53\nresources HTTPRoute Ingress"}]
- zones: [{scheme: "dns://"}]
  port: 5353
  plugins: [{name: k8s_gateway, parameters: example.net}]
`: {
			"Served: HTTPRoute, Ingress, Service. To change the kinds, use the property resources of k8s_gateway in servers.",
			"dig +short @$address example.org NS", "dig +short +tls -p 853 @$address example.com NS", "dig +short -p 5353 @$address example.net NS",
			"example.com. NS ns1.example.com.", "ns1.example.org. A 192.0.2.53", "example.net. NS dns1.kube-system.example.net.",
			"dig +noall +additional -p 5353 @$address example.net NS",
		},
	} {
		notes := render(t, "dns", values).Info.Notes
		if strings.Contains(notes, "ADDRESS") {
			t.Errorf("something to put in by hand:\n%s", notes)
		}
		lines := strings.Split(notes, "\n")
		for _, want := range wants {
			if n := len(slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return strings.TrimSpace(line) != want })); n != 1 {
				t.Errorf("%d times %q in:\n%s", n, want, notes)
			}
		}
	}
}

var (
	addressLine = regexp.MustCompile(`(?m)^ +address=(.*)$`)
	asked       = regexp.MustCompile(`(?m)^ +dig \+short @\$address (\S+) NS\n\n +(\S+)$`)
)

// What NOTES.txt prints is pasted: the address is found, and the answer is the one that it says.
func TestNotesCanBePasted(t *testing.T) {
	cluster := start(t)
	apply(t, cluster, exposed)
	helm := helmIn(t, cluster)
	p := freePorts(t)
	values := "domain: example.com\n" + strings.ReplaceAll(p.values(), fmt.Sprintf("{port: %d}", p[0]), "{port: 53}")
	install(t, helm, load(t), values)
	address(t, cluster, "dns", "k8s-gateway", "192.0.2.53")
	release, err := action.NewGet(helm).Run("k8s-gateway")
	if err != nil {
		t.Fatal(err)
	}
	notes := release.Info.Notes
	command := strings.TrimSuffix(strings.TrimPrefix(addressLine.FindStringSubmatch(notes)[1], "$("), ")")
	for _, args := range words(t, "kubectl", command) {
		out := output(t, append(args, "--kubeconfig", cluster.Kubeconfig())...)
		if out != "192.0.2.53" {
			t.Errorf("%s: %q", command, out)
		}
	}

	serve(t, configuration(t, release), kubeconfig(t, account(t, cluster, "dns", "k8s-gateway")), p)
	questions := asked.FindAllStringSubmatch(notes, -1)
	if len(questions) == 0 {
		t.Fatalf("no questions in:\n%s", notes)
	}
	for _, q := range questions {
		await(t, p, q[1], dns.TypeNS, q[2])
	}
	// The records for the zone above.
	reply, err := dig.Ask(t.Context(), "udp", fmt.Sprintf("127.0.0.1:%d", p[0]), "example.com", dns.TypeNS)
	if err != nil {
		t.Fatal(err)
	}
	if len(reply.Extra) == 0 || !strings.Contains(reply.Extra[0].String(), "192.0.2.53") {
		t.Errorf("no address beside NS:\n%s", reply)
	}

	// Once the address is known, it is printed.
	client := action.NewUpgrade(helm)
	client.Namespace = "dns"
	release, err = client.Run("k8s-gateway", load(t), parse(t, values))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(release.Info.Notes, "   address=192.0.2.53\n") {
		t.Errorf("no address in:\n%s", release.Info.Notes)
	}
}

// output runs kubectl, and returns what it prints.
func output(t *testing.T, args ...string) string {
	t.Helper()
	streams, _, out, said := genericiooptions.NewTestIOStreams()
	command := cmd.NewKubectlCommand(cmd.KubectlOptions{IOStreams: streams})
	command.SetArgs(args)
	if err := command.Execute(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return out.String()
}
