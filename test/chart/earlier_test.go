package chart

import (
	"fmt"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// earlierChart is what differs between the objects of the public charts, as a release k8s-gateway has them.
type earlierChart struct {
	version string
	image   string
	service string // what the Service's spec has besides the selector, in a line
	ports   string // the container's
	meta    string // what the Service's metadata has besides name and labels
	podSpec string // of the container, besides
	server  string // the head of the server block
}

var earlierCharts = map[string]earlierChart{
	"2.4.0": {
		version: "2.4.0", image: "quay.io/oriedge/k8s_gateway:v0.4.0",
		service: "type: LoadBalancer, ports: [{port: 53, protocol: UDP, name: dns-udp, targetPort: dns-udp}]",
		ports:   "[{containerPort: 1053, name: dns-udp, protocol: UDP}, {containerPort: 9153, name: metrics, protocol: TCP}]",
		meta:    `annotations: {prometheus.io/port: "9153", prometheus.io/scrape: "true"}`,
		podSpec: "securityContext: {runAsUser: 1000}, resources: {}",
		server:  ".:1053",
	},
	"3.7.2": {
		version: "3.7.2", image: "codeberg.org/k8s-gateway/k8s_gateway:1.8.2",
		service: "type: LoadBalancer, ports: [{port: 53, protocol: UDP, name: dns-udp, targetPort: dns-udp}], externalTrafficPolicy: Cluster",
		ports:   "[{containerPort: 1053, name: dns-udp, protocol: UDP}, {containerPort: 9153, name: metrics, protocol: TCP}]",
		meta:    `annotations: {prometheus.io/port: "9153", prometheus.io/scrape: "true"}`,
		podSpec: "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, readOnlyRootFilesystem: true}, resources: {}",
		server:  ".:1053",
	},
	"3.7.2 with TCP": {
		version: "3.7.2", image: "codeberg.org/k8s-gateway/k8s_gateway:1.8.2",
		service: "type: LoadBalancer, ports: [{port: 53, protocol: UDP, name: dns-udp, targetPort: dns-udp}, {port: 53, protocol: TCP, name: dns-tcp, targetPort: dns-tcp}]",
		ports:   "[{containerPort: 1053, name: dns-udp, protocol: UDP}, {containerPort: 1053, name: dns-tcp, protocol: TCP}, {containerPort: 9153, name: metrics, protocol: TCP}]",
		meta:    `annotations: {prometheus.io/port: "9153", prometheus.io/scrape: "true"}`,
		podSpec: "resources: {}",
		server:  ".:1053",
	},
	"4.0.0": {
		version: "4.0.0", image: "ghcr.io/k8s-gateway/k8s_gateway:1.7.0",
		service: `type: LoadBalancer, ports: [{"name":"udp-53","port":53,"protocol":"UDP","targetPort":53}, {"name":"tcp-53","port":53,"protocol":"TCP","targetPort":53}]`,
		ports:   `[{"containerPort":53,"name":"udp-53","protocol":"UDP"}, {"containerPort":53,"name":"tcp-53","protocol":"TCP"}]`,
		podSpec: "securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [NET_BIND_SERVICE], drop: [ALL]}, readOnlyRootFilesystem: true}, " +
			"resources: {limits: {cpu: 100m, memory: 128Mi}, requests: {cpu: 100m, memory: 128Mi}}",
		server: ".:53",
	},
}

// manifest returns the objects of the chart.
func (e earlierChart) manifest() string {
	labels := fmt.Sprintf("{app.kubernetes.io/name: k8s-gateway, app.kubernetes.io/instance: k8s-gateway, app.kubernetes.io/managed-by: Helm, helm.sh/chart: k8s-gateway-%s}", e.version)
	return strings.NewReplacer("$LABELS", labels, "$IMAGE", e.image, "$SERVICE", e.service, "$PORTS", e.ports, "$META", e.meta, "$PODSPEC", e.podSpec, "$SERVER", e.server,
		"$SELECTOR", "{app.kubernetes.io/name: k8s-gateway, app.kubernetes.io/instance: k8s-gateway}").Replace(`
apiVersion: v1
kind: ServiceAccount
metadata: {name: k8s-gateway, namespace: dns, labels: $LABELS}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: k8s-gateway, namespace: dns, labels: $LABELS}
data:
  Corefile: |-
    $SERVER {
        k8s_gateway example.com {
          apex k8s-gateway.dns
          ttl 300
          resources Ingress Service
        }
        log
        errors
        health {
          lameduck 5s
        }
        ready
        prometheus 0.0.0.0:9153
        forward . /etc/resolv.conf
        loop
        reload
        loadbalance
    }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: k8s-gateway, labels: $LABELS}
rules:
- {apiGroups: [""], resources: [services, namespaces], verbs: [list, watch]}
- {apiGroups: [extensions, networking.k8s.io], resources: [ingresses], verbs: [list, watch]}
- {apiGroups: [gateway.networking.k8s.io], resources: ["*"], verbs: [watch, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: k8s-gateway, labels: $LABELS}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: k8s-gateway}
subjects: [{kind: ServiceAccount, name: k8s-gateway, namespace: dns}]
---
apiVersion: v1
kind: Service
metadata:
  name: k8s-gateway
  namespace: dns
  labels: $LABELS
  $META
spec: {selector: $SELECTOR, $SERVICE}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: k8s-gateway, namespace: dns, labels: $LABELS}
spec:
  replicas: 1
  selector: {matchLabels: $SELECTOR}
  template:
    metadata: {labels: $LABELS, annotations: {checksum/config: e3b0c442}}
    spec:
      serviceAccountName: k8s-gateway
      dnsPolicy: Default
      containers:
      - name: k8s-gateway
        image: $IMAGE
        imagePullPolicy: IfNotPresent
        args: [-conf, /etc/coredns/Corefile]
        volumeMounts: [{name: config-volume, mountPath: /etc/coredns}]
        ports: $PORTS
        livenessProbe: {httpGet: {path: /health, port: 8080, scheme: HTTP}, initialDelaySeconds: 60, timeoutSeconds: 5, successThreshold: 1, failureThreshold: 5}
        readinessProbe: {httpGet: {path: /ready, port: 8181, scheme: HTTP}, initialDelaySeconds: 10, timeoutSeconds: 5, successThreshold: 1, failureThreshold: 5}
        <<: {$PODSPEC}
      volumes:
      - name: config-volume
        configMap: {name: k8s-gateway, items: [{key: Corefile, path: Corefile}]}
`)
}

// chart returns the objects as a chart without values, to install as a release.
func (e earlierChart) chart() *chart.Chart {
	return &chart.Chart{
		Metadata:  &chart.Metadata{APIVersion: "v2", Name: "k8s-gateway", Version: e.version},
		Templates: []*chart.File{{Name: "templates/all.yaml", Data: []byte(e.manifest())}},
	}
}

// helmIn returns Helm's own code for the namespace dns of a cluster, and makes that namespace.
func helmIn(t *testing.T, cluster *testcluster.Cluster) *action.Configuration {
	t.Helper()
	apply(t, cluster, "apiVersion: v1\nkind: Namespace\nmetadata: {name: dns}\n")
	flags := genericclioptions.NewConfigFlags(false)
	file, namespace := cluster.Kubeconfig(), "dns"
	flags.KubeConfig, flags.Namespace = &file, &namespace
	helm := &action.Configuration{}
	if err := helm.Init(flags, namespace, "secret", t.Logf); err != nil {
		t.Fatal(err)
	}
	return helm
}

// install installs a chart as the release k8s-gateway.
func install(t *testing.T, helm *action.Configuration, c *chart.Chart, values string) {
	t.Helper()
	client := action.NewInstall(helm)
	client.ReleaseName, client.Namespace = "k8s-gateway", "dns"
	if _, err := client.Run(c, parse(t, values)); err != nil {
		t.Fatal(err)
	}
}

// upgrade upgrades the release k8s-gateway to this chart.
func upgrade(t *testing.T, helm *action.Configuration, values string) error {
	t.Helper()
	client := action.NewUpgrade(helm)
	client.Namespace = "dns"
	_, err := client.Run("k8s-gateway", load(t), parse(t, values))
	return err
}

// uninstall removes the release k8s-gateway.
func uninstall(t *testing.T, helm *action.Configuration) {
	t.Helper()
	if _, err := action.NewUninstall(helm).Run("k8s-gateway"); err != nil {
		t.Fatal(err)
	}
}
