package chart

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"helm.sh/helm/v3/pkg/action"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// live returns the Service and the Deployment of the release as the API server has them.
func live(t *testing.T, c kubernetes.Interface) (*corev1.Service, *appsv1.Deployment) {
	t.Helper()
	service, err := c.CoreV1().Services("dns").Get(t.Context(), "k8s-gateway", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	deployment, err := c.AppsV1().Deployments("dns").Get(t.Context(), "k8s-gateway", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return service, deployment
}

// reached returns where a client of a Service gets, as "53/UDP to 1053": what the controller that writes EndpointSlices
// makes of the target port, which is a number, or the name of a container's port of the same protocol.
func reached(service *corev1.Service, deployment *appsv1.Deployment) string {
	var list []string
	for _, port := range service.Spec.Ports {
		to := port.TargetPort.String()
		if port.TargetPort.Type == intstr.String {
			to = "nothing"
			for _, container := range deployment.Spec.Template.Spec.Containers {
				for _, p := range container.Ports {
					if p.Name == port.TargetPort.StrVal && p.Protocol == port.Protocol {
						to = fmt.Sprint(p.ContainerPort)
					}
				}
			}
		}
		list = append(list, fmt.Sprintf("%d/%s to %s", port.Port, port.Protocol, to))
	}
	return strings.Join(list, ", ")
}

// declared returns the ports of the container that the chart has, as "1053/UDP".
func declared(deployment *appsv1.Deployment) string {
	var list []string
	for _, container := range deployment.Spec.Template.Spec.Containers {
		for _, p := range container.Ports {
			list = append(list, fmt.Sprintf("%d/%s", p.ContainerPort, p.Protocol))
		}
	}
	return strings.Join(list, " ")
}

var told = regexp.MustCompile(`(?m)^ +(kubectl .*)$`)

// heal types the command that a refused upgrade tells.
func heal(t *testing.T, cluster *testcluster.Cluster, refusal error) {
	t.Helper()
	m := told.FindStringSubmatch(fmt.Sprint(refusal))
	if m == nil {
		t.Fatalf("no command in: %v", refusal)
	}
	for _, args := range words(t, "kubectl", m[1]) {
		command := kubectl()
		command.SetArgs(append(args, "--kubeconfig", cluster.Kubeconfig()))
		if err := command.Execute(); err != nil {
			t.Fatalf("%s: %v", m[1], err)
		}
	}
}

// An upgrade from a public chart either leaves UDP and TCP, or stops before anything changes with the command that lets it.
// The Service keeps its cluster IP and node port.
func TestUpgradesFromEarlierChartsServeUDPAndTCP(t *testing.T) {
	cluster := start(t)
	apply(t, cluster, exposed)
	helm, c := helmIn(t, cluster), client(t, cluster.Config())
	for _, name := range slices.Sorted(maps.Keys(earlierCharts)) {
		t.Run(name, func(t *testing.T) {
			install(t, helm, earlierCharts[name].chart(), "{}")
			defer uninstall(t, helm)
			address(t, cluster, "dns", "k8s-gateway", "192.0.2.53")
			service, deployment := live(t, c)
			p := freePorts(t)
			values := "domain: example.com\n" + regexp.MustCompile("(?m)^ports: .*$").FindString(p.values())

			refusal := upgrade(t, helm, values)
			if refusal == nil || !strings.Contains(refusal.Error(), "Nothing has been changed.") {
				t.Fatalf("the upgrade: %v", refusal)
			}
			serviceAfter, deploymentAfter := live(t, c)
			if serviceAfter.ResourceVersion != service.ResourceVersion || deploymentAfter.ResourceVersion != deployment.ResourceVersion {
				t.Error("the refused upgrade changed something")
			}
			heal(t, cluster, refusal)
			if err := upgrade(t, helm, values); err != nil {
				t.Fatal(err)
			}

			after, deployment := live(t, c)
			if got, want := reached(after, deployment), "53/UDP to 1053, 53/TCP to 1053"; got != want {
				t.Errorf("the Service leads %s, want %s", got, want)
			}
			if got := declared(deployment); !strings.HasPrefix(got, "1053/UDP 1053/TCP ") {
				t.Errorf("the Deployment declares %s", got)
			}
			if after.Spec.ClusterIP != service.Spec.ClusterIP || after.Spec.Ports[0].NodePort != service.Spec.Ports[0].NodePort || len(after.Status.LoadBalancer.Ingress) != 1 {
				t.Errorf("the Service was %+v, is %+v", service.Spec, after.Spec)
			}
			if after.Annotations["prometheus.io/scrape"] != "true" || after.Annotations["prometheus.io/port"] != fmt.Sprint(p[3]) {
				t.Errorf("who finds metrics by annotations finds %v", after.Annotations)
			}

			config, err := c.CoreV1().ConfigMaps("dns").Get(t.Context(), "k8s-gateway", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			serve(t, config.Data, kubeconfig(t, account(t, cluster, "dns", "k8s-gateway")), p)
			await(t, p, "ingress.shop.example.com", dns.TypeA, "192.0.2.1") // over UDP and TCP
			await(t, p, "k8s-gateway.dns.example.com", dns.TypeA, "192.0.2.53")
		})
	}
}

// So does an upgrade from one set of values to another, and a rollback.
func TestUpgradesOfPortsLeaveUDPAndTCP(t *testing.T) {
	cluster := start(t)
	helm, c := helmIn(t, cluster), client(t, cluster.Config())
	install(t, helm, load(t), "{domain: example.com, service: {useTcp: false}}")
	more := "{domain: example.com, servers: [{port: 5353, plugins: [{name: whoami}]}, {port: 853, zones: [{scheme: 'tls://'}], plugins: [{name: whoami}]}]}"
	for _, step := range []struct{ values, reached string }{
		{"{domain: example.com}", "53/UDP to 1053, 53/TCP to 1053"},
		{"{domain: example.com, ttl: 30}", "53/UDP to 1053, 53/TCP to 1053"},
		{more, "53/UDP to 1053, 53/TCP to 1053, 5353/UDP to 5353, 5353/TCP to 5353, 853/TCP to 1853"},
		{"{domain: example.com, hostNetwork: true}", "53/UDP to 53, 53/TCP to 53"},
		{"{domain: example.com, service: {port: 5353}}", "5353/UDP to 5353, 5353/TCP to 5353"},
		{"{domain: example.com, service: {useTcp: false}}", "53/UDP to 1053"},
		{"{domain: example.com}", "53/UDP to 1053, 53/TCP to 1053"},
	} {
		err := upgrade(t, helm, step.values)
		if err != nil {
			heal(t, cluster, err)
			err = upgrade(t, helm, step.values)
		}
		if err != nil {
			t.Fatalf("to %s: %v", step.values, err)
		}
		if got := reached(live(t, c)); got != step.reached {
			t.Errorf("with %s the Service leads %s, want %s", step.values, got, step.reached)
		}
	}

	history, err := action.NewHistory(helm).Run("k8s-gateway")
	if err != nil {
		t.Fatal(err)
	}
	rollback := action.NewRollback(helm)
	rollback.Version = len(history) - 1 // without TCP
	if err := c.CoreV1().Services("dns").Delete(t.Context(), "k8s-gateway", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := rollback.Run("k8s-gateway"); err != nil {
		t.Errorf("to roll back: %v", err)
	}
	if got := reached(live(t, c)); got != "53/UDP to 1053" {
		t.Errorf("rolled back, the Service leads %s", got)
	}
}

// A cluster IP that the Service does not have is left out, as earlier charts did, unless it is of type ClusterIP.
func TestClusterIPOfALoadBalancer(t *testing.T) {
	cluster := start(t)
	helm, c := helmIn(t, cluster), client(t, cluster.Config())
	install(t, helm, load(t), "{domain: example.com}")
	before, _ := live(t, c)
	other := "10.0.0.53"
	if before.Spec.ClusterIP == other {
		other = "10.0.0.54"
	}
	if err := upgrade(t, helm, "{domain: example.com, service: {clusterIP: "+other+"}}"); err != nil {
		t.Fatal(err)
	}
	after, _ := live(t, c)
	if after.Spec.ClusterIP != before.Spec.ClusterIP {
		t.Errorf("the cluster IP was %s, is %s", before.Spec.ClusterIP, after.Spec.ClusterIP)
	}
	err := upgrade(t, helm, "{domain: example.com, service: {type: ClusterIP, clusterIP: "+other+"}}")
	if want := "service.clusterIP: the Service has " + before.Spec.ClusterIP + ", which cannot be changed"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// kubectl apply loses TCP as well, but not with --server-side.
func TestServerSideApplyLeavesUDPAndTCP(t *testing.T) {
	cluster := start(t)
	c := client(t, cluster.Config())
	helmIn(t, cluster)
	run := func(manifest string, flags ...string) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "manifest.yaml")
		if err := os.WriteFile(file, []byte(manifest), 0o600); err != nil {
			t.Fatal(err)
		}
		command := kubectl()
		command.SetArgs(append([]string{"apply", "--kubeconfig", cluster.Kubeconfig(), "--namespace", "dns", "--filename", file}, flags...))
		if err := command.Execute(); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(earlierCharts)) {
		run(earlierCharts[name].manifest())
		run(render(t, "dns", "domain: example.com").Manifest, "--server-side", "--force-conflicts")
		if got, want := reached(live(t, c)), "53/UDP to 1053, 53/TCP to 1053"; got != want {
			t.Errorf("from %s the Service leads %s, want %s", name, got, want)
		}
		for _, err := range []error{
			c.CoreV1().Services("dns").Delete(t.Context(), "k8s-gateway", metav1.DeleteOptions{}),
			c.AppsV1().Deployments("dns").Delete(t.Context(), "k8s-gateway", metav1.DeleteOptions{}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The defaults of an earlier chart in place of this one's are not a set of values that says null.
func TestReusedValuesOfAnEarlierChart(t *testing.T) {
	cluster := start(t)
	helm := helmIn(t, cluster)
	old := earlierCharts["3.7.2"].chart()
	old.Values = parse(t, `{domain: "", ttl: 300, watchedResources: [Ingress, Service], service: {type: LoadBalancer, port: 53, useTcp: false}}`)
	install(t, helm, old, "{domain: example.com}")
	client := action.NewUpgrade(helm)
	client.Namespace, client.ReuseValues = "dns", true
	_, err := client.Run("k8s-gateway", load(t), nil)
	if err == nil || !strings.Contains(err.Error(), "use --reset-then-reuse-values instead of --reuse-values") {
		t.Fatalf("with --reuse-values: %v", err)
	}
	client = action.NewUpgrade(helm)
	client.Namespace, client.ResetThenReuseValues = "dns", true
	_, err = client.Run("k8s-gateway", load(t), nil)
	if err == nil || strings.Contains(err.Error(), "missing") {
		t.Fatalf("with --reset-then-reuse-values: %v", err)
	}
	heal(t, cluster, err)
	if _, err := client.Run("k8s-gateway", load(t), nil); err != nil {
		t.Errorf("with --reset-then-reuse-values: %v", err)
	}
}
