package chart

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// legacy are values for the chart of the earlier plugin, in the shapes in which people publish them, and what the
// Corefile says then.
var legacy = map[string]struct{ values, want, not string }{
	"the least": {
		"domain: example.com",
		".:1053 {|k8s_gateway example.com {|apex k8s-gateway.dns|resources Ingress Service", "",
	},
	"a home lab with Cilium's load balancer": {`
fullnameOverride: k8s-gateway
domain: example.com
ttl: 1
service:
  type: LoadBalancer
  port: 53
  annotations: {io.cilium/lb-ipam-ips: 192.0.2.82}
  externalTrafficPolicy: Cluster
watchedResources: [HTTPRoute, Service]
`, "ttl 1 5|resources HTTPRoute Service|k8s_gateway example.com {", "",
	},
	"all the plugins, written down": {`
domain: "example.com"
extraZonePlugins:
  - name: log
  - name: errors
  - name: health
    configBlock: |-
      lameduck 5s
  - name: ready
  - name: prometheus
    parameters: 0.0.0.0:9153
  - name: forward
    parameters: . /etc/resolv.conf
  - name: loop
  - name: reload
  - name: loadbalance
`, "log\n|lameduck 10s|ready :8181|prometheus :9153|forward . /etc/resolv.conf", "lameduck 5s|0.0.0.0:9153",
	},
	"two zones in a string": {
		"{domain: example.com example.org, filters: {ingressClasses: [nginx], gatewayClasses: [cilium]}}",
		"k8s_gateway example.com example.org {|ingressClasses nginx|gatewayClasses cilium", "",
	},
	"two nameservers and a challenge": {`
domain: example.com
apex: ns1.dns
secondary: ns2.dns
fallthrough: {enabled: true, zones: [sub.example.com]}
dnsChallenge: {enabled: true, domain: dns01.example.net}
`, `apex ns1.dns|secondary ns2.dns|fallthrough sub.example.com|template IN ANY example.com {|CNAME {{ index .Match 1 }}dns01.example.net."`, "",
	},
	"a zone file": {`
domain: example.com
fallthrough: {enabled: true}
zoneFiles:
  - filename: example.db
    domains: example.com
    fallthrough: {enabled: true, zones: [test.example.com]}
    reload: 1m
    contents: |
      example.com.   IN SOA sns.example.com. noc.example.com. 2015082541 7200 3600 1209600 3600
      example.com.   IN NS  a.example.net.
      static.example.com. IN A 192.0.2.102
extraZonePlugins: [{name: errors}]
`, "file /etc/coredns/example.db example.com {|reload 1m|fallthrough test.example.com", "forward",
	},
	"what the chart once had by default": {`
image: {registry: ghcr.io, repository: k8s-gateway/k8s_gateway, pullPolicy: IfNotPresent}
imagePullSecrets: []
domain: example.com
customLabels: {}
ttl: 300
resources: {}
watchedResources: [Ingress, Service]
filters: {ingressClasses: [], gatewayClasses: []}
secondary: ""
fallthrough: {enabled: false, zones: []}
apex: ""
dnsChallenge: {enabled: false, domain: dns01.clouddns.com}
serviceAccount: {create: true, name: "", annotations: {}}
service: {type: LoadBalancer, port: 53, annotations: {}, labels: {}, useTcp: false}
nodeSelector: {}
tolerations: []
topologySpreadConstraints: []
affinity: {}
replicaCount: 1
priorityClassName: ""
debug: {enabled: false}
secure: true
podSecurityContext: {}
securityContext: {}
zoneFiles: []
extraVolumes: []
extraVolumeMounts: []
`, "ttl 300 5", "debug",
	},
	"server blocks of one's own": {`
servers:
  - zones: [{zone: ., use_tcp: true}]
    port: 53
    plugins:
      - name: errors
      - name: health
        configBlock: |-
          lameduck 10s
      - name: ready
      - name: k8s_gateway
        parameters: example.com
        configBlock: |-
          apex dns
          ttl 30
          resources Service HTTPRoute
          fallthrough in-addr.arpa ip6.arpa
      - name: forward
        parameters: . /etc/resolv.conf
      - name: cache
        parameters: 30
rollingUpdate: {maxUnavailable: 1, maxSurge: 25%}
terminationGracePeriodSeconds: 30
livenessProbe: {enabled: true, initialDelaySeconds: 60, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 5, successThreshold: 1}
readinessProbe: {enabled: true, initialDelaySeconds: 30, failureThreshold: 1}
securityContext: {capabilities: {add: [NET_BIND_SERVICE], drop: [ALL]}}
extraConfig: {}
extraSecrets: []
env: []
initContainers: []
customAnnotations: {}
`, ".:1053 {|k8s_gateway example.com {|resources Service HTTPRoute|cache 30|health :8080", "",
	},
}

