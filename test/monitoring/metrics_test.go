package monitoring

import (
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

var promQL = parser.NewParser(parser.Options{})

// exported returns the labels of every metric of CoreDNS with the plugin, as the code has them.
var exported = sync.OnceValues(func() (map[string][]string, error) {
	cmd := exec.Command("go", "run", "-tags=grpcnotrace", "./test/metrics")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	metrics := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		metrics[fields[0]] = fields[1:]
	}
	return metrics, nil
})

// scraped are the labels that Prometheus adds.
var scraped = []string{"job", "instance"}

// used checks that an expression asks for metrics that there are, by labels that they have, and returns them.
func used(t *testing.T, expression string) (metrics []string) {
	t.Helper()
	known, err := exported()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := promQL.ParseExpr(expression)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		switch n := node.(type) {
		case *parser.VectorSelector:
			name, has := measured(known, n.Name)
			if has == nil {
				t.Errorf("no metric %s in %s", n.Name, expression)
				break
			}
			metrics = append(metrics, name)
			for _, m := range n.LabelMatchers {
				if m.Name != model.MetricNameLabel && !slices.Contains(has, m.Name) {
					t.Errorf("metric %s has no label %s, in %s", name, m.Name, expression)
				}
			}
		case *parser.AggregateExpr:
			for _, label := range n.Grouping {
				for _, metric := range used(t, n.Expr.String()) {
					if _, has := measured(known, metric); label != "le" && !slices.Contains(has, label) {
						t.Errorf("metric %s has no label %s, in %s", metric, label, expression)
					}
				}
			}
		}
		return nil
	})
	return metrics
}

// measured returns the metric that a series belongs to, and the labels that its series have.
func measured(known map[string][]string, series string) (name string, has []string) {
	for _, suffix := range []string{"", "_bucket", "_sum", "_count"} {
		if name, ok := strings.CutSuffix(series, suffix); ok {
			if own, ok := known[name]; ok {
				return name, slices.Concat(own, scraped, []string{"le"})
			}
		}
	}
	return series, nil
}

// Every metric of the plugin is in an alert or on the dashboard.
func TestNothingIsLeftOut(t *testing.T) {
	known, err := exported()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range rulesOf(t) {
		all = append(all, used(t, r.Expr)...)
	}
	for _, p := range dashboard(t).panels() {
		for _, e := range p.expressions {
			all = append(all, used(t, e)...)
		}
	}
	for name := range known {
		if strings.HasPrefix(name, "coredns_k8s_gateway_") && !slices.Contains(all, name) {
			t.Errorf("metric %s is in no alert and on no dashboard", name)
		}
	}
}
