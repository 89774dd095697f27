package chart

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dig"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

const (
	patience = 30 * time.Second
	interval = 20 * time.Millisecond
)

// operatorCRDs stand in for those of Prometheus's operator.
const operatorCRDs = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: servicemonitors.monitoring.coreos.com}
spec: &spec
  group: monitoring.coreos.com
  names: {plural: servicemonitors, singular: servicemonitor, kind: ServiceMonitor, listKind: ServiceMonitorList}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: prometheusrules.monitoring.coreos.com}
spec:
  group: monitoring.coreos.com
  names: {plural: prometheusrules, singular: prometheusrule, kind: PrometheusRule, listKind: PrometheusRuleList}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

// start starts a cluster for the test.
func start(t *testing.T) *testcluster.Cluster {
	t.Helper()
	cluster, err := testcluster.Start(t.Context(), testcluster.Options{Dir: t.TempDir(), Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	apply(t, cluster, operatorCRDs)
	return cluster
}

func apply(t *testing.T, cluster *testcluster.Cluster, manifest string) {
	t.Helper()
	if err := cluster.Apply(t.Context(), []byte(manifest)); err != nil {
		t.Fatal(err)
	}
}

func client(t *testing.T, config *rest.Config) *kubernetes.Clientset {
	t.Helper()
	c, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// account returns the configuration of a ServiceAccount, with a token that the API server gave for it.
func account(t *testing.T, cluster *testcluster.Cluster, namespace, name string) *rest.Config {
	t.Helper()
	admin := cluster.Config()
	request, err := client(t, admin).CoreV1().ServiceAccounts(namespace).CreateToken(t.Context(), name, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return &rest.Config{Host: admin.Host, TLSClientConfig: rest.TLSClientConfig{CAData: admin.CAData}, BearerToken: request.Status.Token}
}

// permissions are what a configuration may do in a namespace, as kubectl auth can-i --list asks.
func permissions(t *testing.T, config *rest.Config, namespace string) map[string]bool {
	t.Helper()
	review, err := client(t, config).AuthorizationV1().SelfSubjectRulesReviews().Create(t.Context(),
		&authorizationv1.SelfSubjectRulesReview{Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: namespace}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if review.Status.Incomplete {
		t.Fatalf("the review is incomplete: %s", review.Status.EvaluationError)
	}
	all := map[string]bool{}
	for _, rule := range review.Status.NonResourceRules {
		for _, verb := range rule.Verbs {
			for _, url := range rule.NonResourceURLs {
				all[verb+" "+url] = true
			}
		}
	}
	for _, rule := range review.Status.ResourceRules {
		for _, verb := range rule.Verbs {
			for _, group := range rule.APIGroups {
				for _, resource := range rule.Resources {
					what := strings.TrimSuffix(verb+" "+resource+"."+group, ".")
					if len(rule.ResourceNames) == 0 {
						all[what] = true
					}
					for _, name := range rule.ResourceNames {
						all[what+" "+name] = true
					}
				}
			}
		}
	}
	return all
}

// address gives a Service an address, as a load balancer does.
func address(t *testing.T, cluster *testcluster.Cluster, namespace, service, ip string) {
	t.Helper()
	patch := fmt.Sprintf(`{"status": {"loadBalancer": {"ingress": [{"ip": %q}]}}}`, ip)
	_, err := client(t, cluster.Config()).CoreV1().Services(namespace).Patch(t.Context(), service, types.MergePatchType, []byte(patch), metav1.PatchOptions{}, "status")
	if err != nil {
		t.Fatal(err)
	}
}

// kubeconfig writes a configuration to a file, and returns its name.
func kubeconfig(t *testing.T, config *rest.Config) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kubeconfig")
	server := &api.Cluster{Server: config.Host, CertificateAuthorityData: config.CAData}
	if err := testcluster.WriteKubeconfig(file, server, &api.AuthInfo{Token: config.BearerToken}); err != nil {
		t.Fatal(err)
	}
	return file
}

// ports are free ports of loopback: DNS, health, ready, metrics.
type ports [4]int

func freePorts(t *testing.T) (p ports) {
	t.Helper()
	for i := range p {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		p[i] = l.Addr().(*net.TCPAddr).Port
	}
	return p
}

// values have the chart use the ports.
func (p ports) values() string {
	return fmt.Sprintf("service: {port: %d}\nports: {health: %d, ready: %d, metrics: %d}\n", p[0], p[1], p[2], p[3])
}

var (
	stanza  = regexp.MustCompile(`(?m)^ +k8s_gateway .*\{$`)
	opening = regexp.MustCompile(`(?m)^[^ ].*\{$`)
	port53  = regexp.MustCompile(`(?m)^([^ ].*):1053 `)
)

// secretKubeconfig is where the pod has the kubeconfig of the Secret east.
const secretKubeconfig = "/etc/kubeconfig/east/kubeconfig"

// serve runs CoreDNS with the files of the chart and the token of its ServiceAccount, until the test ends. What a pod
// has and this machine has not, stands in: the credentials and the directory.
func serve(t *testing.T, files map[string]string, credentials string, p ports) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if name == "Corefile" {
			if strings.Contains(content, secretKubeconfig) {
				content = strings.ReplaceAll(content, secretKubeconfig, credentials)
			} else {
				content = stanza.ReplaceAllString(content, "$0\n        kubeconfig "+credentials)
			}
			content = port53.ReplaceAllString(content, "${1}:"+strconv.Itoa(p[0])+" ")
			content = strings.ReplaceAll(content, "/etc/coredns/", dir+"/")
			content = strings.ReplaceAll(content, "forward . /etc/resolv.conf", "forward . 127.0.0.1:1")
			content = strings.ReplaceAll(content, "    loop\n", "")
			content = strings.ReplaceAll(content, "    bind {$HOST_IP}\n", "")
			content = opening.ReplaceAllString(content, "$0\n    bind 127.0.0.1")
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command("../../coredns", "-conf", filepath.Join(dir, "Corefile"))
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-ended
		if t.Failed() {
			said, _ := os.ReadFile(log.Name())
			t.Logf("CoreDNS said:\n%s", said)
		}
		log.Close()
	})
	until(t, "ready", func() bool {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("CoreDNS ended: %v", err)
		default:
		}
		_, err := get(t, p[2], "/ready")
		return err == nil
	})
}

// get reads a page of loopback.
func get(t *testing.T, port int, path string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d%s", port, path), nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = errors.New(reply.Status)
	}
	return string(body), err
}

// until waits until something holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for start := time.Now(); !holds(); <-ticker.C {
		if time.Since(start) > patience {
			t.Fatalf("not %s after %s", what, patience)
		}
	}
}

// await asks over UDP and TCP until the answer is the wanted one. CoreDNS says that it is ready before it listens, so that
// the first questions may not be heard.
func await(t *testing.T, p ports, name string, qtype uint16, want string) {
	t.Helper()
	for _, network := range []string{"udp", "tcp"} {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for start := time.Now(); ; <-ticker.C {
			got := ""
			reply, err := dig.Ask(t.Context(), network, fmt.Sprintf("127.0.0.1:%d", p[0]), name, qtype)
			if err != nil {
				got = err.Error()
			} else {
				got = dig.Short(reply)
			}
			if got == want {
				break
			}
			if time.Since(start) > patience {
				t.Fatalf("%s over %s: got %s, want %s", name, network, got, want)
			}
		}
	}
}