// Values of the earlier chart render, and the Corefile says what they meant.
func TestValuesOfTheEarlierChart(t *testing.T) {
	for name, test := range legacy {
		t.Run(name, func(t *testing.T) {
			corefile := configuration(t, render(t, "dns", test.values))["Corefile"]
			for _, want := range strings.Split(test.want, "|") {
				if !strings.Contains(corefile, want) {
					t.Errorf("no %q in:\n%s", want, corefile)
				}
			}
			for _, not := range strings.Split(test.not, "|") {
				if not != "" && strings.Contains(corefile, not) {
					t.Errorf("%q in:\n%s", not, corefile)
				}
			}
			for _, once := range []string{"health :", "ready :", "prometheus :"} {
				if n := strings.Count(corefile, once); n != 1 {
					t.Errorf("%d times %q in:\n%s", n, once, corefile)
				}
			}
		})
	}
}

// CoreDNS starts with what comes of them, becomes ready, and serves the cluster.
func TestValuesOfTheEarlierChartAreServed(t *testing.T) {
	cluster := start(t)
	apply(t, cluster, exposed)
	number := 0
	for name, test := range legacy {
		number++
		t.Run(name, func(t *testing.T) {
			p, namespace := freePorts(t), fmt.Sprintf("dns-%d", number)
			values := parse(t, strings.ReplaceAll(test.values, ":9153", fmt.Sprintf(":%d", p[3])))
			values["ports"] = parse(t, p.values())["ports"]
			r := renderValues(t, namespace, values)
			apply(t, cluster, "apiVersion: v1\nkind: Namespace\nmetadata: {name: "+namespace+"}\n---\n"+r.Manifest)
			files := configuration(t, r)
			config := account(t, cluster, namespace, "k8s-gateway")
			serve(t, files, kubeconfig(t, config), p)
			await(t, p, "db.shop.example.com", dns.TypeA, "192.0.2.2") // all of them watch Services
			if strings.Contains(test.values, "example.db") {
				await(t, p, "static.example.com", dns.TypeA, "192.0.2.102")
			}
		})
	}
}

