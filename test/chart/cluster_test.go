package chart

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// exposed has an object of each kind in the namespaces shop and other, and a Node.
var exposed = `
apiVersion: v1
kind: Node
metadata: {name: worker}
status: {addresses: [{type: Hostname, address: worker}, {type: InternalIP, address: 192.0.2.9}]}
---
` + strings.ReplaceAll(inNamespace, "$NS", "shop") + "---" + strings.ReplaceAll(inNamespace, "$NS", "other")

const inNamespace = `
apiVersion: v1
kind: Namespace
metadata: {name: $NS}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: $NS}
spec: {rules: [{host: ingress.$NS.example.com}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: $NS}
spec: {type: LoadBalancer, ports: [{port: 5432}]}
status: {loadBalancer: {ingress: [{ip: 192.0.2.2}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: $NS, annotations: {coredns.io/hostname: gateway.$NS.example.com}}
spec:
  gatewayClassName: test
  listeners:
  - {name: http, protocol: HTTP, port: 80, hostname: "*.example.com"}
  - {name: tls, protocol: TLS, port: 443, hostname: "*.example.com", tls: {mode: Passthrough}}
  - {name: selects, protocol: HTTP, port: 8080, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {a: b}}}}}
status: {addresses: [{value: 192.0.2.3}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: http, namespace: $NS}
spec: {parentRefs: [{name: gw}], hostnames: [http.$NS.example.com]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: tls, namespace: $NS}
spec: {parentRefs: [{name: gw}], hostnames: [tls.$NS.example.com], rules: [{backendRefs: [{name: b, port: 443}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: grpc, namespace: $NS}
spec: {parentRefs: [{name: gw}], hostnames: [grpc.$NS.example.com]}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: records, namespace: $NS}
spec: {endpoints: [{dnsName: endpoint.$NS.example.com, recordType: A, targets: [192.0.2.4]}]}
`

// answers are the names that exposed has, by kind, for a namespace.
var answers = map[string][2]string{
	"Ingress": {"ingress.$NS.example.com", "192.0.2.1"}, "Service": {"db.$NS.example.com", "192.0.2.2"},
	"Gateway": {"gateway.$NS.example.com", "192.0.2.3"}, "HTTPRoute": {"http.$NS.example.com", "192.0.2.3"},
	"TLSRoute": {"tls.$NS.example.com", "192.0.2.3"}, "GRPCRoute": {"grpc.$NS.example.com", "192.0.2.3"},
	"DNSEndpoint": {"endpoint.$NS.example.com", "192.0.2.4"}, "Node": {"worker.example.com", "192.0.2.9"},
}

