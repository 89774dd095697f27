package chart

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/action"
	"sigs.k8s.io/yaml"
)

// A value that cannot be meant, or that is gone, is refused with what to use instead.
func TestRefusedValues(t *testing.T) {
	for values, want := range map[string]string{
		"{}": "domain is needed",
		"{domain: a.example, watchedResource: []}":                                         "watchedResource: there is no such value; did you mean watchedResources?",
		"{domain: a.example, service: {useTCP: true}}":                                     "service.useTCP: there is no such value; did you mean service.useTcp?",
		"{domain: a.example, useTcp: true}":                                                "useTcp: there is no such value; did you mean service.useTcp?",
		"{domain: a.example, replicas: 3}":                                                 "replicas: there is no such value; did you mean replicaCount?",
		"{domain: a.example, somethingElse: 1}":                                            "somethingElse: there is no such value, in no version of the chart",
		"{domain: a.example, servers: [{plugins: [{nam: x}]}]}":                            "servers[0].plugins[0].nam: there is no such value; did you mean servers[0].plugins[0].name?",
		"{domain: a.example, service: {type: Loadbalancer}}":                               "service.type: Loadbalancer is none of LoadBalancer, NodePort, ClusterIP; did you mean LoadBalancer?",
		"{domain: a.example, watchedResources: [DNSEndpoints]}":                            "DNSEndpoints is not a kind (did you mean DNSEndpoint?): want some of Ingress",
		"{domain: a.example, ttl: 86400}":                                                  "ttl: 86400 is more than 3600",
		"{domain: a.example, ttl: an hour}":                                                `ttl: "an hour" is not a whole number`,
		"{domain: a.example, ttl: null}":                                                   "ttl: null removes the default of the chart",
		"{domain: a.example, service: null}":                                               "service: null removes the default of the chart",
		"{domain: a.example, customLabels: {a: 1}}":                                        "customLabels.a: 1 is not a text: put it in quotes",
		"{domain: a.example, explain: 'true'}":                                             `explain: "true" is not true or false, without quotes`,
		"{domain: '*.example.com'}":                                                        "domain: *.example.com is not a zone: use example.com, which has all names below it",
		"{domain: 'https://example.com'}":                                                  "domain: https://example.com is not the name of a zone",
		"{domain: a.example, apex: '*.a.example'}":                                         "apex: *.a.example is not the name of a nameserver",
		"{domain: a.example, apex: ns1 ns2}":                                               "apex: ns2 is not an address",
		"{domain: a.example, secondary: [ns2 192.0.2.54, ns3 x]}":                          "secondary: x is not an address",
		"{domain: a.example, scheme: tls}":                                                 "scheme: tls is none of dns://, tls://",
		"{domain: a.example, loadBalancerAddressPreference: name}":                         "loadBalancerAddressPreference: name is none of ip, hostname",
		"{domain: a.example, servers: [{plugins: [], loadBalancerAddressPreference: ip}]}": "servers[0].loadBalancerAddressPreference belongs into the configBlock of k8s_gateway",
		"{domain: a.example, image: {registry: codeberg.org}}":                             "image.registry: codeberg.org only has images of the earlier plugin, which cannot read this Corefile: remove image from the values",
		"{domain: a.example, image: {repository: codeberg.org/k8s-gateway/k8s_gateway}}":   "image.repository: codeberg.org/k8s-gateway/k8s_gateway has images of the earlier plugin",
		`{domain: a.example, extraZonePlugins: [{name: health, parameters: ":8081"}]}`:     "extraZonePlugins[0]: the chart writes the plugin health itself, on port 8080 and not on 8081: set ports.health",
		`{domain: a.example, servers: [{port: 54, plugins: [{name: errors}, {name: ready, parameters: "0.0.0.0:8182"}]}]}`: "servers[0].plugins[1]: the chart writes the plugin ready itself, on port 8181 and not on 8182: set ports.ready, and remove ready",
		"{domain: a.example, servers: [{zones: [{zone: .}], port: 53, plugins: []}]}":                                      "servers[0]: dns://.:1053 is already the server block of domain",
		"{servers: [{plugins: [{name: k8s_gateway}]}, {port: 53, plugins: []}]}":                                           "servers[1]: dns://.:1053 is already in servers[0]",
		"{domain: a.example, resources: {requests: {memory: 1Gi}, limits: {memory: 512Mi}}}":                               "resources: the request of 1Gi memory is more than the limit of 512Mi",
		"{domain: a.example, deployment: {dnsPolicy: None}}":                                                               "deployment.dnsPolicy is gone: use dnsPolicy",
		"{domain: a.example, prometheus: {service: {enabled: true}}}":                                                      "prometheus.service is gone: metrics are always served",
		"{domain: a.example, watchedResources: [VirtualServer]}":                                                           "VirtualServer is not supported any more",
		"{domain: a.example, watchedResources: [Ingres]}":                                                                  "Ingres is not a kind (did you mean Ingress?): want some of Ingress, Service",
		"{domain: a.example, zoneFile: {filename: a, contents: b}}":                                                        "zoneFile is a list now: zoneFiles",
		"{domain: a.example, secure: false}":                                                                               "securityContext",
		"{domain: a.example, deployment: {name: x}}":                                                                       "fullnameOverride",
		"{domain: a.example, extraConfig: {import: {parameters: x}}}":                                                      "extraZonePlugins or servers",
		"{domain: a.example, extraSecrets: [{name: x}]}":                                                                   "use extraVolumes",
		"{domain: a.example, clusterRole: {nameOverride: x}}":                                                              "rbac.create",
		"{domain: a.example, k8sAppLabelOverride: x}":                                                                      "podLabels",
		"{domain: a.example, isClusterService: true}":                                                                      "not for a cluster's own DNS",
		"{domain: a.example, prometheus: {monitor: {enabled: true}}}":                                                      "use serviceMonitor",
		"{domain: a.example, image: {pullSecrets: [x]}}":                                                                   "use imagePullSecrets",
		"{domain: a.example, image: {registry: quay.io, repository: oriedge/k8s_gateway}}":                                 "remove image from the values",
		"{domain: a.example, serviceType: ClusterIP}":                                                                      "use service.type",
		"{domain: a.example, service: {clusterIPs: [10.0.0.53]}}":                                                          "use service.clusterIP",
		"{domain: a.example, clientFiltering: true, steer: [healthy]}":                                                     "clientFiltering: add subnet to steer, and remove clientFiltering",
		"{domain: a.example, clientFiltering: true, clientFilteringMode: strict, steer: [first]}":                          "clientFiltering: add subnet! to steer",
		"{domain: a.example, servers: [{plugins: [], clientFiltering: true}]}":                                             "belongs in the configBlock of k8s_gateway, as steer subnet",
		"{domain: a.example, steer: healty first}":                                                                         "steer: healty is not a filter (did you mean healthy?): want some of healthy, subnet, geo, first, weighted",
		"{domain: a.example, steer: [subnet, 'subnet!']}":                                                                  "steer: subnet is given more than once",
		"{domain: a.example, steer: [geo]}":                                                                                "steer: geo needs a database of locations: set geoip.volume",
		"{domain: a.example, networks: {lan: [10.0.0.0/8, tailnet]}}":                                                      `networks.lan[1]: "tailnet" is not a network, such as 192.0.2.0/24, or 192.0.2.7/32 for one address`,
		"{domain: a.example, networks: {lan: [10.0.0.0/8, 192.0.2.7]}}":                                                    `networks.lan[1]: "192.0.2.7" is not a network, such as 192.0.2.0/24, or 192.0.2.7/32 for one address`,
		"{domain: a.example, kubeconfigs: [{secret: a, location: Germany}]}":                                               `kubeconfigs[0].location: "Germany" is not a location`,
		"{domain: a.example, geoip: {volume: {emptyDir: {}}}, extraZonePlugins: [{name: geoip, parameters: /a.mmdb}]}":     "geoip.volume: geoip is in extraZonePlugins already",
		"{domain: a.example, kubeconfigs: [{secret: a, context: default, location: DE}, {secret: b, context: default}]}":   "kubeconfigs: a and b both have the context default",
		`{domain: a.example, extraZonePlugins: [{name: prometheus, parameters: "0.0.0.0:58080"}]}`:                         "the plugin prometheus itself, on port 9153 and not on 58080: set ports.metrics",
		`{domain: a.example, ports: {metrics: 58080}, servers: [{plugins: [{name: prometheus, parameters: ":9153"}]}]}`:    "on port 58080 and not on 9153",
		"{domain: a.example, extraZonePlugins: [{name: kubernetes, parameters: cluster.local}]}":                           "k8s_gateway replaces it",
		`{domain: a.example, image: {tag: "1.6"}}`:                                                                         "1.6 is an image of the earlier plugin",
		"{domain: a.example, image: {tag: v1.6.2_amd64}}":                                                                  "v1.6.2_amd64 is an image of the earlier plugin",
		"{domain: a.example, image: {repository: ghcr.io/k8s-gateway/k8s_gateway}}":                                        "move the registry to image.registry",
		"{domain: a.example b.example, zoneFiles: [{filename: b.db, contents: x}]}":                                        "b.db: set domains to the zones of this file",
		"{domain: a.example, gatewayClass: cilium}":                                                                        "use filters.gatewayClasses",
		"{domain: a.example, servers: [{hostPort: 53, plugins: [{name: forward}]}]}":                                       "use hostNetwork",
		"{domain: a.example, image: {tag: v0.4.0}}":                                                                        "is an image of the earlier plugin",
		"{domain: a.example, image: {tag: 1.7.0}}":                                                                         "is an image of the earlier plugin",
		"{domain: a.example, service: {name: x}}":                                                                          "fullnameOverride",
		"{domain: a.example, service: {enabled: false}}":                                                                   "apex needs a name and addresses",
		"{domain: a.example, lameduckSeconds: 30}":                                                                         "terminationGracePeriodSeconds must be more",
		"{domain: a.example, kind: DaemonSet, hpa: {enabled: true}}":                                                       "hpa works only with kind: Deployment",
		"{servers: [{plugins: [{name: forward}]}]}":                                                                        "no plugin k8s_gateway would serve a cluster",
	} {
		t.Run(values, func(t *testing.T) {
			if _, err := tryRender(t, "dns", values); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

// All that is wrong with a file is said at once, whether the schema knows it or the chart.
func TestProblemsAreSaidAtOnce(t *testing.T) {
	_, err := tryRender(t, "dns", `
domain: "*.example.com"
watchedResource: [Ingress]
watchedResources: [Ingres, VirtualServer]
ttl: 86400
filters: {ingressClass: nginx}
serviceType: NodePort
prometheus: {monitor: {enabled: true}}
service: {useTCP: true, type: Loadbalancer}
image: {registry: codeberg.org, pullSecrets: [{name: a}]}
servers: [{port: 5353, hostPort: 53, plugins: [{name: kubernetes}, {nam: log}]}]
`)
	problems := strings.Count(fmt.Sprint(err), "\n- ")
	if problems != 16 || !strings.Contains(err.Error(), "there are 16 problems with the values") {
		t.Errorf("%d problems in: %v", problems, err)
	}
}

// Blocks of the newest public chart that hold what they held by default, and values that say nothing, pass.
func TestDefaultsOfTheNewestPublicChartPass(t *testing.T) {
	values := parse(t, `
domain: home.example
image: {registry: ghcr.io, repository: k8s-gateway/k8s_gateway, tag: "", pullPolicy: IfNotPresent, pullSecrets: []}
replicaCount: 1
rbac: {create: true}
resources: {limits: {cpu: 100m, memory: 128Mi}, requests: {cpu: 100m, memory: 128Mi}}
rollingUpdate: {maxUnavailable: 1, maxSurge: 25%}
serviceType: LoadBalancer
service: {name: "", annotations: {}, labels: {}, selector: {}}
clusterRole: {nameOverride: ""}
prometheus:
  service: {enabled: false, annotations: {prometheus.io/scrape: "true", prometheus.io/port: "9153"}, selector: {}}
  monitor: {enabled: false, additionalLabels: {}, namespace: "", interval: "", selector: {}}
extraConfig: {}
extraSecrets: []
podDisruptionBudget: {}
deployment: {skipConfig: false, enabled: true, name: "", annotations: {}, selector: {}, dnsPolicy: Default, dnsConfig: {}}
hpa: {enabled: false, minReplicas: 1, maxReplicas: 2, metrics: []}
isClusterService: false
secure: true
`)
	var servers []any
	if err := yaml.Unmarshal([]byte(read(t, dir+"/files/earlier-servers.yaml")), &servers); err != nil {
		t.Fatal(err)
	}
	values["servers"] = servers
	corefile := configuration(t, renderValues(t, "dns", values))["Corefile"]
	if strings.Contains(corefile, "example.com") || !strings.Contains(corefile, "k8s_gateway home.example {") {
		t.Errorf("the Corefile is\n%s", corefile)
	}
	// Without a zone of one's own, it is the one that is served.
	delete(values, "domain")
	if corefile := configuration(t, renderValues(t, "dns", values))["Corefile"]; !strings.Contains(corefile, "k8s_gateway example.com {") {
		t.Errorf("the Corefile is\n%s", corefile)
	}
}

// Whatever stands for a value, the answer is objects or a list of problems, and never an error of a template.
func TestNoValueBreaksTheTemplates(t *testing.T) {
	names := map[string]bool{}
	describe(names, "", strictSchema(t))
	for name := range maps.Clone(names) {
		outer, _, _ := strings.Cut(name, ".")
		names[outer] = true
	}
	chart := load(t)
	delete(names, "extraManifests") // a text there is a template of the user's own
	for _, name := range slices.Sorted(maps.Keys(names)) {
		for _, value := range []any{"text", 7, []any{7}, nil} {
			values := map[string]any{"domain": "example.com"}
			if outer, inner, ok := strings.Cut(name, "."); ok {
				values[outer] = map[string]any{inner: value}
			} else {
				values[name] = value
			}
			client := action.NewInstall(&action.Configuration{})
			client.ReleaseName, client.Namespace, client.DryRun, client.ClientOnly = "k8s-gateway", "dns", true, true
			_, err := client.Run(chart, values)
			if err != nil && !strings.Contains(err.Error(), "with the values:\n") {
				t.Errorf("%s: %#v: %v", name, value, err)
			}
		}
	}
}
