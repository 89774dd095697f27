package chart

import (
	"fmt"
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
	"plugins in a text, as in charts 1.0.9 to 1.1.12": {`
domain: example.com
watchedResources: [Ingress, Service]
extraZonePlugins: |
  log
  errors
  # Serves a /health endpoint on :8080, required for livenessProbe
  health {
      lameduck 5s
  }
  ready
  prometheus 0.0.0.0:9153
  forward . /etc/resolv.conf
  loop
  reload
  loadbalance
`, "log\n|lameduck 10s|forward . /etc/resolv.conf\n|loadbalance", "lameduck 5s|0.0.0.0:9153|endpoint",
	},
	"whole names of nameservers, and several": {
		"{domain: example.com, apex: ns1.example.com 192.0.2.53, secondary: [ns2 192.0.2.54, ns.example.net.]}",
		"apex ns1.example.com 192.0.2.53\n|secondary ns2 192.0.2.54\n|secondary ns.example.net.\n", "",
	},
	"filters in texts, a cluster IP and requests of memory": {`
domain: example.com
filters: {ingressClasses: nginx, gatewayClasses: cilium}
service: {type: LoadBalancer, clusterIP: 10.96.77.53}
resources: {requests: {memory: 512Mi}}
serviceType: LoadBalancer
prometheus: {monitor: {enabled: false}}
`, "ingressClasses nginx\n|gatewayClasses cilium\n", "",
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
			if strings.Contains(test.values, "ns.example.net") {       // A1
				await(t, p, "example.com", dns.TypeNS, "ns.example.net. ns1.example.com. ns2.example.com.")
			}
			if strings.Contains(test.values, "example.db") {
				await(t, p, "static.example.com", dns.TypeA, "192.0.2.102")
			}
		})
	}
}