// installs are values, the kinds that answer with them, and all that the ServiceAccount may list and watch: anywhere, in
// the namespace shop, and in that of the release.
var installs = map[string]struct {
	values                  string
	kinds                   string
	everywhere, shop, there string
}{
	"the defaults": {
		"", "Ingress Service",
		"ingresses.networking.k8s.io services endpointslices.discovery.k8s.io", "", "",
	},
	"routes": {
		"watchedResources: [HTTPRoute, TLSRoute]", "HTTPRoute TLSRoute",
		"httproutes.gateway.networking.k8s.io tlsroutes.gateway.networking.k8s.io gateways.gateway.networking.k8s.io listenersets.gateway.networking.k8s.io namespaces",
		"", "services/k8s-gateway",
	},
	"Gateways and Nodes": {
		"watchedResources: [Gateway, Node]", "Gateway Node",
		"gateways.gateway.networking.k8s.io nodes", "", "services/k8s-gateway",
	},
	"every kind, every option": {`
watchedResources: [HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute, Gateway, Ingress, Service, DNSEndpoint, Node]
secondaryService: {enabled: true}
statusPage: false
explain: true
loadBalancerAddressPreference: hostname
exclude: [www.example.com, "*.intra.example.com"]
dnsChallenge: {enabled: true, domain: acme.example.net}
fallthrough: {enabled: true}
zoneFiles:
  - filename: db.example
    fallthrough: {enabled: true}
    reload: 1m
    contents: |
      example.com. 60 IN SOA ns.example.com. host.example.com. 1 7200 3600 1209600 3600
      static.example.com. 60 IN A 192.0.2.99
serviceMonitor: {enabled: true, interval: 30s, labels: {release: prometheus}}
prometheusRule: {enabled: true}
dashboard: {enabled: true, annotations: {folder: DNS}}
networkPolicy: {enabled: true, from: [{ipBlock: {cidr: 192.0.2.0/24}}], metricsFrom: [{namespaceSelector: {}}], egress: [{ports: [{port: 5353, protocol: UDP}]}]}
hpa: {enabled: true}
podDisruptionBudget: {minAvailable: 1}
priorityClassName: system-cluster-critical
nodeSelector: {kubernetes.io/os: linux}
tolerations: [{operator: Exists}]
affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}}}
imagePullSecrets: [{name: pull}]
env: [{name: A, value: b}]
extraVolumes: [{name: tmp, emptyDir: {}}]
extraVolumeMounts: [{name: tmp, mountPath: /tmp}]
extraContainers: [{name: sidecar, image: sidecar}]
initContainers: [{name: before, image: before}]
podLabels: {a: b}
podAnnotations: {c: d}
customLabels: {e: f}
customAnnotations: {g: h}
extraManifests:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: extra, namespace: "{{ .Release.Namespace }}"}}
`, "Ingress Service Gateway HTTPRoute GRPCRoute TLSRoute DNSEndpoint Node",
		"ingresses.networking.k8s.io services endpointslices.discovery.k8s.io dnsendpoints.externaldns.k8s.io nodes namespaces " +
			"httproutes.gateway.networking.k8s.io grpcroutes.gateway.networking.k8s.io tlsroutes.gateway.networking.k8s.io tcproutes.gateway.networking.k8s.io " +
			"udproutes.gateway.networking.k8s.io gateways.gateway.networking.k8s.io listenersets.gateway.networking.k8s.io", "", "",
	},
	"Roles in one namespace": {
		"namespaces: [shop]\nwatchedResources: [Ingress, Service, HTTPRoute, DNSEndpoint]", "Ingress Service HTTPRoute DNSEndpoint",
		"", "ingresses.networking.k8s.io services endpointslices.discovery.k8s.io httproutes.gateway.networking.k8s.io gateways.gateway.networking.k8s.io " +
			"listenersets.gateway.networking.k8s.io dnsendpoints.externaldns.k8s.io", "services/k8s-gateway",
	},
	"server blocks of one's own": {`
domain: ""
servers:
  - port: $PORT
    plugins:
      - {name: errors}
      - {name: k8s_gateway, parameters: example.com, configBlock: "resources Ingress DNSEndpoint\napex k8s-gateway.$RELEASE"}
`, "Ingress DNSEndpoint", "ingresses.networking.k8s.io dnsendpoints.externaldns.k8s.io", "", "services/k8s-gateway"},
	"another cluster": {
		`{kubeconfigs: [{secret: east, context: second, location: "52.52,13.40"}], watchedResources: [Ingress], steer: [first]}`, "Ingress", "", "", "",
	},
	"health of backends": {
		"watchedResources: [Ingress, HTTPRoute]\nsteer: [healthy, subnet, first, weighted]\nnetworks: {lan: [192.0.2.0/24, 2001:db8::/32], loopback: 127.0.0.0/8}",
		"Ingress HTTPRoute",
		"ingresses.networking.k8s.io services endpointslices.discovery.k8s.io httproutes.gateway.networking.k8s.io gateways.gateway.networking.k8s.io " +
			"listenersets.gateway.networking.k8s.io namespaces", "", "",
	},
	"health of backends in one namespace": {
		"namespaces: [shop]\nwatchedResources: [Ingress]\nsteer: [healthy!]", "Ingress",
		"", "ingresses.networking.k8s.io services endpointslices.discovery.k8s.io", "services/k8s-gateway",
	},
	"an apex with its address, and no Service": {
		"{apex: ns1 192.0.2.53, service: {enabled: false}, kind: DaemonSet, hostNetwork: true, watchedResources: [Ingress]}",
		"Ingress", "ingresses.networking.k8s.io", "", "",
	},
}

var state = regexp.MustCompile(`coredns_k8s_gateway_kind_state\{.*kind="([^"]*)".*state="([^"]*)".*\} 1`)

