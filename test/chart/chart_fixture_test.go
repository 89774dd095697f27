package chart

import (
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/release"
	"sigs.k8s.io/yaml"
)

const dir = "../../charts/k8s-gateway"

func load(t *testing.T) *chart.Chart {
	t.Helper()
	c, err := loader.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tryRender renders the chart as a release k8s-gateway in a namespace.
func tryRender(t *testing.T, namespace, values string) (*release.Release, error) {
	t.Helper()
	return tryRenderValues(t, namespace, parse(t, values))
}

func tryRenderValues(t *testing.T, namespace string, values map[string]any) (*release.Release, error) {
	t.Helper()
	client := action.NewInstall(&action.Configuration{})
	client.ReleaseName, client.Namespace, client.DryRun, client.ClientOnly = "k8s-gateway", namespace, true, true
	return client.Run(load(t), values)
}

func render(t *testing.T, namespace, values string) *release.Release {
	t.Helper()
	r, err := tryRender(t, namespace, values)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func renderValues(t *testing.T, namespace string, values map[string]any) *release.Release {
	t.Helper()
	r, err := tryRenderValues(t, namespace, values)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func parse(t *testing.T, values string) map[string]any {
	t.Helper()
	v := map[string]any{}
	if err := yaml.UnmarshalStrict([]byte(values), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// object is what tests read of a rendered object.
type object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string            `json:"name"`
		Namespace string            `json:"namespace"`
		Labels    map[string]string `json:"labels"`
	} `json:"metadata"`
	Data map[string]string `json:"data"`
	Spec map[string]any    `json:"spec"`
}

func (o *object) String() string { return o.Kind + " " + o.Metadata.Namespace + "/" + o.Metadata.Name }

func objects(t *testing.T, manifest string) []*object {
	t.Helper()
	var list []*object
	for _, document := range strings.Split("\n"+manifest, "\n---") {
		o := &object{}
		if err := yaml.Unmarshal([]byte(document), o); err != nil {
			t.Fatalf("%v in:\n%s", err, document)
		}
		if o.Kind != "" {
			list = append(list, o)
		}
	}
	return list
}

// configuration returns the files that CoreDNS has, the Corefile among them.
func configuration(t *testing.T, r *release.Release) map[string]string {
	t.Helper()
	for _, o := range objects(t, r.Manifest) {
		if o.Kind == "ConfigMap" && o.Data["Corefile"] != "" {
			return o.Data
		}
	}
	t.Fatal("no Corefile")
	return nil
}
