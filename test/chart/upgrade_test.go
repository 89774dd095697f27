package chart

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/action"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

// made are the resources that the chart can make.
var made = []schema.GroupVersionResource{
	{Version: "v1", Resource: "configmaps"}, {Version: "v1", Resource: "services"}, {Version: "v1", Resource: "serviceaccounts"},
	{Group: "apps", Version: "v1", Resource: "deployments"}, {Group: "apps", Version: "v1", Resource: "daemonsets"},
	{Group: "policy", Version: "v1", Resource: "poddisruptionbudgets"}, {Group: "autoscaling", Version: "v2", Resource: "horizontalpodautoscalers"},
	{Group: "networking.k8s.io", Version: "v1", Resource: "networkpolicies"},
	{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "roles"}, {Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "rolebindings"},
	{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterroles"}, {Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterrolebindings"},
	{Group: "monitoring.coreos.com", Version: "v1", Resource: "servicemonitors"}, {Group: "monitoring.coreos.com", Version: "v1", Resource: "prometheusrules"},
}

// An installation goes from one set of values to the next, and leaves nothing of the one before; nor does its end.
func TestUpgradesLeaveNoOrphan(t *testing.T) {
	cluster := start(t)
	apply(t, cluster, exposed+"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: dns}\n")
	all, err := dynamic.NewForConfig(cluster.Config())
	if err != nil {
		t.Fatal(err)
	}
	there := func() []string {
		var list []string
		for _, resource := range made {
			objects, err := all.Resource(resource).List(t.Context(), metav1.ListOptions{LabelSelector: "app.kubernetes.io/instance=k8s-gateway"})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range objects.Items {
				list = append(list, fmt.Sprintf("%s %s/%s", o.GetKind(), o.GetNamespace(), o.GetName()))
			}
		}
		slices.Sort(list)
		return list
	}

	flags := genericclioptions.NewConfigFlags(false)
	file, namespace := cluster.Kubeconfig(), "dns"
	flags.KubeConfig, flags.Namespace = &file, &namespace
	helm := &action.Configuration{}
	if err := helm.Init(flags, namespace, "secret", t.Logf); err != nil {
		t.Fatal(err)
	}
	everything := installs["every kind, every option"].values
	for i, values := range []string{
		"{}",
		everything,
		"namespaces: [shop, other]\nwatchedResources: [Ingress, Node]",
		"{kind: DaemonSet, hostNetwork: true, apex: ns1 192.0.2.53, service: {enabled: false}}",
		"{kubeconfigs: [{secret: east}, {secret: west, key: config, context: west}]}",
		"{serviceAccount: {create: false}, rbac: {create: false}}",
		"{}",
	} {
		v := parse(t, values)
		v["domain"] = "example.com"
		manifest := ""
		if i == 0 {
			install := action.NewInstall(helm)
			install.ReleaseName, install.Namespace = "k8s-gateway", namespace
			r, err := install.Run(load(t), v)
			if err != nil {
				t.Fatal(err)
			}
			manifest = r.Manifest
		} else {
			upgrade := action.NewUpgrade(helm)
			upgrade.Namespace = namespace
			r, err := upgrade.Run("k8s-gateway", load(t), v)
			if err != nil {
				t.Fatalf("to %s: %v", values, err)
			}
			manifest = r.Manifest
		}
		var want []string
		for _, o := range objects(t, manifest) {
			if o.Metadata.Labels["app.kubernetes.io/instance"] != "" {
				want = append(want, o.String())
			}
		}
		slices.Sort(want)
		if got := there(); !slices.Equal(got, want) {
			t.Errorf("after %s there are\n%s\nwant\n%s", values, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if _, err := action.NewUninstall(helm).Run("k8s-gateway"); err != nil {
		t.Fatal(err)
	}
	if got := there(); len(got) > 0 {
		t.Errorf("when it is gone there are %q", got)
	}
}