// What cannot be meant, or is not there any more, is refused with what to use instead.
func TestRefusedValues(t *testing.T) {
	for values, want := range map[string]string{
		"{}": "domain is needed",
		"{domain: a.example, watchedResource: []}":                                                                             "'watchedResource' not allowed",
		"{domain: a.example, service: {useTCP: true}}":                                                                         "'useTCP' not allowed",
		"{domain: a.example, ttl: 86400}":                                                                                      "ttl",
		"{domain: a.example, watchedResources: [VirtualServer]}":                                                               "VirtualServer is not supported any more",
		"{domain: a.example, watchedResources: [Ingres]}":                                                                      "Ingres is not a kind: want some of Ingress, Service",
		"{domain: a.example, zoneFile: {filename: a, contents: b}}":                                                            "zoneFile is a list now: zoneFiles",
		"{domain: a.example, scheme: 'tls://'}":                                                                                "use servers",
		"{domain: a.example, secure: false}":                                                                                   "securityContext",
		"{domain: a.example, deployment: {name: x}}":                                                                           "fullnameOverride",
		"{domain: a.example, extraConfig: {import: {parameters: x}}}":                                                          "extraZonePlugins or servers",
		"{domain: a.example, extraSecrets: [{name: x}]}":                                                                       "use extraVolumes",
		"{domain: a.example, clusterRole: {nameOverride: x}}":                                                                  "rbac.create",
		"{domain: a.example, k8sAppLabelOverride: x}":                                                                          "podLabels",
		"{domain: a.example, isClusterService: true}":                                                                          "not for a cluster's own DNS",
		"{domain: a.example, prometheus: {monitor: {enabled: true}}}":                                                          "use serviceMonitor",
		"{domain: a.example, image: {pullSecrets: [x]}}":                                                                       "use imagePullSecrets",
		"{domain: a.example, image: {registry: quay.io, repository: oriedge/k8s_gateway}}":                                     "leave image out",
		"{domain: a.example, image: {registry: codeberg.org}}":                                                                 "leave image out",
		"{domain: a.example, image: {repository: codeberg.org/k8s-gateway/k8s_gateway}}":                                       "leave image out",
		"{domain: a.example, serviceType: ClusterIP}":                                                                          "use service.type",
		"{domain: a.example, service: {clusterIPs: [10.0.0.53]}}":                                                              "use service.clusterIP",
		"{domain: a.example, servers: [{plugins: [{name: k8s_gateway, configBlock: loadBalancerAddressPreference ip}]}]}":      "take it out",
		"{domain: a.example, loadBalancerAddressPreference: ip}":                                                               "take it out, an address goes before a hostname",
		"{domain: a.example, clientFiltering: true}":                                                                           "nothing takes its place",
		"{domain: a.example, servers: [{plugins: [], clientFiltering: true}]}":                                                 "nothing takes its place",
		"{domain: a.example, servers: [{plugins: [], loadBalancerAddressPreference: ip}]}":                                     "take it out",
		`{servers: [{plugins: [{name: k8s_gateway, configBlock: "ttl 5\n  clientFiltering true"}]}]}`:                          "nothing takes its place",
		"{domain: a.example, extraZonePlugins: [{name: k8s_gateway, parameters: b, configBlock: clientFilteringMode strict}]}": "nothing takes its place",
		`{domain: a.example, extraZonePlugins: [{name: prometheus, parameters: "0.0.0.0:58080"}]}`:                             "on port 9153, not on 58080: set ports.metrics",
		`{domain: a.example, ports: {metrics: 58080}, servers: [{plugins: [{name: prometheus, parameters: ":9153"}]}]}`:        "on port 58080, not on 9153",
		`{domain: a.example, extraZonePlugins: [{name: health, parameters: ":8081", configBlock: lameduck 5s}]}`:               "health: it is on port 8080, not on 8081: set ports.health",
		`{domain: a.example, servers: [{plugins: [{name: ready, parameters: "0.0.0.0:8182"}]}]}`:                               "ready: it is on port 8181, not on 8182: set ports.ready, and leave ready out",
		"{domain: a.example, extraZonePlugins: [{name: kubernetes, parameters: cluster.local}]}":                               "k8s_gateway has its place",
		`{domain: a.example, image: {tag: "1.6"}}`:                                                                             "1.6 has an earlier plugin",
		"{domain: a.example, image: {tag: v1.6.2_amd64}}":                                                                      "v1.6.2_amd64 has an earlier plugin",
		"{domain: a.example, image: {repository: ghcr.io/k8s-gateway/k8s_gateway}}":                                            "put that into image.registry",
		"{domain: a.example b.example, zoneFiles: [{filename: b.db, contents: x}]}":                                            "b.db: say with domains which of the zones",
		"{domain: a.example, gatewayClass: cilium}":                                                                            "use filters.gatewayClasses",
		"{domain: a.example, servers: [{hostPort: 53, plugins: [{name: forward}]}]}":                                           "use hostNetwork",
		"{domain: a.example, image: {tag: v0.4.0}}":                                                                            "has an earlier plugin",
		"{domain: a.example, image: {tag: 1.7.0}}":                                                                             "has an earlier plugin",
		"{domain: a.example, service: {name: x}}":                                                                              "fullnameOverride",
		"{domain: a.example, service: {enabled: false}}":                                                                       "apex needs a name and addresses",
		"{domain: a.example, apex: ns1.a.example.}":                                                                            "no dot at its end",
		"{domain: a.example, secondary: a.b, secondaryService: {enabled: true}}":                                               "give one of them",
		"{domain: a.example, lameduckSeconds: 30}":                                                                             "terminationGracePeriodSeconds must be more",
		"{domain: a.example, kind: DaemonSet, hpa: {enabled: true}}":                                                           "hpa is for a Deployment",
		"{servers: [{plugins: [{name: forward}]}]}":                                                                            "nothing serves a cluster",
	} {
		t.Run(values, func(t *testing.T) {
			if _, err := tryRender(t, "dns", values); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

// NOTES.txt prints the kinds, the records that delegate each zone, and the question to try.
func TestNotesHaveTheDelegation(t *testing.T) {
	for values, wants := range map[string][]string{
		`{domain: [example.com, example.org], apex: "ns1 192.0.2.53 2001:db8::53", secondary: ns2.dns, statusPage: true}`: {
			"Served: Ingress, Service; watchedResources adds kinds.",
			"dig @ADDRESS example.com SOA", "example.org. NS ns1.example.org.", "ns1.example.org. A 192.0.2.53", "ns1.example.com. AAAA 2001:db8::53",
			"example.com. NS ns2.dns.example.com.", "ns2.dns.example.com. A ADDRESS of ns2.dns",
			"kubectl --namespace dns port-forward deployment/k8s-gateway 8053",
		},
		"{domain: ., watchedResources: [HTTPRoute]}": {
			"Served: HTTPRoute; watchedResources adds kinds.", "dig @ADDRESS . SOA", ". NS k8s-gateway.dns.", "k8s-gateway.dns. A ADDRESS of k8s-gateway.dns",
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
			"Served: HTTPRoute, Ingress, Service; resources in the k8s_gateway of servers adds kinds.",
			"dig @ADDRESS example.org SOA", "dig @ADDRESS +tls -p 853 example.com SOA", "dig @ADDRESS -p 5353 example.net SOA",
			"example.com. NS ns1.example.com.", "ns1.example.org. A 192.0.2.53", "example.net. NS dns1.kube-system.example.net.",
		},
	} {
		notes := render(t, "dns", values).Info.Notes
		lines := strings.Split(notes, "\n")
		for _, want := range wants {
			if n := len(slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return strings.TrimSpace(line) != want })); n != 1 {
				t.Errorf("%d times %q in:\n%s", n, want, notes)
			}
		}
	}
}