// The chart is applied and CoreDNS runs as its ServiceAccount: every kind syncs, its names answer, and the ServiceAccount
// may do nothing else.
func TestInstalls(t *testing.T) {
	cluster := start(t)
	apply(t, cluster, exposed)
	number := 0
	for _, name := range slices.Sorted(maps.Keys(installs)) {
		test := installs[name]
		number++
		t.Run(name, func(t *testing.T) {
			p, namespace := freePorts(t), fmt.Sprintf("dns-%d", number)
			values := strings.NewReplacer("$PORT", fmt.Sprint(p[0]), "$RELEASE", namespace).Replace(test.values)
			merged := parse(t, p.values())
			merged["domain"] = "example.com"
			for key, value := range parse(t, values) {
				if inner, ok := merged[key].(map[string]any); ok {
					maps.Copy(inner, value.(map[string]any))
					continue
				}
				merged[key] = value
			}
			r := renderValues(t, namespace, merged)
			apply(t, cluster, "apiVersion: v1\nkind: Namespace\nmetadata: {name: "+namespace+"}\n---\n"+r.Manifest)
			var services []string
			for _, o := range objects(t, r.Manifest) {
				if o.Kind == "Service" && o.Spec["type"] == "LoadBalancer" {
					services = append(services, o.Metadata.Name)
					address(t, cluster, namespace, o.Metadata.Name, fmt.Sprintf("192.0.2.5%d", 2+len(services)))
				}
			}
			config := account(t, cluster, namespace, "k8s-gateway")
			apply(t, cluster, "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: nobody, namespace: "+namespace+"}\n")
			nobody := account(t, cluster, namespace, "nobody")
			for where, here := range map[string]string{"shop": test.shop, namespace: test.there, "other": ""} {
				want := listAndWatch(test.everywhere + " " + here)
				maps.Copy(want, permissions(t, nobody, where)) // what every ServiceAccount may
				if got := permissions(t, config, where); !maps.Equal(got, want) {
					t.Errorf("in %s one may %q, want %q", where, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
				}
			}

			files := configuration(t, r)
			credentials := kubeconfig(t, config)
			if strings.Contains(values, "east") {
				credentials = cluster.Kubeconfig() // what the Secret has is the other cluster's own affair
			}
			serve(t, files, credentials, p)

			for kind, answer := range answers {
				watched := slices.Contains(strings.Fields(test.kinds), kind)
				for _, ns := range []string{"shop", "other"} {
					want := answer[1]
					if !watched || ns == "other" && strings.Contains(values, "namespaces: [shop]") {
						want = "NXDOMAIN"
					}
					if strings.Contains(values, "fallthrough") && want == "NXDOMAIN" {
						continue
					}
					await(t, p, strings.ReplaceAll(answer[0], "$NS", ns), dns.TypeA, want)
				}
			}
			if strings.Contains(values, "zoneFiles") {
				await(t, p, "static.example.com", dns.TypeA, "192.0.2.99")
				await(t, p, "_acme-challenge.a.example.com", dns.TypeCNAME, "a.acme.example.net.")
				await(t, p, "_acme-challenge.example.com", dns.TypeCNAME, "acme.example.net.")
			}
			expectNameservers(t, p, namespace, services, values)

			metrics, err := get(t, p[3], "/metrics")
			if err != nil {
				t.Fatal(err)
			}
			states := state.FindAllStringSubmatch(metrics, -1)
			if len(states) < len(strings.Fields(test.kinds)) {
				t.Errorf("kinds in the metrics: %q", states)
			}
			for _, s := range states {
				if absent := s[1] == "TCPRoute" || s[1] == "UDPRoute"; s[2] != "synced" && !(absent && s[2] == "absent") {
					// The labels of Namespaces, which a Role cannot give.
					if s[1] == "Namespace" && s[2] == "forbidden" && strings.Contains(values, "namespaces: [shop]") {
						continue
					}
					t.Errorf("%s is %s", s[1], s[2])
				}
			}
			if _, err := get(t, p[1], "/health"); err != nil {
				t.Errorf("health: %v", err)
			}
		})
	}
}

// expectNameservers asks for the nameservers and their addresses.
func expectNameservers(t *testing.T, p ports, namespace string, services []string, values string) {
	t.Helper()
	if strings.Contains(values, "ns1 192.0.2.53") {
		await(t, p, "example.com", dns.TypeNS, "ns1.example.com.")
		await(t, p, "ns1.example.com", dns.TypeA, "192.0.2.53")
		return
	}
	var names []string
	for i, service := range services {
		name := fmt.Sprintf("%s.%s.example.com.", service, namespace)
		names = append(names, name)
		await(t, p, name, dns.TypeA, fmt.Sprintf("192.0.2.5%d", 3+i))
	}
	slices.Sort(names)
	await(t, p, "example.com", dns.TypeNS, strings.Join(names, " "))
}

func listAndWatch(resources string) map[string]bool {
	all := map[string]bool{}
	for _, resource := range strings.Fields(resources) {
		resource, name, _ := strings.Cut(resource, "/")
		for _, verb := range []string{"list ", "watch "} {
			all[strings.TrimSpace(verb+resource+" "+name)] = true
		}
	}
	return all
}

// A ServiceMonitor finds the Service, by its labels.
func TestServiceMonitorFindsItsService(t *testing.T) {
	r := render(t, "dns", "{domain: example.com, serviceMonitor: {enabled: true}}")
	var monitor *object
	for _, o := range objects(t, r.Manifest) {
		if o.Kind == "ServiceMonitor" {
			monitor = o
		}
	}
	selector := monitor.Spec["selector"].(map[string]any)["matchLabels"].(map[string]any)
	var found []string
	for _, o := range objects(t, r.Manifest) {
		if o.Kind != "Service" {
			continue
		}
		matches := true
		for key, value := range selector {
			matches = matches && o.Metadata.Labels[key] == value
		}
		if matches {
			found = append(found, o.Metadata.Name)
		}
	}
	if len(found) != 1 || found[0] != "k8s-gateway-metrics" {
		t.Errorf("the ServiceMonitor finds %q", found)
	}
}
