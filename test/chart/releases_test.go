package chart

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/dns"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Two releases, each with the other's Service as its secondary, name the same nameservers and know both addresses.
func TestTwoReleasesAreTwoNameservers(t *testing.T) {
	cluster := start(t)
	apply(t, cluster, exposed+"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: dns}\n")
	servers := map[string]ports{"ns1": freePorts(t), "ns2": freePorts(t)}
	for name, p := range servers {
		other := map[string]string{"ns1": "ns2", "ns2": "ns1"}[name]
		r := render(t, "dns", fmt.Sprintf("%sdomain: example.com\nfullnameOverride: %s\nsecondary: %s.dns\nwatchedResources: [Ingress]\n", p.values(), name, other))
		apply(t, cluster, r.Manifest)
		address(t, cluster, "dns", name, "192.0.2.5"+strings.TrimPrefix(name, "ns"))
		serve(t, configuration(t, r), kubeconfig(t, account(t, cluster, "dns", name)), p)
	}
	for _, p := range servers {
		await(t, p, "example.com", dns.TypeNS, "ns1.dns.example.com. ns2.dns.example.com.")
		await(t, p, "ns1.dns.example.com", dns.TypeA, "192.0.2.51")
		await(t, p, "ns2.dns.example.com", dns.TypeA, "192.0.2.52")
		await(t, p, "ingress.shop.example.com", dns.TypeA, "192.0.2.1")
	}
}

// The pods are let in where only restricted ones are (Pod Security Standards), but not those on the node's own network.
func TestPodsAreRestricted(t *testing.T) {
	cluster := start(t)
	apply(t, cluster, `
apiVersion: v1
kind: Namespace
metadata: {name: dns, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: k8s-gateway, namespace: dns}
`)
	for values, want := range map[string]string{
		"{domain: example.com}": "",
		"{domain: example.com, kubeconfigs: [{secret: east}], statusPage: true}": "",
		"{domain: example.com, hostNetwork: true}":                               "violates PodSecurity",
		"{domain: example.com, resources: {requests: {memory: 512Mi}}}":          "", // more than the chart's own limit
		"{domain: example.com, resources: {limits: {memory: 32Mi, cpu: 20m}}}":   "", // less than its own requests
	} {
		for _, o := range objects(t, render(t, "dns", values).Manifest) {
			if o.Kind != "Deployment" {
				continue
			}
			template, err := json.Marshal(o.Spec["template"])
			if err != nil {
				t.Fatal(err)
			}
			pod := &corev1.Pod{}
			if err := json.Unmarshal(template, pod); err != nil {
				t.Fatal(err)
			}
			pod.Name = "pod"
			_, err = client(t, cluster.Config()).CoreV1().Pods("dns").Create(t.Context(), pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
			if got := fmt.Sprint(err); err == nil && want != "" || err != nil && (want == "" || !strings.Contains(got, want)) {
				t.Errorf("with %s: %v, want %q", values, err, want)
			}
		}
	}
}
