package gateway

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/yaml"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/kube"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/resolve"
)

// The alert rules and the dashboard in examples/monitoring ask for metrics that there are, by labels that these have, and
// leave out none.
func TestMonitoringExamples(t *testing.T) {
	known, used := describedMetrics(), map[string]bool{}
	expressions := alertExpressions(t)
	expressions = append(expressions, dashboardExpressions(t)...)
	for _, e := range expressions {
		grouped := labelsIn(e, `\bby \(([^)]*)\)`)
		for _, m := range metricUse.FindAllStringSubmatch(e, -1) {
			name := strings.TrimSuffix(m[1], "_bucket")
			labels, ours := known[name]
			if !ours {
				t.Errorf("no metric %s: %s", m[1], e)
				continue
			}
			used[name] = true
			for _, label := range append(labelsIn(m[2], `(\w+)(?:=~|!=|!~|=)`), grouped...) {
				if !slices.Contains(append(labels, "instance", "job", "le"), label) {
					t.Errorf("metric %s has no label %s: %s", name, label, e)
				}
			}
		}
	}
	for name := range known {
		if !used[name] {
			t.Errorf("metric %s is in no alert and on no dashboard", name)
		}
	}
}

var (
	metricUse = regexp.MustCompile(`coredns_(k8s_gateway_\w+)(\{[^}]*\})?`)
	described = regexp.MustCompile(`fqName: "coredns_(k8s_gateway_\w+)".*variableLabels: \{([^}]*)\}`)
)

// describedMetrics returns the labels of every metric of ours.
func describedMetrics() map[string][]string {
	known := map[string][]string{}
	ch := make(chan *prometheus.Desc)
	go func() {
		defer close(ch)
		for _, c := range []prometheus.Collector{collector{}, kube.SkippedValues, kube.UnlistedKinds, kube.Events, lookups, resolve.UpstreamLookups, resolve.UpstreamCache, kube.Propagation} {
			c.Describe(ch)
		}
	}()
	for d := range ch {
		m := described.FindStringSubmatch(d.String())
		known[m[1]] = strings.Split(m[2], ",")
	}
	return known
}

func labelsIn(text, pattern string) (labels []string) {
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		for label := range strings.SplitSeq(m[1], ",") {
			labels = append(labels, strings.TrimSpace(label))
		}
	}
	return labels
}

// alertExpressions also checks that every rule says what it means.
func alertExpressions(t *testing.T) (list []string) {
	t.Helper()
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	data, err := os.ReadFile("examples/monitoring/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Alert == "" || r.For == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("rule %q lacks something: %+v", r.Alert, r)
			}
			list = append(list, r.Expr)
		}
	}
	if len(list) == 0 {
		t.Error("no rules")
	}
	return list
}

func dashboardExpressions(t *testing.T) (list []string) {
	t.Helper()
	var file struct {
		Panels []struct {
			Title, Type string
			Targets     []struct{ Expr string }
		}
	}
	data, err := os.ReadFile("examples/monitoring/grafana-dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, p := range file.Panels {
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %q shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			list = append(list, target.Expr)
		}
	}
	return list
}
