package soak

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
	"github.com/k8s-gateway/k8s_gateway/v2/test/soak/model"
)

// Beacons are objects, one of each kind that is watched, which show in DNS how far CoreDNS is: once they have their
// latest address there, it knows everything that was written before them.

// forAll has filters keep the beacons for all clients.
const forAll = `coredns.io/clients: "0.0.0.0/0, ::/0"`

// beacons are the manifests of one version: $IP is an address, $PARITY is even or odd, $ALL is forAll. The backend of routes counts as ready.
const beacons = `
apiVersion: v1
kind: Namespace
metadata: {name: soak-infra, labels: {parity: $PARITY, group: none}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: beacon, namespace: soak-infra, labels: {team: core}, annotations: {$ALL}}
spec: {ingressClassName: public, rules: [{host: ingress.beacon.soak.test}]}
status: {loadBalancer: {ingress: [{ip: $IP}]}}
---
apiVersion: v1
kind: Service
metadata: {name: beacon, namespace: soak-infra, labels: {team: core, tier: front}, annotations: {coredns.io/hostname: service.beacon.soak.test, $ALL}}
spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]}
status: {loadBalancer: {ingress: [{ip: $IP}]}}
---
apiVersion: v1
kind: Service
metadata:
  name: beacon-pods
  namespace: soak-infra
  labels: {team: core, tier: front}
  annotations: {coredns.io/hostname: endpointslice.beacon.soak.test, k8s-gateway.dns/resolve-endpoints: "true", $ALL}
spec: {clusterIP: None, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: backend, namespace: soak-infra, labels: {team: core}}
spec: {type: ExternalName, externalName: backend.elsewhere.test}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: beacon, namespace: soak-infra, labels: {kubernetes.io/service-name: beacon-pods}}
addressType: IPv4
endpoints: [{addresses: [$IP]}]
ports: [{port: 80}]
---
apiVersion: v1
kind: Node
metadata: {name: beacon, labels: {team: core}, annotations: {$ALL}}
status: {addresses: [{type: Hostname, address: node.beacon.soak.test}, {type: InternalIP, address: $IP}, {type: ExternalIP, address: $IP}]}
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: beacon, namespace: soak-infra, labels: {team: core}, annotations: {$ALL}}
spec: {endpoints: [{dnsName: dnsendpoint.beacon.soak.test, recordType: A, targets: [$IP]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: beacon, namespace: soak-infra, labels: {team: core}, annotations: {coredns.io/hostname: gateway.beacon.soak.test, $ALL}}
spec:
  gatewayClassName: public
  allowedListeners: {namespaces: {from: Same}}
  listeners:
  - {name: http, protocol: HTTP, port: 80}
  - {name: tls, protocol: TLS, port: 8443, tls: {mode: Passthrough}}
  - {name: tcp, protocol: TCP, port: 5432}
  - {name: udp, protocol: UDP, port: 53}
  - {name: even, protocol: HTTP, port: 81, hostname: even.beacon.soak.test, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {parity: even}}}}}
  - {name: odd, protocol: HTTP, port: 82, hostname: odd.beacon.soak.test, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {parity: odd}}}}}
status: {addresses: [{value: $IP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: beacon, namespace: soak-infra}
spec: {parentRef: {name: beacon}, listeners: [{name: http, protocol: HTTP, port: 83, hostname: $PARITY-set.beacon.soak.test}]}
`

// routeBeacon is a route of kind $KIND that answers with an address of its own, and one that answers with the Gateway's.
const routeBeacon = `
apiVersion: gateway.networking.k8s.io/v1
kind: $KIND
metadata:
  name: beacon
  namespace: soak-infra
  labels: {team: core}
  annotations: {coredns.io/hostname: $LOWER.beacon.soak.test, coredns.io/target: $IP, $ALL}
spec: {parentRefs: [{name: beacon, sectionName: $SECTION}]$RULES}
---
apiVersion: gateway.networking.k8s.io/v1
kind: $KIND
metadata: {name: beacon-gateway, namespace: soak-infra, labels: {team: core}, annotations: {coredns.io/hostname: $LOWER-gateway.beacon.soak.test, $ALL}}
spec: {parentRefs: [{name: beacon, sectionName: $SECTION}]$RULES}
`

// followers are routes without hosts: they have those of the listeners that let them in.
const followers = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: beacon-namespace, namespace: soak-infra, labels: {team: core}, annotations: {$ALL}}
spec: {parentRefs: [{name: beacon, sectionName: even}, {name: beacon, sectionName: odd}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: beacon-set, namespace: soak-infra, labels: {team: core}, annotations: {$ALL}}
spec: {parentRefs: [{name: beacon, kind: ListenerSet}]}
`

// beacon is a version of the beacons.
type beacon int

func (b beacon) ip() string { return fmt.Sprintf("198.18.%d.%d", b/250%250, b%250+1) }

func (b beacon) parity() string { return []string{"even", "odd"}[b%2] }

func (b beacon) manifests() string {
	list := []string{beacons, followers}
	for _, kind := range []string{"HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"} {
		section, rules := strings.ToLower(strings.TrimSuffix(kind, "Route")), ", rules: [{backendRefs: [{name: backend, port: 80}]}]"
		switch kind {
		case "HTTPRoute", "GRPCRoute":
			section, rules = "http", ", hostnames: [$LOWER.beacon.soak.test]"
		case "TLSRoute":
			rules += ", hostnames: [$LOWER.beacon.soak.test]"
		}
		list = append(list, strings.NewReplacer("$KIND", kind, "$SECTION", section, "$LOWER", strings.ToLower(kind)).Replace(
			strings.NewReplacer("$RULES", rules).Replace(routeBeacon)))
	}
	return strings.NewReplacer("$IP", b.ip(), "$PARITY", b.parity(), "$ALL", forAll).Replace(strings.Join(list, "---"))
}

// light writes the next version of the beacons.
func (b *beacon) light(ctx context.Context, cluster *testcluster.Cluster) error {
	*b++
	return cluster.Apply(ctx, []byte(b.manifests()))
}

// names returns the names that have the address of this version, as far as a configuration serves them.
func (b beacon) names(config model.Config) []string {
	var list []string
	for _, kind := range config.Resources {
		name := strings.ToLower(kind)
		list = append(list, name)
		switch {
		case strings.HasSuffix(kind, "Route"):
			list = append(list, name+"-gateway")
		case kind == "Service":
			list = append(list, "endpointslice")
		}
	}
	if slices.Contains(config.Resources, "HTTPRoute") {
		list = append(list, b.parity(), b.parity()+"-set")
	}
	return list
}

// await waits until a server answers with this version of the beacons.
func (b beacon) await(a *asker, config model.Config, deadline time.Time) error {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for _, label := range b.names(config) {
		q := question{label + ".beacon." + zone, dns.TypeA}
		for {
			reply, err := a.ask(q)
			if err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
			if strings.Contains(reply, " A "+b.ip()) {
				break
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("%s: still %s, want %s", q, reply, b.ip())
			}
			<-ticker.C
		}
	}
	return nil
}
